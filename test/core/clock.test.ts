import test from 'ava';
import { sleep, systemClock } from '../../src/core/clock.ts';
import { ManualClock } from '../contracts/testing.ts';

test('sleeps for its time, and no longer than until the abort', async (t) => {
  const clock = new ManualClock();
  const abort = new AbortController();
  await clock.drive(sleep(clock, 500, abort.signal));
  t.is(clock.now(), 500);
  const cut = sleep(clock, 500, abort.signal);
  abort.abort();
  await cut;
  await sleep(clock, 500, abort.signal);
  t.is(clock.now(), 500);
  t.is(clock.waiting, 0);
});

test('the clock of the system calls back once, and not when cancelled', async (t) => {
  let calls = 0;
  const cancel = systemClock.after(0, () => {
    calls += 100;
  });
  cancel();
  const before = systemClock.now();
  await new Promise<void>((resolve) => {
    systemClock.after(5, () => {
      calls++;
      resolve();
    });
  });
  t.is(calls, 1);
  t.true(systemClock.now() - before >= 4);
});
