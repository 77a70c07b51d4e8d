import { execFile } from 'node:child_process';
import { symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import test from 'ava';
import { planOf } from '../../src/config/load.ts';
import { ConfigError } from '../../src/core/errors.ts';
import { folder } from './folder.ts';
import { components } from './specs.ts';

test('relative paths start at the file that names them', async (t) => {
  const { load, directory } = await folder(t, {
    'deep/a.yaml':
      'source: { type: http, auth: { bearerFile: ../token } }\nsinks: [{ type: file, path: out.ndjson }]\n',
  });
  const [plan] = await load('deep/a.yaml');
  t.like(plan?.sinks[0]?.config, { path: join(directory, 'deep/out.ndjson') });
  t.like(plan?.source.config, { auth: { bearerFile: join(directory, 'token') } });
});

test('reports every problem of every file at once, in the order of the text', async (t) => {
  const { problems } = await folder(t, {
    'a.yaml': `nmae: x
source:
  type: stdn
transforms:
  - type: forbidden
    preset: deneid
    ignore:
      user: [root]
  - type: parse
sinks:
  - type: file
    pth: x
    buffer: { type: disk }
    timeout: 30
  - type: stdout
    format: txt
    batch:
      maxWait: 1m
  - stdout
  - name: lost
`,
    'b.yaml': 'source: { type: stdin }\nsinks: []\n',
  });
  t.deepEqual(await problems('a.yaml', 'b.yaml'), [
    'a.yaml:1:1 nmae: unknown key, did you mean "name"?',
    'a.yaml:3:9 source.type: unknown source "stdn", did you mean "stdin"?',
    'a.yaml:6:13 transforms[0].preset: must be one of denied, podsec, did you mean "denied"?',
    'a.yaml:8:7 transforms[0].ignore.user: unknown key, did you mean "users"?',
    'a.yaml:9:11 transforms[1].type: parse must be the first transform',
    'a.yaml:11:5 sinks[0].path: missing, expected a path',
    'a.yaml:12:5 sinks[0].pth: unknown key, did you mean "path"?',
    'a.yaml:13:5 sinks[0].buffer: not available in this version',
    'a.yaml:14:14 sinks[0].timeout: 30 is not a duration, write whole numbers of d, h, m, s or ms without spaces, such as 30s or 1h30m',
    'a.yaml:16:13 sinks[1].format: must be one of json, text, did you mean "text"?',
    'a.yaml:18:16 sinks[1].batch.maxWait: must be at most 5s, events that wait are kept in memory only',
    'a.yaml:19:5 sinks[2]: expected a sink with a type, such as "type: stdout", received a string',
    'a.yaml:20:5 sinks[3].type: missing, expected one of stdout, file, web, many',
    'b.yaml:2:8 sinks: must have at least 1 entry',
  ]);
});

test('names are unique: of sinks, of transforms, and of pipelines', async (t) => {
  const { problems, load } = await folder(t, {
    'a.yaml': 'source: { type: stdin }\nsinks: [{ type: stdout, name: x }, { type: stdout, name: x }]\n',
    'b.yaml': 'name: same\nsource: { type: stdin }\nsinks: [{ type: stdout }]\n',
    'same.yaml': 'source: { type: stdin }\nsinks: [{ type: stdout }]\n',
    'not a name.yaml': 'source: { type: stdin }\nsinks: [{ type: stdout }]\n',
    'e.yaml':
      'source: { type: stdin }\nsinks: [{ type: stdout }, { type: file, path: x, name: stdout }, { type: stdout }]\n',
    'f.yaml': 'name: a/b\nsource: { type: stdin }\nsinks: [{ type: stdout }]\n',
  });
  t.deepEqual(await problems('a.yaml', 'b.yaml', 'same.yaml', 'not a name.yaml', 'f.yaml'), [
    'a.yaml:2:58 sinks[1].name: "x" is the name of another sink, names are unique in a pipeline',
    'same.yaml:1:1 name: "same" is the name of the pipeline in b.yaml too, give one of them another',
    'not a name.yaml:1:1 name: missing, and the file name cannot stand for it: "not a name" holds more than letters, digits, ".", "_" and "-"',
    'f.yaml:1:7 name: must begin with a letter or digit and hold only letters, digits, ".", "_" and "-", at most 100',
  ]);
  const [plan] = await load('e.yaml');
  t.deepEqual(
    plan?.sinks.map(({ name }) => name),
    ['stdout-2', 'stdout', 'stdout-3'],
  );
});

test('reads the pipeline files of a directory, sorted, and leaves other files alone', async (t) => {
  const text = 'source: { type: stdin }\nsinks: [{ type: stdout }]\n';
  const { load, directory, problems } = await folder(t, {
    'p/b.yml': text,
    'p/a.yaml': text,
    'p/c.json': '{\n\t"source": {"type": "stdin"},\n\t"sinks": [{"type": "stdout"}]\n}\n',
    'p/.hidden.yaml': 'broken: [',
    'p/notes.txt': 'x',
    'empty/x': '',
  });
  await symlink('a.yaml', join(directory, 'p/d.yaml'));
  t.deepEqual(
    (await load('p', 'p/a.yaml')).map(({ name }) => name),
    ['a', 'b', 'c', 'd'],
  );
  const [nothing, missing] = await problems('empty', 'nowhere');
  t.is(nothing, 'empty holds no .yaml, .yml or .json file');
  t.regex(missing ?? '', /^nowhere cannot be read: no such file or directory$/);
});

test('a pipeline given as an object is checked in the same way, and nothing in it is replaced', (t) => {
  const plan = planOf({ source: { type: 'stdin' }, sinks: [{ type: 'file', path: `\${x}` }] }, { components });
  t.is(plan.name, 'built-in');
  t.like(plan.sinks[0]?.config, { path: join(process.cwd(), `\${x}`) });
  const error = t.throws(() => planOf({ sinks: [{ type: 'fil' }] }, { components, origin: 'command-line' }), {
    instanceOf: ConfigError,
  });
  t.is(
    error.message,
    'command-line source: missing, expected a source with a type: one of stdin, http\ncommand-line sinks[0].type: unknown sink "fil", did you mean "file"?',
  );
});

test('a pipeline given as an object does without the YAML library', async (t) => {
  const load = new URL('../../src/config/load.ts', import.meta.url).href;
  const specs = new URL('./specs.ts', import.meta.url).href;
  const script = `
    import { registerHooks } from 'node:module';
    const loaded = [];
    registerHooks({ resolve: (name, context, next) => (loaded.push(name), next(name, context)) });
    const { planOf } = await import('${load}');
    const { components } = await import('${specs}');
    planOf({ source: { type: 'stdin' }, sinks: [{ type: 'stdout' }] }, { components });
    console.log(loaded.includes('zod'), loaded.includes('yaml'));`;
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', script]);
  t.is(stdout, 'true false\n');
});
