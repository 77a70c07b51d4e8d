import test from 'ava';
import fc from 'fast-check';
import { upTo } from '../../src/core/number-pattern.ts';
import { holds } from '../support/property.ts';

test('matches exactly the numbers up to the largest, with leading zeros or without', async (t) => {
  const property = fc.property(fc.nat(), fc.nat(), fc.nat({ max: 3 }), (max, other, zeros) => {
    const pattern = new RegExp(`^${upTo(max)}$`, 'u');
    for (const value of [0, other, max - 1, max, max + 1, max * 10, max % 10, Math.floor(max / 10)]) {
      if (value < 0) continue;
      const text = `${'0'.repeat(zeros)}${value}`;
      t.is(pattern.test(text), value <= max, `${text} up to ${max}`);
    }
  });
  await holds(t, property);
});

test('small limits are exact', (t) => {
  for (const max of [0, 1, 9, 10, 11, 100, 109, 1440]) {
    const pattern = new RegExp(`^${upTo(max)}$`, 'u');
    for (let value = 0; value <= 2000; value++)
      t.is(pattern.test(String(value)), value <= max, `${value} up to ${max}`);
  }
});

test('matches nothing but digits', (t) => {
  for (const text of ['', '-1', '1.0', '1 ', 'x']) t.false(new RegExp(`^${upTo(99)}$`, 'u').test(text), text);
});
