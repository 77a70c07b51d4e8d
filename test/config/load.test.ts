import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import test, { type ExecutionContext } from 'ava';
import { loadPlans, planOf } from '../../src/config/load.ts';
import { ConfigError, formatProblem } from '../../src/core/errors.ts';
import { components } from './specs.ts';

test('fills in defaults, names and the implied parse', async (t) => {
  const { load } = await folder(t, {
    'a.yaml': `
source: { type: stdin }
transforms:
  - type: forbidden
sinks:
  - type: file
    path: out/a.ndjson
    transforms: [{ type: forbidden, preset: denied }]
  - type: file
    path: /tmp/b.ndjson
    batch: { maxEvents: 10, maxBytes: 64KiB, maxWait: 2s }
    timeout: 1m
    retry: { maxElapsed: 0s }
  - type: stdout
    name: terminal
`,
  });
  const [plan] = await load('a.yaml');
  t.is(plan?.name, 'a');
  t.is(plan?.source.name, 'stdin');
  t.is(plan?.maxEventBytes, 16 * 1024 * 1024);
  t.deepEqual(
    plan?.transforms.map(({ name }) => name),
    ['parse', 'forbidden'],
  );
  t.deepEqual(
    plan?.sinks.map(({ name }) => name),
    ['file', 'file-2', 'terminal'],
  );
  t.deepEqual(
    plan?.sinks[0]?.transforms.map(({ name }) => name),
    ['forbidden-2'],
  );
  t.deepEqual(plan?.sinks[0]?.delivery, {
    batch: { maxEvents: 1000, maxBytes: 4 * 1024 * 1024, maxWaitMs: 0 },
    timeoutMs: 30_000,
    retry: { maxElapsedMs: undefined },
  });
  t.deepEqual(plan?.sinks[1]?.delivery, {
    batch: { maxEvents: 10, maxBytes: 65_536, maxWaitMs: 2000 },
    timeoutMs: 60_000,
    retry: { maxElapsedMs: 0 },
  });
  t.deepEqual(plan?.sinks[1]?.config, {
    path: '/tmp/b.ndjson',
    format: 'json',
    flushEvery: 1500,
    backups: 5,
    sync: true,
  });
});

test('relative paths start at the file that names them', async (t) => {
  const { load, directory } = await folder(t, {
    'deep/a.yaml':
      'source: { type: http, auth: { bearerFile: ../token } }\nsinks: [{ type: file, path: out.ndjson }]\n',
  });
  const [plan] = await load('deep/a.yaml');
  t.like(plan?.sinks[0]?.config, { path: join(directory, 'deep/out.ndjson') });
  t.like(plan?.source.config, { auth: { bearerFile: join(directory, 'token') } });
});

test('a listed parse is the one that is used, and sets the limit of an event', async (t) => {
  const { load } = await folder(t, {
    'a.yaml':
      'source: { type: stdin }\ntransforms: [{ type: parse, maxEventBytes: 1MiB }]\nsinks: [{ type: stdout }]\n',
  });
  const [plan] = await load('a.yaml');
  t.is(plan?.maxEventBytes, 1024 * 1024);
  t.is(plan?.transforms.length, 1);
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

test('points at the value for a wrong value, and at the parent for a missing key', async (t) => {
  const { problems } = await folder(t, {
    'a.yaml': `
source: { type: http, auth: { bearer: x } }
sinks:
  - type: web
    url: 5
    headers:
      X-Count: 7
  - type: web
    url:
  - type: file
    path: [x]
    backups: 1.5
    sync: yes
  - type: file
    path: x
    backups: 101
`,
    'b.yaml': 'sinks: [{ type: stdout, transforms: 5 }]\n',
    'c.yaml': '- a\n',
  });
  t.deepEqual(await problems('a.yaml', 'b.yaml', 'c.yaml'), [
    'a.yaml:2:23 source.auth.bearerFile: missing, expected a path',
    'a.yaml:2:31 source.auth.bearer: unknown key, did you mean "bearerFile"?',
    'a.yaml:5:10 sinks[0].url: expected a string, received a number',
    'a.yaml:7:16 sinks[0].headers.X-Count: expected a string, received a number',
    'a.yaml:9:5 sinks[1].url: empty, expected a string',
    'a.yaml:11:11 sinks[2].path: expected a path, received a list',
    'a.yaml:12:14 sinks[2].backups: expected a whole number, received 1.5',
    'a.yaml:13:11 sinks[2].sync: expected true or false, received a string',
    'a.yaml:16:14 sinks[3].backups: must be at most 100',
    'b.yaml:1:1 source: missing, expected a source with a type: one of stdin, http',
    'b.yaml:1:37 sinks[0].transforms: expected a list, received a number',
    'c.yaml:1:1 expected keys and values, received a list',
  ]);
});

test('limits the wait for a fuller batch', async (t) => {
  const text = (wait: string) => `source: { type: stdin }\nsinks: [{ type: stdout, batch: { maxWait: ${wait} } }]\n`;
  const { problems, load } = await folder(t, { 'a.yaml': text('5001ms'), 'b.yaml': text('5s') });
  t.deepEqual(await problems('a.yaml'), [
    'a.yaml:2:43 sinks[0].batch.maxWait: must be at most 5s, events that wait are kept in memory only',
  ]);
  t.is((await load('b.yaml')).length, 1);
});

test('parse stands first, once, and not in a sink', async (t) => {
  const { problems } = await folder(t, {
    'a.yaml': `
source: { type: stdin }
transforms: [{ type: parse }, { type: forbidden }, { type: parse }]
sinks:
  - type: stdout
    transforms: [{ type: parse }]
`,
  });
  t.deepEqual(await problems('a.yaml'), [
    'a.yaml:3:60 transforms[2].type: parse is already listed, remove one of them',
    "a.yaml:6:26 sinks[0].transforms[0].type: parse cannot stand in a sink, list it first under the pipeline's own transforms",
  ]);
});

test('says what a list should hold', async (t) => {
  const { problems } = await folder(t, {
    'a.yaml': 'source: { type: stdin }\n',
    'b.yaml': 'source: { type: stdin }\nsinks:\n',
    'c.yaml': 'source: { type: stdin }\nsinks: stdout\n',
    'd.yaml': `source: { type: stdin }
transforms: [{ type: forbidden, ignore: { users: root } }]
sinks: [{ type: many, paths: audit.log, numbers: 5 }]
`,
  });
  t.deepEqual(await problems('a.yaml', 'b.yaml', 'c.yaml', 'd.yaml'), [
    'a.yaml:1:1 sinks: missing, expected a list of sinks, each with a type: one of stdout, file, web, many',
    'b.yaml:2:1 sinks: empty, expected a list of sinks, each with a type: one of stdout, file, web, many',
    'c.yaml:2:8 sinks: expected a list of sinks, each with a type, received a string',
    'd.yaml:2:50 transforms[0].ignore.users: expected a list of strings, such as ["one", "two"], received a string',
    'd.yaml:3:30 sinks[0].paths: expected a list of paths, such as [audit.log], received a string',
    'd.yaml:3:50 sinks[0].numbers: expected a list of number or string, received a number',
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

test('says of a type of another kind what it is', async (t) => {
  const { problems } = await folder(t, {
    'a.yaml': 'source: { type: forbidden }\nsinks: [{ type: nosuchthing }, { type: 5 }]\n',
  });
  t.deepEqual(await problems('a.yaml'), [
    'a.yaml:1:17 source.type: "forbidden" is a transform, not a source; sources are stdin, http',
    'a.yaml:2:17 sinks[0].type: unknown sink "nosuchthing", known are stdout, file, web, many',
    'a.yaml:2:40 sinks[1].type: must be one of stdout, file, web, many',
  ]);
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

test('a name that objects inherit is an unknown key like any other', async (t) => {
  const { problems } = await folder(t, {
    'a.yaml': 'source: { type: stdin, constructor: 1, __proto__: { a: 1 } }\nsinks: [{ type: toString }]\n',
  });
  t.deepEqual(await problems('a.yaml'), [
    'a.yaml:1:24 source.constructor: unknown key, known are type, name',
    'a.yaml:1:40 source.__proto__: unknown key, known are type, name',
    'a.yaml:2:17 sinks[0].type: unknown sink "toString", known are stdout, file, web, many',
  ]);
});

test('explains the two unknown keys that look right', async (t) => {
  const { problems } = await folder(t, {
    'a.yaml':
      'source: { type: stdin }\nsinks:\n  - type: stdout\n    format\u00a0: json\n  - <<: { type: stdout }\n    type: stdout\n',
  });
  t.deepEqual(await problems('a.yaml'), [
    'a.yaml:4:5 sinks[0].format\u00a0: unknown key, it holds a non-breaking space; use plain spaces',
    'a.yaml:5:5 sinks[1].<<: unknown key, merging (<<) is not supported; write the keys out',
  ]);
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

async function folder(t: ExecutionContext, files: Readonly<Record<string, string>>) {
  const directory = await mkdtemp(join(tmpdir(), 'kaudit-load-'));
  t.teardown(() => rm(directory, { recursive: true, force: true }));
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(directory, name)), { recursive: true });
    await writeFile(join(directory, name), text);
  }
  const load = (...names: readonly string[]) =>
    loadPlans(
      names.map((name) => join(directory, name)),
      { components, env: {} },
    );
  const problems = async (...names: readonly string[]) => {
    const error = await t.throwsAsync(load(...names), { instanceOf: ConfigError });
    return error.problems.map((problem) => formatProblem(problem).replaceAll(`${directory}/`, ''));
  };
  return { directory, load, problems };
}
