import { setTimeout } from 'node:timers/promises';
import type { ExecutionContext, TestFn } from 'ava';
import { MAX_BATCHES_IN_FLIGHT } from '../../src/core/ack-window.ts';
import type { Batch } from '../../src/core/batch.ts';
import type { Source } from '../../src/core/component.ts';

/** A source and its input, which is more than fits into its window. */
interface SourceUnderTest {
  readonly source: Source;
  /** The records in the input, in its order. */
  readonly records: readonly string[];
  /** Called before each batch is asked for: makes sure that there is one more, or the end. */
  feed?(): void;
}

export type MakeSource = (t: ExecutionContext) => Promise<SourceUnderTest>;

export interface SourceTests {
  /** Stands before the names of the tests. */
  readonly name: string;
  /** A source that has nothing to read and whose input does not end; absent where that cannot be. */
  readonly silent?: MakeSource;
}

/** A source that gave nothing for so long is taken to wait. */
const WAIT_MS = 200;
/** With fewer batches than the window holds it may only be slow: only after so long it is taken to be full. */
const FULL_MS = 5000;
/** A source settles within 100 ms; a busy machine may need longer. */
const SETTLE_MS = 500;
const WAITS = Symbol('waits');

const never = () => new AbortController().signal;
const textsOf = ({ events }: Batch) => events.map(({ raw }) => raw.toString());

/** Batches one at a time, and whether there is one now. */
class Reading {
  readonly stop = new AbortController();
  private readonly feed: () => void;
  private readonly batches: AsyncIterator<Batch>;
  private asked: Promise<IteratorResult<Batch>> | undefined;

  constructor({ source, feed = () => {} }: SourceUnderTest) {
    this.feed = feed;
    this.batches = source.batches(this.stop.signal)[Symbol.asyncIterator]();
  }

  /** `undefined` at the end. */
  async next(): Promise<Batch | undefined> {
    if (this.asked === undefined) this.feed();
    this.asked ??= this.batches.next();
    const { value, done } = await this.asked;
    this.asked = undefined;
    return done === true ? undefined : value;
  }

  async nextOrWait(ms = WAIT_MS): Promise<Batch | undefined | typeof WAITS> {
    return Promise.race([this.next(), setTimeout(ms, WAITS)]);
  }

  /** Batches until the window is full, by their number or else by their size, without an ack. */
  async fill(): Promise<Batch[]> {
    const held: Batch[] = [];
    while (held.length < MAX_BATCHES_IN_FLIGHT) {
      const batch = await this.nextOrWait(FULL_MS);
      if (batch === WAITS || batch === undefined) break;
      held.push(batch);
    }
    return held;
  }
}

/** What every source owes to the pipeline; its own test adds only what is special about it. */
export function testSource(test: TestFn, make: MakeSource, { name, silent }: SourceTests): void {
  const start = async (t: ExecutionContext, how: MakeSource) => {
    const made = await how(t);
    await made.source.open?.();
    t.teardown(async () => made.source.close?.());
    return { ...made, reading: new Reading(made) };
  };

  /** The source ends by itself, without another batch, within the time that it has. */
  const endsAtOnce = async (t: ExecutionContext, reading: Reading) => {
    reading.stop.abort();
    const end = await Promise.race([reading.next(), setTimeout(SETTLE_MS, WAITS)]);
    t.is(end, undefined);
  };

  test(`${name}: gives out every record, in order, and ends with its input`, async (t) => {
    const { reading, records } = await start(t, make);
    const found: string[] = [];
    for (let batch = await reading.next(); batch !== undefined; batch = await reading.next()) {
      t.true(batch.events.length > 0);
      found.push(...textsOf(batch));
      batch.ack();
    }
    t.deepEqual(found, records);
  });

  test(`${name}: waits while too much is unacknowledged, and goes on behind an unbroken run of acks`, async (t) => {
    const { reading, records } = await start(t, make);
    const held = await reading.fill();
    t.true(held.length > 1, `${held.length} batches`);
    t.is(await reading.nextOrWait(), WAITS, 'the window is full');
    const found = held.flatMap(textsOf);
    t.true(found.length < records.length);

    const [first, ...others] = held;
    for (const { ack } of others) ack();
    t.is(await reading.nextOrWait(), WAITS, 'the first one is still missing');
    first?.ack();
    for (let batch = await reading.next(); batch !== undefined; batch = await reading.next()) {
      found.push(...textsOf(batch));
      batch.ack();
    }
    t.deepEqual(found, records);
  });

  test(`${name}: uses memory again when its batch was acknowledged, and not before`, async (t) => {
    const { reading } = await start(t, make);
    const held = await reading.fill();
    const chunks = held.map(({ events }) => events[0]?.chunk);
    let used = false;
    t.is(new Set(chunks).size, held.length);
    for (const { ack } of held) ack();
    for (let batch = await reading.next(); batch !== undefined; batch = await reading.next()) {
      used ||= chunks.includes(batch.events[0]?.chunk);
      batch.ack();
    }
    t.true(used);
  });

  test(`${name}: leaves the events of unacknowledged batches alone`, async (t) => {
    const { reading } = await start(t, make);
    const held: { readonly batch: Batch; readonly texts: readonly string[] }[] = [];
    for (let batch = await reading.next(); batch !== undefined; batch = await reading.next()) {
      held.push({ batch, texts: textsOf(batch) });
      if (held.length === MAX_BATCHES_IN_FLIGHT / 2) held.shift()?.batch.ack();
      for (const { batch, texts } of held) t.deepEqual(textsOf(batch), texts);
    }
  });

  test(`${name}: never uses the memory of a batch again that has to be offered once more`, async (t) => {
    const { reading, records } = await start(t, make);
    const first = await reading.next();
    t.not(first, undefined);
    const { events, ack } = first as Batch;
    const texts = textsOf({ events, ack });
    ack(new Error('not delivered'));
    let count = texts.length;
    for (let batch = await reading.next(); batch !== undefined; batch = await reading.next()) {
      t.not(batch.events[0]?.chunk, events[0]?.chunk);
      count += batch.events.length;
      batch.ack();
    }
    t.is(count, records.length);
    t.deepEqual(textsOf({ events, ack }), texts);
  });

  test(`${name}: ends at once when told to while its window is full`, async (t) => {
    const { reading } = await start(t, make);
    await reading.fill();
    await endsAtOnce(t, reading);
  });

  test(`${name}: ends at once when told to between two batches`, async (t) => {
    const { reading } = await start(t, make);
    (await reading.next())?.ack();
    await endsAtOnce(t, reading);
  });

  test(`${name}: reads nothing when it is told to stop before it began`, async (t) => {
    const { reading } = await start(t, make);
    await endsAtOnce(t, reading);
  });

  test(`${name}: can be closed without having been opened, and twice`, async (t) => {
    const { source } = await make(t);
    await source.close?.();
    await source.open?.();
    await source.close?.();
    await t.notThrowsAsync(async () => source.close?.());
  });

  if (silent === undefined) return;

  test(`${name}: ends at once when told to while nothing comes`, async (t) => {
    const { source } = await start(t, silent);
    const stop = new AbortController();
    const next = source.batches(stop.signal)[Symbol.asyncIterator]().next();
    t.is(await Promise.race([next, setTimeout(WAIT_MS, WAITS)]), WAITS);
    const stoppedAt = performance.now();
    stop.abort();
    t.true((await next).done);
    t.true(performance.now() - stoppedAt < SETTLE_MS);
  });

  test(`${name}: can be closed while it waits for input`, async (t) => {
    const { source } = await start(t, silent);
    const next = source.batches(never())[Symbol.asyncIterator]().next();
    await Promise.race([next, setTimeout(WAIT_MS)]);
    await source.close?.();
    t.true((await next).done);
  });
}
