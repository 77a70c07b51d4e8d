import test from 'ava';
import { backoff } from '../../src/delivery/backoff.ts';

test('waits anything up to twice as long after each failure, up to the cap', (t) => {
  const longest = (attempt: number) => backoff(attempt, { baseMs: 100, capMs: 30_000, random: () => 1 });
  t.deepEqual([0, 1, 2, 8, 9, 5000].map(longest), [100, 200, 400, 25_600, 30_000, 30_000]);
  t.is(backoff(3, { baseMs: 100, capMs: 30_000, random: () => 0 }), 0);
});
