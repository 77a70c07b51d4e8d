import test from 'ava';
import fc from 'fast-check';
import { OutputClosedError, SinkError } from '../../src/core/errors.ts';
import { type RetryOptions, withRetry } from '../../src/delivery/retry.ts';
import type { Write } from '../../src/delivery/write.ts';
import { type Answer, memorySink } from '../contracts/memory-sink.ts';
import { eventsOf, idOf, ManualClock, settled } from '../contracts/testing.ts';
import { holds } from '../support/property.ts';

const never = new AbortController().signal;

function retrying(clock: ManualClock, write: Write, options: Partial<RetryOptions> = {}): Write {
  return withRetry(write, { maxElapsedMs: undefined, clock, random: () => 1, ...options });
}

const down: Answer = { failure: new SinkError('down') };

test('tries again for ever, waiting twice as long after each failure', async (t) => {
  const clock = new ManualClock();
  const at: number[] = [];
  const write = retrying(clock, async () => {
    at.push(clock.now());
    if (at.length < 12) throw new SinkError('down');
  });
  await clock.drive(write(eventsOf(['a']), never));
  const gaps = at.slice(1).map((time, index) => time - (at[index] as number));
  t.deepEqual(gaps, [100, 200, 400, 800, 1600, 3200, 6400, 12_800, 25_600, 30_000, 30_000]);
});

test('leaves the destination alone for as long as it asked', async (t) => {
  const clock = new ManualClock();
  const sink = memorySink({ answers: [{ failure: new SinkError('slow down', { retryAfterMs: 90_000 }) }] });
  await clock.drive(retrying(clock, sink.write)(eventsOf(['a']), never));
  t.is(clock.now(), 90_000);
});

test('repeats only what failed', async (t) => {
  const clock = new ManualClock();
  const sink = memorySink({ answers: [{ failed: [1, 3] }, { failed: [1] }] });
  await clock.drive(retrying(clock, sink.write)(eventsOf(['a', 'b', 'c', 'd']), never));
  t.deepEqual(sink.writes, [['a', 'b', 'c', 'd'], ['b', 'd'], ['d']]);
  t.deepEqual(sink.delivered, ['a', 'c', 'b', 'd']);
});

test('does not repeat a write that was refused for its content', async (t) => {
  const clock = new ManualClock();
  const refusal = new SinkError('bad field', { retryable: false });
  const sink = memorySink({ answers: [{ failure: refusal }] });
  t.is(await t.throwsAsync(retrying(clock, sink.write)(eventsOf(['a']), never)), refusal);
  t.is(sink.writes.length, 1);
});

test('names refused events by their place in the whole, after the others are delivered', async (t) => {
  const clock = new ManualClock();
  const sink = memorySink({ answers: [{ failed: [0, 2, 3] }, { failed: [2] }], refuses: new Set(['c', 'd']) });
  const outcome = retrying(clock, sink.write)(eventsOf(['a', 'b', 'c', 'd']), never);
  const error = await t.throwsAsync(clock.drive(outcome), { instanceOf: SinkError });
  t.deepEqual(
    error.failed?.map(({ index, retryable }) => [index, retryable]),
    [
      [2, false],
      [3, false],
    ],
  );
  t.deepEqual(sink.delivered, ['b', 'a']);
});

test('tells apart what was refused alone from what was refused together', async (t) => {
  const clock = new ManualClock();
  const sink = memorySink({
    answers: [{ failed: [0, 1] }, { failure: new SinkError('both', { retryable: false }) }],
    refuses: new Set(['c']),
  });
  const outcome = retrying(clock, sink.write)(eventsOf(['a', 'b', 'c', 'd']), never);
  const error = await t.throwsAsync(clock.drive(outcome), { instanceOf: SinkError });
  t.false(error.retryable);
  t.deepEqual(
    error.failed?.map(({ index, retryable }) => [index, retryable]),
    [
      [2, false],
      [0, true],
      [1, true],
    ],
  );
});

test('gives up when its time is over, with what is left', async (t) => {
  const clock = new ManualClock();
  const sink = memorySink({ answers: [{ failed: [1] }, down, down, down, down] });
  const outcome = retrying(clock, sink.write, { maxElapsedMs: 650 })(eventsOf(['a', 'b']), never);
  const error = await t.throwsAsync(clock.drive(outcome), { instanceOf: SinkError });
  t.is(sink.writes.length, 3);
  t.true(error.retryable);
  t.is(error.message, 'down');
  t.deepEqual(error.failed, [{ index: 1, retryable: true, message: 'down' }]);
});

test('does not try again at all when it has no time', async (t) => {
  const clock = new ManualClock();
  for (const answer of [down, { failed: [0] }]) {
    const sink = memorySink({ answers: [answer, answer] });
    const write = retrying(clock, sink.write, { maxElapsedMs: 0, random: () => 0 });
    await t.throwsAsync(write(eventsOf(['a', 'b']), never));
    t.is(sink.writes.length, 1);
  }
});

test('stops at the abort, in a write and between two', async (t) => {
  const clock = new ManualClock();
  for (const answer of [down, { delayMs: 1000 }]) {
    const abort = new AbortController();
    const sink = memorySink({ clock, answers: [answer, answer] });
    const outcome = t.throwsAsync(retrying(clock, sink.write)(eventsOf(['a']), abort.signal));
    await settled();
    abort.abort(new Error('enough'));
    await outcome;
    t.is(sink.writes.length, 1);
    t.is(clock.waiting, 0);
    await t.throwsAsync(retrying(clock, sink.write)(eventsOf(['a']), abort.signal), { message: 'enough' });
    t.is(sink.writes.length, 1);
  }
});

test('repeats after an error that is none of ours', async (t) => {
  const clock = new ManualClock();
  const sink = memorySink({ answers: [{ failure: new TypeError('bug') }] });
  await clock.drive(retrying(clock, sink.write)(eventsOf(['a']), never));
  t.deepEqual(sink.delivered, ['a']);
});

test('does not repeat what nobody reads any more', async (t) => {
  const clock = new ManualClock();
  const closed = new OutputClosedError('the reader went away');
  const sink = memorySink({ answers: [{ failure: closed }] });
  t.is(await t.throwsAsync(retrying(clock, sink.write)(eventsOf(['a']), never)), closed);
  t.is(sink.writes.length, 1);
});

test('tells of each failure that it repeats, and of the success', async (t) => {
  const clock = new ManualClock();
  const told: string[] = [];
  const sink = memorySink({ answers: [down, { failed: [0] }] });
  const write = retrying(clock, sink.write, {
    onFailure: ({ message }) => told.push(message),
    onSuccess: () => told.push('well'),
  });
  await clock.drive(write(eventsOf(['a', 'b']), never));
  t.deepEqual(told, ['down', 'a part failed', 'well']);
});

const answers = fc.array(
  fc.oneof(
    fc.record({ failed: fc.uniqueArray(fc.nat({ max: 8 }), { minLength: 1, maxLength: 6 }) }),
    fc.constant(down),
    fc.record({ delayMs: fc.nat({ max: 500 }) }),
  ),
  { maxLength: 12 },
);

test('delivers every event that is not refused exactly once when the sink names what failed', async (t) => {
  await holds(
    t,
    fc.asyncProperty(
      fc.integer({ min: 1, max: 9 }),
      answers,
      fc.uniqueArray(fc.nat({ max: 8 }).map(String)),
      fc.nat({ max: 99 }),
      async (count, answers, refused, jitter) => {
        const clock = new ManualClock();
        const sink = memorySink({ clock, answers, refuses: new Set(refused) });
        const events = eventsOf(Array.from({ length: count }, (_, index) => index));
        const write = retrying(clock, sink.write, { random: () => jitter / 100 });
        const error = await clock.drive(
          write(events, never).then(
            () => undefined,
            (error: unknown) => error,
          ),
        );
        const expectRefused = events.map(idOf).filter((id) => refused.includes(id));
        const named = error instanceof SinkError ? (error.failed ?? []).map(({ index }) => String(index)) : [];
        t.deepEqual(named.toSorted(), expectRefused);
        t.deepEqual(
          sink.delivered.toSorted(),
          events.map(idOf).filter((id) => !refused.includes(id)),
        );
      },
    ),
  );
});
