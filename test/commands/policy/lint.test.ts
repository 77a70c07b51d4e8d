import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { lint } from '../../../src/commands/policy/lint.ts';
import { outputs } from '../output.ts';

const HEAD = 'apiVersion: audit.k8s.io/v1\nkind: Policy\nrules:\n';
const GOOD = `${HEAD}- level: Metadata\n`;
const BAD = `${HEAD}- level: Metadata\n  verb: [get]\n`;
const DOUBTFUL = `${HEAD}- level: Metadata\n  users: [alice]\n`;

async function folder(t: ExecutionContext, files: Readonly<Record<string, string>>): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'kaudit-lint-'));
  t.teardown(() => rm(directory, { recursive: true }));
  for (const [name, text] of Object.entries(files)) await writeFile(join(directory, name), text);
  return directory;
}

async function run(paths: readonly string[], { format, stdin }: { format?: string; stdin?: string } = {}) {
  const { written, stdout, stderr } = outputs();
  const input = (async function* () {
    if (stdin !== undefined) for (const character of stdin) yield Buffer.from(character);
  })();
  const code = await lint(paths, format === undefined ? {} : { format }, { stdin: input, stdout, stderr });
  return { code, ...written };
}

test('prints each finding with its place and what to write instead, and exits 1 on an error', async (t) => {
  const directory = await folder(t, { 'policy.yaml': BAD });
  const file = join(directory, 'policy.yaml');
  t.deepEqual(await run([file]), {
    code: 1,
    stdout: `${file}:5:3 error unknown-key: kube-apiserver drops "verb" here, so the rule matches every verb, get, list and watch included, at the level Metadata: the key is called "verbs"\n    instead: write verbs: ["create", "delete"], with the values that are meant\n`,
    stderr: `${file}: 1 error\n`,
  });
});

test('exits 0 when nothing is found, or nothing that is an error', async (t) => {
  const directory = await folder(t, { 'good.yaml': GOOD, 'doubtful.yaml': DOUBTFUL });
  const [good, doubtful] = [join(directory, 'good.yaml'), join(directory, 'doubtful.yaml')];
  t.deepEqual(await run([good]), { code: 0, stdout: '', stderr: `${good}: nothing found\n` });
  const { code, stdout, stderr } = await run([doubtful, good]);
  t.is(code, 0);
  t.regex(stdout, /^\S+doubtful\.yaml:4:3 warning no-catch-all: .*\n {4}instead: .*\n$/);
  t.is(stderr, `${doubtful}: 1 warning\n${good}: nothing found\n`);
});

test('a file that cannot be read makes it 2, the others are looked at all the same', async (t) => {
  const directory = await folder(t, { 'policy.yaml': BAD });
  const { code, stdout, stderr } = await run([join(directory, 'no.yaml'), directory, join(directory, 'policy.yaml')]);
  t.is(code, 2);
  t.true(stdout.includes('policy.yaml:5:3 error unknown-key'));
  t.true(
    stderr.startsWith(
      `cannot read ${directory}/no.yaml: no such file or directory\ncannot read ${directory}: it is a directory\n`,
    ),
  );
});

test('reads standard input, split anywhere', async (t) => {
  const { code, stdout } = await run(['-'], { stdin: `${HEAD}- level: Métadata\n` });
  t.is(code, 1);
  t.true(stdout.startsWith('-:4:10 error unknown-level: there is no level "Métadata"'), stdout);
});

test('without a policy, or with an unknown format, it says so and exits 2', async (t) => {
  t.deepEqual(await run([]), { code: 2, stdout: '', stderr: 'nothing to look at, name an audit policy\n' });
  t.deepEqual(await run(['x'], { format: 'sarf' }), {
    code: 2,
    stdout: '',
    stderr: 'there is no format "sarf", did you mean "sarif"?\n',
  });
});

test('json is one document with all findings and their number', async (t) => {
  const directory = await folder(t, { 'bad.yaml': BAD, 'doubtful.yaml': DOUBTFUL });
  const files = ['bad.yaml', 'doubtful.yaml'].map((name) => join(directory, name));
  const { code, stdout, stderr } = await run(files, { format: 'json' });
  t.is(code, 1);
  t.is(stderr, '');
  const { findings, ...rest } = JSON.parse(stdout);
  t.deepEqual(rest, { files, errors: 1, warnings: 1, notes: 0 });
  t.deepEqual(Object.keys(findings[0]), [
    'file',
    'id',
    'severity',
    'line',
    'column',
    'endLine',
    'endColumn',
    'message',
    'instead',
  ]);
  t.deepEqual(
    findings.map(({ file, id }: { file: string; id: string }) => [file, id]),
    [
      [files[0], 'unknown-key'],
      [files[1], 'no-catch-all'],
    ],
  );
});

test('sarif is one log with a result for each finding', async (t) => {
  const directory = await folder(t, { 'bad.yaml': BAD });
  const { code, stdout, stderr } = await run([join(directory, 'bad.yaml')], { format: 'sarif' });
  t.is(code, 1);
  t.is(stderr, '');
  const { version, runs } = JSON.parse(stdout);
  t.is(version, '2.1.0');
  t.deepEqual(
    runs[0].results.map(({ ruleId }: { ruleId: string }) => ruleId),
    ['unknown-key'],
  );
});
