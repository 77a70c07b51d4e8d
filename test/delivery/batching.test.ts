import test from 'ava';
import fc from 'fast-check';
import { SinkError } from '../../src/core/errors.ts';
import { type BatchingOptions, withBatching } from '../../src/delivery/batching.ts';
import type { Write } from '../../src/delivery/write.ts';
import { memorySink } from '../contracts/memory-sink.ts';
import { eventsOf, eventText, idOf, ManualClock, settled } from '../contracts/testing.ts';
import { holds } from '../support/property.ts';

const never = new AbortController().signal;
const roomy: BatchingOptions = { maxEvents: 1000, maxBytes: 1e6, maxWaitMs: 0 };

test('sends at once, and all that waits meanwhile with the next write', async (t) => {
  const clock = new ManualClock();
  const sink = memorySink({ clock, answers: [{ delayMs: 10 }, { delayMs: 10 }] });
  const { write } = withBatching(sink.write, { ...roomy, clock });
  const calls = [['a', 'b'], ['c'], ['d', 'e']].map((ids) => write(eventsOf(ids), never));
  await clock.drive(Promise.all(calls));
  t.deepEqual(sink.writes, [
    ['a', 'b'],
    ['c', 'd', 'e'],
  ]);
});

test('hands on the array of a single call as it is', async (t) => {
  const events = eventsOf(['a', 'b']);
  const { write } = withBatching(async (written) => void t.is(written, events), roomy);
  await write(events, never);
  t.plan(1);
});

test('splits a large call over several writes, and it is done after the last', async (t) => {
  const clock = new ManualClock();
  const sink = memorySink({ clock, answers: Array.from({ length: 3 }, () => ({ delayMs: 10 })) });
  const { write } = withBatching(sink.write, { ...roomy, maxEvents: 2, clock });
  await clock.drive(write(eventsOf([1, 2, 3, 4, 5]), never));
  t.deepEqual(sink.writes, [['1', '2'], ['3', '4'], ['5']]);
  t.is(clock.now(), 30);
});

test('keeps to the limit in bytes, but for an event that is larger alone', async (t) => {
  const clock = new ManualClock();
  const size = eventText('a').length;
  const sink = memorySink({ clock, answers: [{ delayMs: 10 }] });
  const { write } = withBatching(sink.write, { ...roomy, maxBytes: 2 * size, clock });
  const large = 'x'.repeat(2 * size);
  const calls = [['a'], ['b', 'c', large, 'd']].map((ids) => write(eventsOf(ids), never));
  await clock.drive(Promise.all(calls));
  t.deepEqual(sink.writes, [['a'], ['b', 'c'], [large], ['d']]);
});

test('waits for a fuller write as long as it may', async (t) => {
  const clock = new ManualClock();
  const sink = memorySink({ clock });
  const { write } = withBatching(sink.write, { ...roomy, maxEvents: 4, maxWaitMs: 1000, clock });
  void write(eventsOf(['a']), never);
  await clock.advance(600);
  void write(eventsOf(['b']), never);
  await clock.advance(399);
  t.deepEqual(sink.writes, []);
  await clock.advance(1);
  t.deepEqual(sink.writes, [['a', 'b']]);
  void write(eventsOf(['c', 'd', 'e']), never);
  await clock.advance(999);
  t.is(sink.writes.length, 1);
  await write(eventsOf(['f']), never);
  t.deepEqual(sink.writes[1], ['c', 'd', 'e', 'f']);
});

test('a flush sends what waits, and nothing that comes later', async (t) => {
  const clock = new ManualClock();
  const sink = memorySink({ clock });
  const { write, flush } = withBatching(sink.write, { ...roomy, maxWaitMs: 1000, clock });
  flush();
  const first = write(eventsOf(['a']), never);
  await settled();
  t.deepEqual(sink.writes, []);
  flush();
  await first;
  t.is(clock.now(), 0);
  const second = write(eventsOf(['b']), never);
  await clock.drive(second);
  t.is(clock.now(), 1000);
});

test('a flush during a write holds for what waits behind it', async (t) => {
  const clock = new ManualClock();
  const sink = memorySink({ clock, answers: [{ delayMs: 10 }] });
  const { write, flush } = withBatching(sink.write, { ...roomy, maxEvents: 2, maxWaitMs: 1000, clock });
  const calls = [write(eventsOf(['a', 'b']), never), write(eventsOf(['c']), never)];
  flush();
  await clock.drive(Promise.all(calls));
  t.is(clock.now(), 10);
});

test('still waits for a fuller write after a call that failed half-written', async (t) => {
  const size = eventText('a').length;
  for (const limits of [{ maxEvents: 2 }, { maxBytes: 2 * size }]) {
    const clock = new ManualClock();
    const sink = memorySink({ clock, answers: [{ failure: new SinkError('down') }] });
    const { write } = withBatching(sink.write, { ...roomy, ...limits, maxWaitMs: 1000, clock });
    await t.throwsAsync(clock.drive(write(eventsOf(['a', 'b', 'c', 'd', 'e']), never)));
    t.is(clock.now(), 0);
    await clock.drive(write(eventsOf(['f']), never));
    t.is(clock.now(), 1000);
  }
});

test('does not hold an aborted call back', async (t) => {
  const clock = new ManualClock();
  const abort = new AbortController();
  const sink = memorySink({ clock });
  const { write } = withBatching(sink.write, { ...roomy, maxWaitMs: 1000, clock });
  const outcome = t.throwsAsync(write(eventsOf(['a']), abort.signal));
  await settled();
  abort.abort(new Error('enough'));
  await outcome;
  t.is(clock.now(), 0);
});

test('does not join calls that end at different aborts', async (t) => {
  const clock = new ManualClock();
  const sink = memorySink({ clock, answers: [{ delayMs: 10 }, { delayMs: 10 }] });
  const { write } = withBatching(sink.write, { ...roomy, clock });
  const abort = new AbortController();
  const calls = [write(eventsOf(['a']), never), write(eventsOf(['b']), abort.signal), write(eventsOf(['c']), never)];
  await clock.advance(15);
  abort.abort(new Error('enough'));
  const outcomes = await clock.drive(Promise.allSettled(calls));
  t.deepEqual(
    outcomes.map(({ status }) => status),
    ['fulfilled', 'rejected', 'fulfilled'],
  );
  t.deepEqual(sink.delivered, ['a', 'c']);
});

test('a failure reaches only the calls that had events in the write', async (t) => {
  const clock = new ManualClock();
  const sink = memorySink({ clock, answers: [{ delayMs: 10 }, { failure: new SinkError('down') }] });
  const { write } = withBatching(sink.write, { ...roomy, maxEvents: 3, clock });
  const calls = [['a'], ['b', 'c'], ['d', 'e', 'f'], ['g']].map((ids) => write(eventsOf(ids), never));
  const outcomes = await clock.drive(Promise.allSettled(calls));
  t.deepEqual(
    outcomes.map(({ status }) => status),
    ['fulfilled', 'rejected', 'rejected', 'fulfilled'],
  );
  t.deepEqual(sink.writes, [['a'], ['b', 'c', 'd'], ['g']]);
});

test('an empty call is done at once', async (t) => {
  const sink = memorySink();
  await withBatching(sink.write, roomy).write([], never);
  t.deepEqual(sink.writes, []);
});

const schedule = fc.array(
  fc.record({
    pauseMs: fc.oneof(fc.constant(0), fc.nat({ max: 50 })),
    count: fc.nat({ max: 7 }),
    flush: fc.boolean(),
  }),
  { maxLength: 25 },
);

test('in any schedule no event is lost, doubled, reordered or left waiting, and the limits are kept', async (t) => {
  const size = eventText('000').length;
  await holds(
    t,
    fc.asyncProperty(
      schedule,
      fc.record({
        maxEvents: fc.integer({ min: 1, max: 6 }),
        maxBytes: fc.integer({ min: 1, max: 6 * size }),
        maxWaitMs: fc.oneof(fc.constant(0), fc.nat({ max: 60 })),
      }),
      fc.array(fc.record({ delayMs: fc.nat({ max: 40 }), fails: fc.boolean() }), { maxLength: 40 }),
      async (steps, limits, answers) => {
        const clock = new ManualClock();
        const writes: { readonly ids: readonly string[]; readonly ok: boolean }[] = [];
        let active = 0;
        const sink: Write = async (events) => {
          const { delayMs, fails } = answers[writes.length] ?? { delayMs: 0, fails: false };
          writes.push({ ids: events.map(idOf), ok: !fails });
          t.is(++active, 1);
          await new Promise<void>((resolve) => clock.after(delayMs, resolve));
          active--;
          if (fails) throw new SinkError('down');
        };
        const batching = withBatching(sink, { ...limits, clock });
        let next = 0;
        const calls: { readonly ids: readonly string[]; readonly ok: Promise<boolean> }[] = [];
        for (const { pauseMs, count, flush } of steps) {
          await clock.advance(pauseMs);
          const ids = Array.from({ length: count }, () => String(next++).padStart(3, '0'));
          const ok = batching.write(eventsOf(ids), never).then(
            () => true,
            () => false,
          );
          calls.push({ ids, ok });
          if (flush) batching.flush();
        }
        const outcomes = await clock.drive(Promise.all(calls.map(({ ok }) => ok)));

        const written = writes.flatMap(({ ids }) => ids);
        t.deepEqual(written, written.toSorted());
        t.is(new Set(written).size, written.length);
        for (const { ids } of writes) {
          t.true(ids.length <= limits.maxEvents);
          t.true(ids.length === 1 || ids.length * size <= limits.maxBytes);
        }
        const good = new Set(writes.filter(({ ok }) => ok).flatMap(({ ids }) => ids));
        const bad = new Set(writes.filter(({ ok }) => !ok).flatMap(({ ids }) => ids));
        for (const [index, { ids }] of calls.entries()) {
          t.is(
            outcomes[index],
            ids.every((id) => good.has(id)),
          );
          t.is(outcomes[index], !ids.some((id) => bad.has(id)));
        }
        t.is(clock.waiting, 0);
      },
    ),
  );
});
