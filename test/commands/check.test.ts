import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { check } from '../../src/commands/check.ts';
import { loadPlans } from '../../src/config/load.ts';
import { components } from '../config/specs.ts';
import { outputs } from './output.ts';

const PIPELINE = `
source: { type: http, auth: { bearerFile: token } }
transforms:
  - { type: forbidden, codes: [401, 4xx], ignore: { verbs: &verbs [get] } }
sinks:
  - type: web
    url: "http://\${HOST:-local}/$\${x}"
    headers: { Authorization: "Bearer \${file:token}" }
    transforms: [{ type: forbidden, ignore: { verbs: *verbs } }]
  - type: file
    path: out.ndjson
    batch: { maxWait: 1000ms }
`;

test('prints the resolved plan: defaults and names filled in, paths absolute, secrets as stars', async (t) => {
  const { directory, run } = await folder(t, { 'a.yaml': PIPELINE, token: 'hunter2\n' });
  const { code, stdout, stderr } = await run('a.yaml');
  t.is(stderr, '');
  t.is(code, 0);
  t.is(
    stdout,
    `# ${directory}/a.yaml
name: a
source:
  type: http
  name: http
  listen: 127.0.0.1:8080
  auth:
    bearerFile: ${directory}/token
transforms:
  - type: parse
    name: parse
    maxEventBytes: 16MiB
  - type: forbidden
    name: forbidden
    codes:
      - 401
      - 4xx
    ignore:
      users: []
      verbs:
        - get
sinks:
  - type: web
    name: web
    url: http://local/$\${x}
    headers:
      Authorization: Bearer ***
    transforms:
      - type: forbidden
        name: forbidden-2
        ignore:
          users: []
          verbs:
            - get
    batch:
      maxEvents: 1000
      maxBytes: 4MiB
      maxWait: 0s
    timeout: 30s
    retry:
      maxElapsed: forever
  - type: file
    name: file
    path: ${directory}/out.ndjson
    format: json
    flushEvery: 1s500ms
    backups: 5
    sync: true
    transforms: []
    batch:
      maxEvents: 1000
      maxBytes: 4MiB
      maxWait: 1000ms
    timeout: 30s
    retry:
      maxElapsed: forever
`,
  );
});

test('what it prints reads back as the same plan', async (t) => {
  const { directory, run, load } = await folder(t, {
    'a.yaml': PIPELINE.replace('Bearer ', 'x').replace(/\$\{file:token\}/, 'y'),
  });
  const before = await load('a.yaml');
  const { stdout } = await run('a.yaml');
  await writeFile(join(directory, 'a.yaml'), stdout);
  t.deepEqual(await load('a.yaml'), before);
});

test('several files are several documents, each under its name', async (t) => {
  const text = 'source: { type: stdin }\nsinks: [{ type: stdout }]\n';
  const { directory, run } = await folder(t, { 'a.yaml': text, 'b.yaml': text });
  const { stdout } = await run('a.yaml', 'b.yaml');
  t.deepEqual(stdout.match(/^(#|---|name:).*/gm), [
    `# ${directory}/a.yaml`,
    'name: a',
    '---',
    `# ${directory}/b.yaml`,
    'name: b',
  ]);
});

test('prints every problem of every file on stderr, nothing on stdout, and exits 2', async (t) => {
  const { directory, run } = await folder(t, {
    'good.yaml': 'source: { type: stdin }\nsinks: [{ type: stdout }]\n',
    'a.yaml': 'source: { type: stdin }\nsinks: [{ type: stdot, too: 1 }, { type: stdout, too: 1 }]\n',
    'b.yaml': 'sinks: [\n',
  });
  const { code, stdout, stderr } = await run('good.yaml', 'a.yaml', 'b.yaml');
  t.is(code, 2);
  t.is(stdout, '');
  const lines = stderr.replaceAll(`${directory}/`, '').trimEnd().split('\n');
  t.is(lines[0], 'a.yaml:2:17 sinks[0].type: unknown sink "stdot", did you mean "stdout"?');
  t.is(
    lines[1],
    'a.yaml:2:50 sinks[1].too: unknown key, known are format, type, name, transforms, batch, timeout, retry',
  );
  t.regex(lines[2] ?? '', /^b\.yaml:2:1 not valid YAML/);
  t.is(lines.length, 3);
});

test('a secret with a wrong form stays secret in the message about it', async (t) => {
  const { run } = await folder(t, {
    'a.yaml': `source: { type: stdin }\nsinks: [{ type: stdout, timeout: "\${file:token}", name: "\${file:token}" }]\n`,
    token: 'hun"ter2\n',
  });
  const { code, stderr } = await run('a.yaml');
  t.is(code, 2);
  t.regex(stderr, /"\*\*\*" is not a duration/);
  t.notRegex(stderr, /ter2/);
});

test('asks for a file when there is none', async (t) => {
  const { run } = await folder(t, {});
  const stderr = 'kaudit-pipe: error: name a pipeline file or a folder of them: kaudit-pipe check FILE\n';
  t.like(await run(), { code: 2, stdout: '', stderr });
});

async function folder(t: ExecutionContext, files: Readonly<Record<string, string>>) {
  const directory = await mkdtemp(join(tmpdir(), 'kaudit-check-'));
  t.teardown(() => rm(directory, { recursive: true, force: true }));
  for (const [name, text] of Object.entries(files)) await writeFile(join(directory, name), text);
  const inside = (names: readonly string[]) => names.map((name) => join(directory, name));
  const run = async (...names: readonly string[]) => {
    const { written, stdout, stderr } = outputs();
    const code = await check(inside(names), { components, env: {}, stdout, stderr });
    return { code, ...written };
  };
  const load = (...names: readonly string[]) => loadPlans(inside(names), { components, env: {} });
  return { directory, run, load };
}
