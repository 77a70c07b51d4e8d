import type { ExecutionContext, TestFn } from 'ava';
import { eventOf } from '../../src/audit/bytes-event.ts';
import type { Sink } from '../../src/core/component.ts';
import { SinkError } from '../../src/core/errors.ts';
import type { AuditEvent } from '../../src/core/event.ts';

/** A sink, and what its destination has received so far. */
export interface SinkUnderTest {
  readonly sink: Sink;
  received(): Promise<string>;
}

export type MakeSink = (t: ExecutionContext) => Promise<SinkUnderTest>;

export interface SinkTests {
  /** Stands before the names of the tests. */
  readonly name: string;
  /** A sink whose destination takes nothing until `received` is called; absent where nothing can make it wait. */
  readonly stuck?: MakeSink;
}

/** `count` events, told apart by their audit IDs, in one chunk as a source makes them. */
export function eventsFrom(first: number, count: number, { padding = 0 } = {}): readonly AuditEvent[] {
  const numbers = Array.from({ length: count }, (_, index) => first + index);
  return numbers.map((id) =>
    eventOf(JSON.stringify({ kind: 'Event', auditID: `${id}`, padding: 'x'.repeat(padding) })),
  );
}

export function linesOf(events: readonly AuditEvent[]): string {
  return events.map(({ raw }) => `${raw}\n`).join('');
}

const never = () => new AbortController().signal;

/** What every sink owes to the delivery chain; its own test adds only what is special about it. */
export function testSink(test: TestFn, make: MakeSink, { name, stuck }: SinkTests): void {
  test(`${name}: writes events in the order given, batch after batch`, async (t) => {
    const { sink, received } = await make(t);
    const batches = [eventsFrom(1, 3), eventsFrom(4, 1), eventsFrom(5, 200, { padding: 2000 }), eventsFrom(205, 2)];
    await sink.open?.();
    for (const batch of batches) await sink.write(batch, never());
    await sink.close?.();
    t.is(await received(), linesOf(batches.flat()));
  });

  test(`${name}: has handed over a batch when the write resolves`, async (t) => {
    const { sink, received } = await make(t);
    await sink.open?.();
    await sink.write(eventsFrom(1, 2), never());
    t.is(await received(), linesOf(eventsFrom(1, 2)));
    await sink.close?.();
  });

  test(`${name}: takes an empty batch`, async (t) => {
    const { sink, received } = await make(t);
    await sink.open?.();
    await sink.write([], never());
    await sink.close?.();
    t.is(await received(), '');
  });

  test(`${name}: can be closed without having been opened, and twice`, async (t) => {
    const { sink } = await make(t);
    await sink.close?.();
    await sink.open?.();
    await sink.close?.();
    await t.notThrowsAsync(async () => sink.close?.());
  });

  test(`${name}: connects by itself when it is written to`, async (t) => {
    const { sink, received } = await make(t);
    await sink.write(eventsFrom(1, 2), never());
    await sink.close?.();
    t.is(await received(), linesOf(eventsFrom(1, 2)));
  });

  test(`${name}: goes on where it was after it was closed and opened again`, async (t) => {
    const { sink, received } = await make(t);
    await sink.open?.();
    await sink.write(eventsFrom(1, 2), never());
    await sink.close?.();
    await sink.open?.();
    await sink.write(eventsFrom(3, 2), never());
    await sink.close?.();
    t.is(await received(), linesOf(eventsFrom(1, 4)));
  });

  test(`${name}: writes nothing once it was told to stop`, async (t) => {
    const { sink, received } = await make(t);
    await sink.open?.();
    await t.throwsAsync(sink.write(eventsFrom(1, 2), AbortSignal.abort()), { instanceOf: SinkError });
    await sink.write(eventsFrom(3, 2), never());
    await sink.close?.();
    t.is(await received(), linesOf(eventsFrom(3, 2)));
  });

  if (stuck === undefined) return;

  test(`${name}: stops waiting for its destination when told to, and can be closed`, async (t) => {
    const { sink } = await stuck(t);
    const controller = new AbortController();
    await sink.open?.();
    const write = sink.write(eventsFrom(1, 500, { padding: 2000 }), controller.signal);
    setImmediate(() => controller.abort());
    await t.throwsAsync(write, { instanceOf: SinkError });
    await t.notThrowsAsync(async () => sink.close?.());
  });

  test(`${name}: never cuts a line when a write was stopped halfway`, async (t) => {
    const { sink, received } = await stuck(t);
    const controller = new AbortController();
    await sink.open?.();
    const write = sink.write(eventsFrom(1, 500, { padding: 2000 }), controller.signal);
    setImmediate(() => controller.abort());
    await t.throwsAsync(write, { instanceOf: SinkError });
    const [text] = await Promise.all([received(), sink.write(eventsFrom(501, 1), never()).then(() => sink.close?.())]);
    t.true(text.endsWith(linesOf(eventsFrom(501, 1))));
    for (const line of text.split('\n').slice(0, -1)) t.notThrows(() => JSON.parse(line), line.slice(0, 100));
  });
}
