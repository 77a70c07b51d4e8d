import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { text as readText } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import test, { type ExecutionContext } from 'ava';
import { joinLines } from '../../src/formats/ndjson.ts';
import { openDevice } from '../../src/sinks/output/device.ts';
import { createOutletSink, Outlet } from '../../src/sinks/output/outlet.ts';
import { eventsFrom, linesOf, testSink } from '../contracts/sink.ts';
import { namesOf, outcomesInChild } from '../sources/pipe-child.ts';
import { tempFolder, testPipe } from './pipe.ts';
import { testPipes } from './pipe-suite.ts';

testSink(
  test,
  async (t) => {
    const path = join(tempFolder(t), 'out');
    const fd = openSync(path, 'w');
    t.teardown(() => closeSync(fd));
    return {
      sink: createOutletSink(new Outlet('stdout', () => openDevice(fd)), joinLines),
      received: async () => readFileSync(path, 'utf8'),
    };
  },
  { name: 'stdout on a file' },
);

const suite = new URL('pipe-suite.ts', import.meta.url);

for (const name of namesOf(testPipes)) {
  test(name, async (t) => {
    t.is((await outcomesInChild(suite))[name], 'passed');
  });
}

const child = fileURLToPath(new URL('stdout-child.ts', import.meta.url));

interface Run {
  readonly format?: 'json' | 'text';
  readonly batches: number;
  readonly abortAfterMs?: number;
}

function run(t: ExecutionContext, options: Run, stdout: number | 'pipe', env: NodeJS.ProcessEnv = {}): ChildProcess {
  const { FORCE_COLOR: _, NO_COLOR: __, ...inherited } = process.env;
  const process_ = spawn(process.execPath, ['--no-warnings', child, JSON.stringify({ format: 'json', ...options })], {
    stdio: ['ignore', stdout, 'pipe'],
    env: { ...inherited, ...env },
  });
  t.teardown(() => process_.kill('SIGKILL'));
  return process_;
}

/** What the child said, once it has ended by itself. */
async function outcome(process_: ChildProcess): Promise<string> {
  const [text, [code]] = await Promise.all([
    readText(process_.stderr as NonNullable<typeof process_.stderr>),
    once(process_, 'exit'),
  ]);
  return code === 0 ? text : `exit ${code}: ${text}`;
}

const all = linesOf(eventsFrom(1, 500, { padding: 2000 }));

test('writes everything to a reader that starts late, and lets the process end', async (t) => {
  const pipe = testPipe(t);
  const fd = pipe.openWriter();
  const process_ = run(t, { batches: 5 }, fd);
  await once(process_, 'spawn');
  pipe.close(fd);
  const [said, text] = await Promise.all([outcome(process_), pipe.rest()]);
  t.is(said, 'written');
  t.is(text, all);
});

test('writes everything to a socket, and lets the process end', async (t) => {
  const process_ = run(t, { batches: 5 }, 'pipe');
  const [said, text] = await Promise.all([
    outcome(process_),
    readText(process_.stdout as NonNullable<typeof process_.stdout>),
  ]);
  t.is(said, 'written');
  t.is(text, all);
});

test('writes everything to a file', async (t) => {
  const path = join(tempFolder(t), 'out');
  const fd = openSync(path, 'w');
  t.is(await outcome(run(t, { batches: 5 }, fd)), 'written');
  closeSync(fd);
  t.is(readFileSync(path, 'utf8'), all);
});

test('says that its reader is gone, and leaves the descriptor to others', async (t) => {
  const pipe = testPipe(t);
  const fd = pipe.openWriter();
  pipe.closeReader();
  const message = 'standard output was closed by its reader';
  const expected = { descriptor: 'open', name: 'OutputClosedError', message, code: 'output-closed', reason: 'EPIPE' };
  t.deepEqual(JSON.parse(await outcome(run(t, { batches: 5 }, fd))), expected);
});

test('says so when its reader goes away in the middle', async (t) => {
  const process_ = run(t, { batches: 50 }, 'pipe');
  process_.stdout?.once('data', () => process_.stdout?.destroy());
  t.is((JSON.parse(await outcome(process_)) as { code: string }).code, 'output-closed');
});

test('says so when the disk behind it is full', async (t) => {
  const fd = openSync('/dev/full', 'w');
  const message = 'cannot write to stdout: disk full, free some space';
  const expected = { descriptor: 'open', name: 'SinkError', message, code: 'sink-write', reason: 'ENOSPC' };
  t.deepEqual(JSON.parse(await outcome(run(t, { batches: 1 }, fd))), expected);
  closeSync(fd);
});

test('gives up a pipe that nobody reads when told to, and lets the process end', async (t) => {
  const process_ = run(t, { batches: 50, abortAfterMs: 100 }, testPipe(t).openWriter());
  t.is((JSON.parse(await outcome(process_)) as { reason: string }).reason, 'TimeoutError');
});

test('gives up a socket that nobody reads when told to, and lets the process end', async (t) => {
  const process_ = run(t, { batches: 50, abortAfterMs: 100 }, 'pipe');
  t.is((JSON.parse(await outcome(process_)) as { reason: string }).reason, 'TimeoutError');
});

test('shows text in colour only where it was asked for', async (t) => {
  const path = join(tempFolder(t), 'out');
  const fd = openSync(path, 'w');
  await outcome(run(t, { format: 'text', batches: 1 }, fd));
  t.notRegex(readFileSync(path, 'utf8'), /\u001b/);
  await outcome(run(t, { format: 'text', batches: 1 }, fd, { FORCE_COLOR: '1' }));
  t.regex(readFileSync(path, 'utf8'), /\u001b\[/);
  closeSync(fd);
});
