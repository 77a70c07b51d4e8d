import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { mock } from 'node:test';
import { fileURLToPath } from 'node:url';
import test, { type ExecutionContext } from 'ava';
import { type RunIo, runFiles, runPipelines } from '../../src/commands/run.ts';
import { components } from '../../src/components.ts';

const program = fileURLToPath(new URL('../../src/cli.ts', import.meta.url));
const EVENT = '{"kind":"Event","apiVersion":"audit.k8s.io/v1","responseStatus":{"metadata":{},"code":403}}';

interface Run {
  readonly child: ChildProcess;
  readonly folder: string;
  /** Resolves when standard output holds this. */
  until(text: string): Promise<void>;
  /** Resolves when standard error holds this. */
  said(text: RegExp): Promise<void>;
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
    look();
  });
  const end = new Promise<Awaited<Run['end']>>((resolve) => {
    child.on('close', (code, signal) => resolve({ exit: code ?? signal, stdout, stderr }));
  });
  const when = (holds: () => boolean, what: string) =>
    new Promise<void>((resolve, reject) => {
      look = () => holds() && resolve();
      look();
      void end.then(({ stderr }) => reject(new Error(`ended before ${what} came: ${stderr}`)));
    });
  return {
    child,
    folder,
    end,
    until: (text) => when(() => stdout.includes(text), text),
    said: (text) => when(() => text.test(stderr), String(text)),
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

test('pipelines end at a signal with 1 when a destination did not take everything', async (t) => {
  const pipeline = `source: { type: stdin }
sinks: [{ type: stdout }, { type: file, path: /dev/full, retry: { maxElapsed: 0s } }]
`;
  const run = start(t, ['-c', 'pipe.yaml'], folderWith(t, { 'pipe.yaml': pipeline }));
  run.child.stdin?.write(`${EVENT}\n`);
  await run.said(/does not take every event/);
  run.child.kill('SIGTERM');
  const { exit, stderr } = await run.end;
  t.is(exit, 1, stderr);
  t.regex(stderr, /\nkaudit-pipe: error: 1 event was not delivered to sinks\.file of pipe, kept .*rejects\.ndjson\n$/);
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

const common = { files: [], grace: '30s', dataDir: '/nonexistent' };
const config = ['/nonexistent.yaml'];

/** What a run says on the standard error that it is given; the process's own has to stay silent. */
async function heard(run: (io: RunIo) => Promise<number>) {
  const said: string[] = [];
  const stderr = { isTTY: false, write: (text: string) => said.push(text) > 0 } as NodeJS.WriteStream;
  const past = mock.method(process.stderr, 'write', (text: string) => said.push(`past it: ${text}`) > 0);
  const io = { components, env: {}, stdout: process.stdout, stderr };
  const code = await run(io).finally(() => past.mock.restore());
  return { code, said };
}

const refused: readonly (readonly [run: (io: RunIo) => Promise<number>, message: string])[] = [
  [(io) => runFiles({ ...common, grace: 'soon' }, io), '--grace: "soon" is not a duration, write for example 30s'],
  [(io) => runFiles({ ...common, codes: 'x' }, io), '--codes: cannot read "x" as status codes'],
  [(io) => runFiles({ ...common, files: ['/nonexistent'] }, io), 'cannot open /nonexistent: no such file'],
  [(io) => runPipelines({ ...common, config, grace: '1' }, io), '--grace: "1" is not a duration'],
  [
    (io) => runPipelines({ ...common, config, codes: '403' }, io),
    '-c and --codes: write it into the pipeline file instead',
  ],
  [(io) => runPipelines({ ...common, config, all: true }, io), '-c and --all: write it into the pipeline file instead'],
  [
    (io) => runPipelines({ ...common, config, files: ['audit.log'] }, io),
    "-c and the file audit.log: name it in the pipeline's source",
  ],
];

for (const [run, message] of refused) {
  test.serial(`refuses: ${message}`, async (t) => {
    const { code, said } = await heard(run);
    t.is(code, 2);
    t.is(said.length, 1);
    t.true(said[0]?.startsWith(`kaudit-pipe: error: ${message}`), said[0]);
  });
}

test.serial('prints the problems of a pipeline file as they are', async (t) => {
  const path = join(folderWith(t, { 'p.yaml': 'source: { type: stdin }\nsinks: [{ type: stduot }]\n' }), 'p.yaml');
  const { code, said } = await heard((io) => runPipelines({ ...common, config: [path] }, io));
  t.is(code, 2);
  t.true(said[0]?.startsWith(`${path}:2:`), said[0]);
});

test.serial('never writes over what it reads', async (t) => {
  const path = join(folderWith(t, { 'audit.log': `${EVENT}\n` }), 'audit.log');
  const { code, said } = await heard((io) => runFiles({ ...common, files: [path], output: path }, io));
  t.is(code, 2);
  t.regex(said.join(''), /would write to .*audit\.log/);
  t.is(readFileSync(path, 'utf8'), `${EVENT}\n`);
});

/** A pipeline from a file with two good events and a bad record into a file that is always full. */
function fullDisk(t: ExecutionContext) {
  const folder = folderWith(t, {
    'audit.log': `${EVENT}\nnonsense\n${EVENT}\n`,
    'p.yaml': `source: { type: files, paths: [audit.log] }
sinks:
  - { type: file, path: copy.ndjson }
  - { name: full, type: file, path: /dev/full, retry: { maxElapsed: 0s } }
`,
  });
  return { folder, options: { ...common, config: [join(folder, 'p.yaml')], dataDir: join(folder, 'data') } };
}

test.serial('a run whose destination never took the events fails, and says how many and where they are', async (t) => {
  const { folder, options } = fullDisk(t);
  const { code, said } = await heard((io) => runPipelines(options, io));
  const rejects = join(folder, 'data', 'p', 'rejects.ndjson');
  t.is(code, 1);
  const lines = said.join('').trimEnd().split('\n');
  t.is(
    lines[0],
    `kaudit-pipe: error: sinks.full of p does not take every event: cannot write to /dev/full: disk full, free some space; what it does not take goes to ${rejects}`,
  );
  t.deepEqual(lines.slice(-2), [
    `kaudit-pipe: 1 rejected, kept with the reasons in ${rejects}`,
    `kaudit-pipe: error: 2 events were not delivered to sinks.full of p, kept with the reasons in ${rejects}`,
  ]);
  t.is(readFileSync(rejects, 'utf8').trimEnd().split('\n').length, 3);
  t.is(readFileSync(join(folder, 'copy.ndjson'), 'utf8'), `${EVENT}\n${EVENT}\n`);
});

test.serial('bad records alone are no failure', async (t) => {
  const { folder, options } = fullDisk(t);
  writeFileSync(join(folder, 'audit.log'), 'nonsense\n');
  const { code, said } = await heard((io) => runPipelines(options, io));
  t.is(code, 0);
  t.regex(said.join(''), /1 rejected, kept/);
  t.notRegex(said.join(''), /error/);
});
