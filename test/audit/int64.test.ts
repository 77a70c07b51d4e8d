import test from 'ava';
import fc from 'fast-check';
import { isInt64 } from '../../src/audit/int64.ts';
import { holds } from '../support/property.ts';

test('takes digits with or without a sign, and nothing else', (t) => {
  for (const text of ['0', '5', '+5', '-5', '007', '-0']) t.true(isInt64(text), text);
  for (const text of ['', '+', '-', '--5', ' 5', '5 ', '1.5', '1e3', '0x10', '1_000', '٣'])
    t.false(isInt64(text), text);
});

test('takes what fits into 64 bits', async (t) => {
  const near = fc.constantFrom(0n, 2n ** 63n, -(2n ** 63n)).chain((limit) => fc.bigInt(limit - 3n, limit + 3n));
  await holds(
    t,
    fc.property(fc.oneof(near, fc.bigInt()), fc.nat({ max: 30 }), (number, zeros) => {
      const text = `${number < 0 ? '-' : ''}${'0'.repeat(zeros)}${number < 0 ? -number : number}`;
      return isInt64(text) === (BigInt.asIntN(64, number) === number);
    }),
  );
});
