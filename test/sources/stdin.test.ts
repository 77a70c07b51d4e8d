import { spawn } from 'node:child_process';
import { closeSync, openSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import test, { type ExecutionContext } from 'ava';
import stdin from '../../src/sources/stdin.ts';
import { tempFolder } from './inputs.ts';
import { REAL_EVENTS } from './mixed-input.ts';

interface Outcome {
  readonly texts?: readonly string[];
  readonly total?: number;
  readonly bytes?: number;
  readonly error?: string;
}

interface Given {
  /** Written bit by bit; the pipe or socket stays open if `open` is set. */
  readonly input?: string | Buffer;
  readonly open?: boolean;
  /** In place of a pipe. */
  readonly fd?: number;
  readonly command?: readonly string[];
  readonly stopAfter?: number;
}

const child = fileURLToPath(new URL('stdin-child.ts', import.meta.url));

/** Starts a program that reads its standard input, and waits for it to end by itself. */
async function read(
  t: ExecutionContext,
  { input, open = false, fd, command = [], stopAfter }: Given,
): Promise<Outcome> {
  const own = ['--no-warnings', child, ...(stopAfter === undefined ? [] : [String(stopAfter)])];
  const [program = '', ...args] = [...command, process.execPath, ...own];
  const reader = spawn(program, args, { stdio: [fd ?? 'pipe', 'pipe', 'inherit'] });
  t.teardown(() => reader.kill('SIGKILL'));
  reader.stdin?.on('error', () => {});
  const bytes = Buffer.from((input ?? '') as string);
  for (let at = 0; at < bytes.length; at += 50_000) reader.stdin?.write(bytes.subarray(at, at + 50_000));
  if (!open) reader.stdin?.end();
  return JSON.parse(await text(reader.stdout as NonNullable<typeof reader.stdout>));
}

function fileWith(t: ExecutionContext, content: string | Buffer): number {
  const path = join(tempFolder(t), 'input');
  writeFileSync(path, content);
  const fd = openSync(path, 'r');
  t.teardown(() => closeSync(fd));
  return fd;
}

const log = REAL_EVENTS.join('\n');
const cat = ['sh', '-c', 'cat | "$@"', 'sh'];

test('reads a socket to its end', async (t) => {
  const { texts, total, bytes } = await read(t, { input: log });
  t.deepEqual(texts, REAL_EVENTS);
  t.deepEqual([total, bytes], [undefined, Buffer.byteLength(log)]);
});

test('reads a pipe to its end', async (t) => {
  const { texts, total, bytes } = await read(t, { input: log, command: cat });
  t.deepEqual(texts, REAL_EVENTS);
  t.deepEqual([total, bytes], [undefined, Buffer.byteLength(log)]);
});

test('reads a file to its end, and knows its size', async (t) => {
  const { texts, total, bytes } = await read(t, { fd: fileWith(t, log) });
  t.deepEqual(texts, REAL_EVENTS);
  t.deepEqual([total, bytes], [Buffer.byteLength(log), Buffer.byteLength(log)]);
});

test('gives out all there is of packed data that is damaged, and says what is wrong', async (t) => {
  const packed = gzipSync(log).subarray(0, -20);
  const { texts, error } = await read(t, { fd: fileWith(t, packed) });
  t.deepEqual(texts?.slice(0, -1), REAL_EVENTS.slice(0, -1));
  t.true(REAL_EVENTS.at(-1)?.startsWith(texts?.at(-1) ?? 'nothing'));
  const what = `cut off at byte ${packed.length}, in the middle of packed data; what could be unpacked was read, get a good copy`;
  t.is(error, `cannot unpack stdin: ${what}`);
});

test('does not start on a directory, and says what to do', async (t) => {
  const fd = openSync(tempFolder(t), 'r');
  t.teardown(() => closeSync(fd));
  const { texts, error } = await read(t, { fd });
  t.is(error, 'cannot read stdin: it is a directory, name the files in it');
  t.is(texts, undefined);
});

test('nothing comes from a standard input that is empty', async (t) => {
  const none = openSync('/dev/null', 'r');
  t.deepEqual((await read(t, { fd: none })).texts, []);
  closeSync(none);
});

test('ends when told to, and so does the process, while the writer goes on', async (t) => {
  const { texts } = await read(t, { input: `${log}\n`, open: true, stopAfter: 1 });
  t.deepEqual(texts, REAL_EVENTS.slice(0, texts?.length));
  t.true((texts?.length ?? 0) > 0);
});

test('can be read once, and has no options', (t) => {
  t.true(stdin.once);
  t.false(stdin.config.safeParse({ path: 'x' }).success);
});
