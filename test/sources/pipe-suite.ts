import { setImmediate as turn } from 'node:timers/promises';
import { constants, gzipSync } from 'node:zlib';
import type { ExecutionContext, TestFn } from 'ava';
import fc from 'fast-check';
import type { Source } from '../../src/core/component.ts';
import { Framer } from '../../src/formats/framer.ts';
import files from '../../src/sources/files.ts';
import { testSource } from '../contracts/source.ts';
import { testContext } from '../contracts/transform.ts';
import { holds } from '../support/property.ts';
import { type Found, foundIn } from './found.ts';
import { type NamedPipe, namedPipe, numbered } from './inputs.ts';
import { mixedInput, readSizes, reads } from './mixed-input.ts';
import { runSuite } from './pipe-child.ts';

const make = (path: string): Source => files.create({ paths: [path] }, testContext());

/** A pipe whose writer gives out a record at a time, for as long as somebody reads. */
async function slowPipe(t: ExecutionContext, records: readonly string[]) {
  const pipe = namedPipe(t);
  const left = [...records];
  let over = false;
  t.teardown(() => {
    over = true;
  });
  const feed = () => void setImmediate(() => (over || pipe.openWriter() ? offer() : feed()));
  const offer = () => {
    const record = left.shift();
    if (over) return;
    if (record === undefined) pipe.end();
    else void pipe.write(`${record}\n`);
  };
  return { source: make(pipe.path), records, feed };
}

async function read(source: Source, path: string): Promise<readonly Found[]> {
  const found: Found[] = [];
  for await (const { events, ack } of source.batches(new AbortController().signal)) {
    for (const event of events) if (event.origin.source !== path) throw new Error(`read from ${event.origin.source}`);
    found.push(...events.map(foundIn));
    ack();
  }
  return found;
}

/** Writes pieces one after the other; now and then the reader has time to take what has come. */
async function writeAll(pipe: NamedPipe, pieces: Iterable<Buffer>, pauses: readonly boolean[]): Promise<void> {
  while (!pipe.openWriter()) await turn();
  let index = 0;
  for (const piece of pieces) {
    await pipe.write(piece);
    if (pauses[index++ % pauses.length] === true) await turn();
  }
  pipe.end();
}

export function testPipes(test: TestFn): void {
  testSource(test, (t) => slowPipe(t, numbered(14).records), {
    name: 'a pipe with a name',
    silent: (t) => slowPipe(t, []),
  });

  test('finds the same in a pipe as in the whole input, however slowly it is written', async (t) => {
    const pauses = fc.array(fc.boolean(), { minLength: 1, maxLength: 5 });
    const sizes = readSizes.filter(([first = 0]) => first > 2);
    const property = fc.asyncProperty(mixedInput, sizes, pauses, async (input, sizes, pauses) => {
      if (input.subarray(0, 2).equals(Buffer.from([0x1f, 0x8b]))) return;
      const pipe = namedPipe(t);
      const { events } = new Framer('in', { maxEventBytes: 1 << 24 }).frame(input, 0, input.length, { last: true });
      const [found] = await Promise.all([
        read(make(pipe.path), pipe.path),
        writeAll(pipe, reads(input, sizes), pauses),
      ]);
      t.deepEqual(found, events.map(foundIn));
    });
    await holds(t, property, { runs: 12 });
  });

  test('reads a pipe with more in it than fits into the pipe, and a line longer than a chunk', async (t) => {
    const pipe = namedPipe(t);
    const lines = [`{"a":"${'x'.repeat(3 << 20)}"}`, ...Array.from({ length: 20_000 }, (_, id) => `{"a":${id}}`)];
    const [found] = await Promise.all([
      read(make(pipe.path), pipe.path),
      writeAll(pipe, [Buffer.from(lines.join('\n'))], [false]),
    ]);
    t.true(found.map(({ text }) => text).join('\n') === lines.join('\n'));
  });

  test('ends quietly when told to in the midst of packed data', async (t) => {
    const pipe = namedPipe(t);
    const stop = new AbortController();
    const batches = make(pipe.path).batches(stop.signal)[Symbol.asyncIterator]();
    const first = batches.next();
    while (!pipe.openWriter()) await turn();
    await pipe.write(gzipSync('{"a":1}\n'.repeat(1000), { finishFlush: constants.Z_SYNC_FLUSH }));
    t.is((await first).done, false);
    const next = batches.next();
    await turn();
    stop.abort();
    t.true((await next).done);
  });

  test('a pipe whose writer is gone at once is empty', async (t) => {
    const pipe = namedPipe(t);
    const [found] = await Promise.all([read(make(pipe.path), pipe.path), writeAll(pipe, [], [false])]);
    t.deepEqual(found, []);
  });
}

if (process.argv[1] === import.meta.filename && process.argv[2] === 'run') await runSuite(testPipes);
