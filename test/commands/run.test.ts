import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { mock } from 'node:test';
import { fileURLToPath } from 'node:url';
import test, { type ExecutionContext } from 'ava';
import { runFiles, runPipelines } from '../../src/commands/run.ts';
import { components } from '../../src/components.ts';

const program = fileURLToPath(new URL('../../src/cli.ts', import.meta.url));
const EVENT = '{"kind":"Event","apiVersion":"audit.k8s.io/v1","responseStatus":{"metadata":{},"code":403}}';

interface Run {
  readonly child: ChildProcess;
  readonly folder: string;
  /** Resolves when standard output holds this. */
  until(text: string): Promise<void>;
  /** How it ended, once its output is closed too. */
  readonly end: Promise<{ readonly exit: number | string | null; readonly stdout: string; readonly stderr: string }>;
}

function folderWith(t: ExecutionContext, files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'kaudit-run-'));
  t.teardown(() => rmSync(folder, { recursive: true, force: true }));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return folder;
}

/** Starts the program in this folder, with standard input left open. */
function start(t: ExecutionContext, args: readonly string[], folder: string = folderWith(t, {})): Run {
  const env = { PATH: process.env.PATH, HOME: folder, KAUDIT_DATA_DIR: join(folder, 'data') };
  const child = spawn(process.execPath, ['--no-warnings', program, ...args], { cwd: folder, env });
  t.teardown(() => child.kill('SIGKILL'));
  child.stdin.on('error', () => {});
  let [stdout, stderr] = ['', ''];
  let look = () => {};
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
    look();
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const end = new Promise<Awaited<Run['end']>>((resolve) => {
    child.on('close', (code, signal) => resolve({ exit: code ?? signal, stdout, stderr }));
  });
  return {
    child,
    folder,
    end,
    until: (text) =>
      new Promise((resolve, reject) => {
        look = () => stdout.includes(text) && resolve();
        look();
        void end.then(({ stderr }) => reject(new Error(`ended before ${text} came: ${stderr}`)));
      }),
  };
}

for (const [signal, exit] of [
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const) {
  test(`a run over an input that does not end stops at ${signal} and says what it did`, async (t) => {
    const run = start(t, []);
    run.child.stdin?.write(`${EVENT}\n${EVENT}\n{"kind":`);
    await run.until(`${EVENT}\n${EVENT}\n`);
    run.child.kill(signal);
    const { exit: code, stdout, stderr } = await run.end;
    t.is(code, exit);
    t.is(stdout, `${EVENT}\n${EVENT}\n`);
    t.regex(stderr, /read 2 \+ made 0 = .* delivered 2 \+ dead-lettered 0 \+ buffered 0\n$/);
  });
}

test('pipelines end at a signal with 0 when everything is safe', async (t) => {
  const pipeline = 'source: { type: stdin }\nsinks: [{ type: file, path: out.ndjson }, { type: stdout }]\n';
  const run = start(t, ['-c', 'pipe.yaml'], folderWith(t, { 'pipe.yaml': pipeline }));
  run.child.stdin?.write(`${EVENT}\nnonsense\n`);
  await run.until(EVENT);
  run.child.kill('SIGTERM');
  const { exit, stderr } = await run.end;
  t.is(exit, 0, stderr);
  t.is(readFileSync(join(run.folder, 'out.ndjson'), 'utf8'), `${EVENT}\n`);
  t.regex(stderr, /pipe to file: every event: read 2 .*\n.*pipe to stdout: every event: read 2 /);
  t.regex(readFileSync(join(run.folder, 'data', 'pipe', 'rejects.ndjson'), 'utf8'), /"raw":"nonsense"/);
});

test('a reader that has enough ends the run quietly', async (t) => {
  const run = start(t, ['--all', 'big.log'], folderWith(t, { 'big.log': `${EVENT}\n`.repeat(20_000) }));
  run.child.stdout?.once('data', () => run.child.stdout?.destroy());
  const { exit, stderr } = await run.end;
  t.is(exit, 0);
  t.is(stderr, '');
});

test('a pipe with a name that nobody writes to can be left with a signal', async (t) => {
  const folder = folderWith(t, { 'good.log': `${EVENT}\n` });
  execFileSync('mkfifo', [join(folder, 'pipe')]);
  const run = start(t, ['--grace', '1s', 'good.log', 'pipe'], folder);
  await run.until(EVENT);
  run.child.kill('SIGINT');
  t.is((await run.end).exit, 130);
});

const io = { components, env: {}, stdout: process.stdout, stderr: process.stderr };
const common = { files: [], grace: '30s', dataDir: '/nonexistent' };
const config = ['/nonexistent.yaml'];

const refused: readonly (readonly [run: () => Promise<number>, message: string])[] = [
  [() => runFiles({ ...common, grace: 'soon' }, io), '--grace: "soon" is not a duration, write for example 30s'],
  [() => runFiles({ ...common, codes: 'x' }, io), '--codes: cannot read "x" as status codes'],
  [() => runFiles({ ...common, files: ['/nonexistent'] }, io), 'cannot open /nonexistent: no such file'],
  [() => runPipelines({ ...common, config, grace: '1' }, io), '--grace: "1" is not a duration'],
  [
    () => runPipelines({ ...common, config, codes: '403' }, io),
    '-c and --codes: write it into the pipeline file instead',
  ],
  [() => runPipelines({ ...common, config, all: true }, io), '-c and --all: write it into the pipeline file instead'],
  [
    () => runPipelines({ ...common, config, files: ['audit.log'] }, io),
    "-c and the file audit.log: name it in the pipeline's source",
  ],
];

for (const [run, message] of refused) {
  test.serial(`refuses: ${message}`, async (t) => {
    const said: string[] = [];
    const write = mock.method(process.stderr, 'write', (text: string) => said.push(text) > 0);
    const code = await run().finally(() => write.mock.restore());
    t.is(code, 2);
    t.is(said.length, 1);
    t.true(said[0]?.startsWith(`kaudit-pipe: error: ${message}`), said[0]);
  });
}

test.serial('prints the problems of a pipeline file as they are', async (t) => {
  const path = join(folderWith(t, { 'p.yaml': 'source: { type: stdin }\nsinks: [{ type: stduot }]\n' }), 'p.yaml');
  const said: string[] = [];
  const write = mock.method(process.stderr, 'write', (text: string) => said.push(text) > 0);
  const code = await runPipelines({ ...common, config: [path] }, io).finally(() => write.mock.restore());
  t.is(code, 2);
  t.true(said[0]?.startsWith(`${path}:2:`), said[0]);
});

test.serial('never writes over what it reads', async (t) => {
  const path = join(folderWith(t, { 'audit.log': `${EVENT}\n` }), 'audit.log');
  const write = mock.method(process.stderr, 'write', () => true);
  const code = await runFiles({ ...common, files: [path], output: path }, io).finally(() => write.mock.restore());
  t.is(code, 2);
  t.is(readFileSync(path, 'utf8'), `${EVENT}\n`);
});
