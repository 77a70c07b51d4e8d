import { setImmediate as turn } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import test from 'ava';
import fc from 'fast-check';
import { AckWindow } from '../../../src/core/ack-window.ts';
import type { Ack } from '../../../src/core/batch.ts';
import { ChunkPool } from '../../../src/core/chunk-pool.ts';
import type { Sink, Source } from '../../../src/core/component.ts';
import { imbalance } from '../../../src/core/counts.ts';
import type { DeadLetter } from '../../../src/core/dead-letter.ts';
import { Framer } from '../../../src/formats/framer.ts';
import { createPipeline } from '../../../src/pipeline/pipeline.ts';
import { framedBatches, type Shared } from '../../../src/sources/input/framed-batches.ts';
import { unpackingReader } from '../../../src/sources/input/gzip/unpacking-reader.ts';
import type { ByteReader } from '../../../src/sources/input/reader.ts';
import parse from '../../../src/transforms/parse.ts';
import { planned, planOf } from '../../contracts/planned.ts';
import { recordingLog } from '../../contracts/testing.ts';
import { testContext } from '../../contracts/transform.ts';
import { holds } from '../../support/property.ts';
import { refusedText } from '../found.ts';
import { largeInput, mixedInput, REAL_EVENTS, readSizes } from '../mixed-input.ts';
import { readerOf } from './readers.ts';

interface Reading {
  readonly sizes?: readonly number[];
  /** How many turns of the event loop each read takes. */
  readonly turns?: readonly number[];
  readonly failure?: Error;
}

function slowReader(input: Buffer, { turns = [0], ...options }: Reading): ByteReader {
  let calls = 0;
  const wait = async () => {
    for (let wait = turns[calls++ % turns.length] as number; wait > 0; wait--) await turn();
  };
  return unpackingReader(readerOf(input, { ...options, wait }), 'in');
}

function sharedOf(maxEventBytes: number, maxBatches = 16): Shared {
  const window = new AckWindow<void>({ maxBatches });
  return { window, pool: new ChunkPool({ poison: true }), maxEventBytes, truncated: 0 };
}

function sourceOf(reader: ByteReader, shared: Shared): Source {
  return { batches: (stop) => framedBatches({ reader, name: 'in' }, shared, stop) };
}

/** What the input holds, by looking at all of it at once: events behind parse, and what is refused. */
function expected(input: Buffer, maxEventBytes: number) {
  const { apply } = parse.create({ maxEventBytes }, testContext());
  const { events } = new Framer('in', { maxEventBytes }).frame(input, 0, input.length, { last: true });
  const delivered: string[] = [];
  const rejected: string[] = [];
  for (const event of events) {
    try {
      for (const part of [apply(event) ?? []].flat()) {
        const fault = part.fault ?? part.check();
        if (fault === undefined) delivered.push(part.raw.toString());
        else rejected.push(`${fault.code} ${refusedText(part.raw)}`);
      }
    } catch (error) {
      rejected.push(`${(error as { code: string }).code} ${refusedText(event.raw)}`);
    }
  }
  return { delivered, rejected: rejected.sort(), read: events.length };
}

/** Runs an input through a pipeline whose sink and dead letter look at the bytes at the last moment they may. */
async function throughPipeline(
  reader: ByteReader,
  {
    maxEventBytes,
    turns,
    stopAfter = Infinity,
  }: { maxEventBytes: number; turns: readonly number[]; stopAfter?: number },
) {
  const delivered: string[] = [];
  const rejected: string[] = [];
  let writes = 0;
  const pause = async () => {
    for (let wait = turns[writes++ % turns.length] as number; wait > 0; wait--) await turn();
  };
  const sink: Sink = {
    async write(events) {
      await pause();
      delivered.push(...events.map(({ raw }) => raw.toString()));
      if (delivered.length >= stopAfter) void pipeline.stop(60_000);
    },
  };
  const deadLetter: DeadLetter = {
    async keep(entries) {
      await pause();
      rejected.push(...entries.map(({ event, error }) => `${error.code} ${refusedText(event.raw)}`));
    },
    async close() {},
  };
  const shared = sharedOf(maxEventBytes, 3);
  const plan = planOf({
    source: sourceOf(reader, shared),
    transforms: [planned('transform', 'parse', parse.create({ maxEventBytes }, testContext()))],
    sinks: { out: { sink } },
  });
  const pipeline = createPipeline(plan, { dataDir: '/nonexistent', log: recordingLog(), deadLetter });
  await pipeline.start();
  await pipeline.done;
  return { delivered, rejected: rejected.sort(), counts: pipeline.books('out'), shared };
}

const turnsTaken = fc.array(fc.constantFrom(0, 0, 1, 3), { minLength: 1, maxLength: 6 });
const isPacked = (input: Buffer) => input[0] === 0x1f && input[1] === 0x8b;

for (const [name, arbitrary, maxEventBytes] of [
  ['a mixed input', mixedInput, 1 << 20],
  ['an input with oversize records', largeInput, 2000],
] as const) {
  test(`delivers ${name} whole, however it is read, and never looks at memory that was given back`, async (t) => {
    const property = fc.asyncProperty(arbitrary, readSizes, turnsTaken, async (input, sizes, turns) => {
      fc.pre(!isPacked(input));
      const reader = slowReader(input, { sizes, turns });
      const { delivered, rejected, counts } = await throughPipeline(reader, { maxEventBytes, turns });
      const whole = expected(input, maxEventBytes);
      t.deepEqual({ delivered, rejected }, { delivered: whole.delivered, rejected: whole.rejected });
      t.is(counts.read, whole.read);
      t.is(imbalance(counts), 0);
    });
    await holds(t, property, { runs: 25 });
  });
}

test('delivers everything up to where it was stopped, once', async (t) => {
  const stopAfter = fc.nat({ max: 40 });
  const property = fc.asyncProperty(
    mixedInput,
    readSizes,
    turnsTaken,
    stopAfter,
    async (input, sizes, turns, stopAfter) => {
      fc.pre(!isPacked(input));
      const reader = slowReader(input, { sizes, turns });
      const { delivered, rejected, counts, shared } = await throughPipeline(reader, {
        maxEventBytes: 1 << 20,
        turns,
        stopAfter,
      });
      const whole = expected(input, 1 << 20);
      t.deepEqual(delivered, whole.delivered.slice(0, delivered.length));
      const left = [...whole.rejected];
      for (const text of rejected) t.is(left.splice(left.indexOf(text), 1)[0], text);
      t.is(counts.buffered, 0);
      t.is(imbalance(counts), 0);
      t.is(shared.window.batches, 0);
    },
  );
  await holds(t, property, { runs: 25 });
});

test('reads packed data as what it was packed from, however it is read', async (t) => {
  const property = fc.asyncProperty(mixedInput, readSizes, async (input, sizes) => {
    fc.pre(!isPacked(input));
    const packed = Buffer.concat([gzipSync(input.subarray(0, 500)), gzipSync(input.subarray(500))]);
    const { delivered, rejected } = await throughPipeline(slowReader(packed, { sizes }), {
      maxEventBytes: 1 << 20,
      turns: [0],
    });
    const { read: _, ...whole } = expected(input, 1 << 20);
    t.deepEqual({ delivered, rejected }, whole);
  });
  await holds(t, property, { runs: 12 });
});

async function readAll(reader: ByteReader, shared: Shared) {
  const texts: string[] = [];
  const chunks = new Set<Buffer>();
  for await (const { events, ack } of framedBatches({ reader, name: 'in' }, shared, new AbortController().signal)) {
    for (const { chunk } of events) chunks.add(chunk);
    texts.push(...events.map(({ raw }) => raw.toString('latin1')));
    ack();
  }
  return { texts, chunks };
}

test('hands on what was read before the input broke, a last record without its end too, and then fails', async (t) => {
  const failure = new Error('the disk is gone');
  const broken = async (text: string, size: number) => {
    const reader = readerOf(Buffer.from(text), { failure, sizes: [size] });
    const found: string[] = [];
    const reading = async () => {
      const { signal } = new AbortController();
      for await (const { events, ack } of framedBatches({ reader, name: 'in' }, sharedOf(1 << 20), signal)) {
        found.push(...events.map(({ raw, fault }) => `${fault?.code ?? 'whole'} ${raw}`));
        ack();
      }
    };
    t.is(await t.throwsAsync(reading), failure);
    return found;
  };
  const [first = '', second = ''] = REAL_EVENTS;
  for (const size of [1000, 1 << 20]) {
    t.deepEqual(await broken(`${first}\n${second}`, size), [`whole ${first}`, `whole ${second}`]);
    t.deepEqual(await broken(`${first}\n`, size), [`whole ${first}`]);
    t.deepEqual(await broken('', size), []);
    const torn = second.slice(0, 100);
    t.deepEqual(await broken(`${first}\n${torn}`, size), [`whole ${first}`, `torn-line ${torn}`]);
  }
});

test('needs little memory for a long input, and more only for a long record', async (t) => {
  const lines = Array.from({ length: 4000 }, () => REAL_EVENTS[0]);
  const input = Buffer.from(lines.join('\n'));
  const { texts, chunks } = await readAll(readerOf(input, { sizes: [256 * 1024] }), sharedOf(16 << 20));
  t.true(texts.join('\n') === lines.join('\n'));
  t.true(chunks.size <= 3, `${chunks.size} chunks`);

  const long = `{"a":"${'x'.repeat(5 << 20)}"}`;
  const grown = await readAll(readerOf(Buffer.from(`${long}\n{}\n`)), sharedOf(16 << 20));
  t.true(grown.texts.join() === `${long},{}`);
});

test('says when it cannot read on before an ack, also where only the first batch of the window is open', async (t) => {
  const reader = readerOf(Buffer.from('{"a":1}\n'.repeat(6)), { sizes: [8] });
  const shared = sharedOf(1000, 4);
  const said: (boolean | undefined)[] = [];
  let first: Ack | undefined;
  for await (const { ack, full } of framedBatches({ reader, name: 'in' }, shared, new AbortController().signal)) {
    said.push(full);
    if (first === undefined) first = ack;
    else ack();
    if (full === true) first();
  }
  t.deepEqual(said, [false, false, false, true, false, false]);
});

test('counts the events that lost their bodies', async (t) => {
  const shared = sharedOf(200);
  const long = `{"kind":"Event","requestObject":"${'x'.repeat(500)}"}`;
  const { texts } = await readAll(readerOf(Buffer.from(`${long}\n{}\n${long}\n`)), shared);
  t.is(texts.length, 3);
  t.is(shared.truncated, 2);
});

test('offers nothing for an input without records', async (t) => {
  for (const text of ['', '\n', ' \r\n\0\0\n', '\ufeff']) {
    const { texts, chunks } = await readAll(readerOf(Buffer.from(text), { sizes: [1] }), sharedOf(1000));
    t.deepEqual([texts, chunks.size], [[], 0]);
  }
});
