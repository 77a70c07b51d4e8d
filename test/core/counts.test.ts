import test from 'ava';
import fc from 'fast-check';
import { addCounts, type Counts, emptyCounts, imbalance } from '../../src/core/counts.ts';
import { holds } from '../support/property.ts';

const WORDS = Object.keys(emptyCounts()) as (keyof Counts)[];
const counts = fc.tuple(...WORDS.map(() => fc.nat({ max: 1e9 }))).map((numbers) => {
  return Object.fromEntries(WORDS.map((word, index) => [word, numbers[index]])) as unknown as Counts;
});

test('empty books balance', (t) => {
  t.is(imbalance(emptyCounts()), 0);
  t.deepEqual(
    Object.values(emptyCounts()),
    WORDS.map(() => 0),
  );
});

test('what was read and made is on one side, what became of it on the other', (t) => {
  const sides = WORDS.map((word) => [word, imbalance({ ...emptyCounts(), [word]: 1 })]);
  t.deepEqual(Object.fromEntries(sides), {
    read: 1,
    made: 1,
    policyDropped: -1,
    filtered: -1,
    deduplicated: -1,
    delivered: -1,
    deadLettered: -1,
    buffered: -1,
  });
});

test('parts of a way are added word by word, and leave the parts as they were', async (t) => {
  const property = fc.property(counts, counts, (first, second) => {
    const copies = [{ ...first }, { ...second }];
    const sum = addCounts(first, second);
    for (const word of WORDS) t.is(sum[word], first[word] + second[word], word);
    t.is(imbalance(sum), imbalance(first) + imbalance(second));
    t.deepEqual([first, second], copies);
  });
  await holds(t, property);
});
