import test from 'ava';
import { eventOver } from '../../src/audit/bytes-event.ts';
import { ChunkPool } from '../../src/core/chunk-pool.ts';
import type { Sink } from '../../src/core/component.ts';
import { SinkError } from '../../src/core/errors.ts';
import { withTimeout } from '../../src/delivery/timeout.ts';
import { memorySink } from '../contracts/memory-sink.ts';
import { eventsOf, ManualClock, settled } from '../contracts/testing.ts';

const never = new AbortController().signal;

test('leaves a write alone that is fast enough', async (t) => {
  const clock = new ManualClock();
  const sink = memorySink({ clock, answers: [{ delayMs: 99 }] });
  const write = withTimeout(sink, { timeoutMs: 100, clock });
  await clock.drive(write(eventsOf(['a']), never));
  t.deepEqual(sink.delivered, ['a']);
  t.is(clock.waiting, 0);
});

test('gives up a write that takes too long, and tells it so', async (t) => {
  const clock = new ManualClock();
  const sink = memorySink({ clock, answers: [{ delayMs: 5000 }] });
  const write = withTimeout(sink, { timeoutMs: 2000, clock });
  const error = await t.throwsAsync(clock.drive(write(eventsOf(['a']), never)), { instanceOf: SinkError });
  t.is(error.code, 'sink-timeout');
  t.true(error.retryable);
  t.is(error.message, 'the destination did not confirm within 2s; it is slow or unreachable, or timeout is too short');
  t.is(clock.now(), 2000);
});

test('does not write again before the old write has ended', async (t) => {
  const clock = new ManualClock();
  let endOld = () => {};
  const began: number[] = [];
  const sink: Sink = {
    write() {
      began.push(clock.now());
      return began.length > 1 ? Promise.resolve() : new Promise((resolve) => (endOld = resolve));
    },
    async close() {
      t.fail('the sink was closed although the write ended in time');
    },
  };
  const write = withTimeout(sink, { timeoutMs: 1000, clock });
  await t.throwsAsync(clock.drive(write(eventsOf(['a']), never)));
  const second = write(eventsOf(['a']), never);
  await clock.advance(200);
  t.deepEqual(began, [0]);
  endOld();
  await second;
  t.deepEqual(began, [0, 1200]);
});

test('closes and opens a sink anew whose write does not end', async (t) => {
  const clock = new ManualClock();
  const sink = memorySink({ clock, answers: [{ hangs: true }] });
  const write = withTimeout(sink, { timeoutMs: 1000, clock });
  await t.throwsAsync(clock.drive(write(eventsOf(['a']), never)));
  await clock.drive(write(eventsOf(['a']), never));
  await clock.drive(write(eventsOf(['b']), never));
  t.deepEqual(sink.calls, ['write', 'close', 'open', 'write', 'write']);
  t.deepEqual(sink.delivered, ['a', 'b']);
});

test('opens again when opening anew failed at first', async (t) => {
  const clock = new ManualClock();
  const calls: string[] = [];
  const sink: Sink = {
    async open() {
      calls.push('open');
      if (calls.filter((call) => call === 'open').length === 1) throw new SinkError('nobody there');
    },
    write() {
      calls.push('write');
      return calls.length === 1 ? new Promise(() => {}) : Promise.resolve();
    },
    async close() {
      calls.push('close');
    },
  };
  const write = withTimeout(sink, { timeoutMs: 1000, clock });
  await t.throwsAsync(clock.drive(write(eventsOf(['a']), never)));
  await t.throwsAsync(clock.drive(write(eventsOf(['a']), never)), { message: 'nobody there' });
  await clock.drive(write(eventsOf(['a']), never));
  t.deepEqual(calls, ['write', 'close', 'open', 'close', 'open', 'write']);
});

test('times out on a sink that does not close either, and closes it only once', async (t) => {
  const clock = new ManualClock();
  let closes = 0;
  const sink: Sink = {
    write: () => new Promise(() => {}),
    close: () => {
      closes++;
      return new Promise(() => {});
    },
  };
  const write = withTimeout(sink, { timeoutMs: 1000, clock });
  for (let i = 0; i < 3; i++) {
    const error = await t.throwsAsync(clock.drive(write(eventsOf(['a']), never)), { instanceOf: SinkError });
    t.is(error.code, 'sink-timeout');
  }
  t.is(closes, 1);
});

test('ends with the abort, also when the sink does not', async (t) => {
  const clock = new ManualClock();
  for (const answer of [{ hangs: true }, { delayMs: 9000 }]) {
    const abort = new AbortController();
    const sink = memorySink({ clock, answers: [answer] });
    const outcome = t.throwsAsync(withTimeout(sink, { timeoutMs: 10_000, clock })(eventsOf(['a']), abort.signal));
    await settled();
    abort.abort(new Error('enough'));
    await clock.drive(outcome);
    t.deepEqual(sink.delivered, []);
  }
  t.is(clock.now(), 500);
});

test('counts a write as done that ends well although it was aborted', async (t) => {
  const clock = new ManualClock();
  const abort = new AbortController();
  const sink: Sink = {
    write: () => new Promise((resolve) => clock.after(100, resolve)),
  };
  const outcome = withTimeout(sink, { timeoutMs: 10_000, clock })(eventsOf(['a']), abort.signal);
  abort.abort(new Error('enough'));
  await t.notThrowsAsync(clock.drive(outcome));
});

test('turns a sink that throws instead of rejecting into a failed write', async (t) => {
  const clock = new ManualClock();
  const sink: Sink = {
    write() {
      throw new SinkError('at once');
    },
  };
  await t.throwsAsync(withTimeout(sink, { timeoutMs: 1000, clock })(eventsOf(['a']), never), { message: 'at once' });
  t.is(clock.waiting, 0);
});

test('memory of a write that was given up is never used again, even after a second attempt succeeded', async (t) => {
  const clock = new ManualClock();
  const pool = new ChunkPool({ chunkBytes: 16 });
  const [givenUp, fine] = [pool.take(), pool.take()];
  const [first, second] = [givenUp, fine].map((chunk) =>
    eventOver(chunk.subarray(0, 8), { source: 'memory', line: 1, offset: 0 }),
  );
  const sink = memorySink({ clock, answers: [{ hangs: true }] });
  const write = withTimeout(sink, { timeoutMs: 1000, clock });
  await t.throwsAsync(clock.drive(write([first as never], never)));
  await clock.drive(write([first as never], never));
  await clock.drive(write([second as never], never));
  pool.give(givenUp);
  t.is(pool.size, 0);
  pool.give(fine);
  t.is(pool.size, 1);
});
