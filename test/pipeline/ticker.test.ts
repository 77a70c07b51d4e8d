import test from 'ava';
import { tickEvery } from '../../src/pipeline/ticker.ts';
import { ManualClock } from '../contracts/testing.ts';

test('ticks until it is told to stop', async (t) => {
  const clock = new ManualClock();
  const ticks: number[] = [];
  const stop = tickEvery(1000, { clock, action: () => ticks.push(clock.now()), onError: t.fail });
  await clock.advance(3500);
  t.deepEqual(ticks, [1000, 2000, 3000]);
  stop();
  t.is(clock.waiting, 0);
});

test('ticks no more after an error', async (t) => {
  const clock = new ManualClock();
  const errors: unknown[] = [];
  const error = new Error('no');
  tickEvery(1000, {
    clock,
    action() {
      throw error;
    },
    onError: (thrown) => errors.push(thrown),
  });
  await clock.advance(3500);
  t.deepEqual(errors, [error]);
  t.is(clock.waiting, 0);
});
