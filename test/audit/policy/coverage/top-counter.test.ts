import test from 'ava';
import fc from 'fast-check';
import { TopCounter } from '../../../../src/audit/policy/coverage/top-counter.ts';
import { holds } from '../../../support/property.ts';

function counterOf(values: readonly string[], capacity: number): TopCounter {
  const counter = new TopCounter(capacity);
  for (const value of values) counter.add(value);
  return counter;
}

test('the most frequent come first, those of equal number by their letters', (t) => {
  t.deepEqual(counterOf(['b', 'c', 'a', 'c', 'b', 'd'], 4).top(3), [
    { value: 'b', events: 2 },
    { value: 'c', events: 2 },
    { value: 'a', events: 1 },
  ]);
});

test('up to twice its capacity of different values it counts exactly', (t) => {
  const values = Array.from({ length: 200 }, (_, index) => `v${index % 20}`);
  const counter = counterOf(values, 10);
  t.is(counter.error, 0);
  t.true(counter.top(20).every(({ events }) => events === 10));
  counter.add('one more');
  t.is(counter.error, 10);
});

test('counts are never too high, and too low by no more than it says; nor does it lose more than its share', async (t) => {
  const skewed = fc.oneof(fc.nat({ max: 3 }), fc.nat({ max: 60 }));
  await holds(
    t,
    fc.property(
      fc.array(skewed, { maxLength: 400, size: 'max' }),
      fc.integer({ min: 1, max: 8 }),
      (values, capacity) => {
        const counter = counterOf(values.map(String), capacity);
        const truth = new Map<string, number>();
        for (const value of values) truth.set(String(value), (truth.get(String(value)) ?? 0) + 1);
        const kept = new Map(counter.top(1000).map(({ value, events }) => [value, events]));
        if (counter.error * (capacity + 1) > values.length) throw new Error(`lost ${counter.error}`);
        for (const [value, count] of truth) {
          const counted = kept.get(value) ?? 0;
          if (counted > count || counted < count - counter.error) throw new Error(`${value}: ${counted} of ${count}`);
        }
      },
    ),
  );
});

test('however many different values there are, it keeps at most twice its capacity', (t) => {
  const counter = new TopCounter(16);
  for (let value = 0; value < 100_000; value++) {
    counter.add('often');
    counter.add(`once ${value}`);
  }
  t.true(counter.top(1000).length <= 32);
  t.is(counter.top(1)[0]?.value, 'often');
  t.true((counter.top(1)[0]?.events ?? 0) + counter.error >= 100_000);
});

test('a long value is counted by its beginning', (t) => {
  const [only, ...rest] = counterOf([`${'x'.repeat(5000)}1`, `${'x'.repeat(5000)}2`], 4).top(9);
  t.deepEqual(rest, []);
  t.deepEqual(only, { value: `${'x'.repeat(200)}…`, events: 2 });
});
