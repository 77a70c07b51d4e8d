import test from 'ava';
import fc from 'fast-check';
import { type Codes, codeSet, codesText } from '../../src/audit/code-set.ts';

const members = (codes: Codes): number[] =>
  [...codeSet(codes).bits.keys()].filter((code) => codeSet(codes).bits[code] === 1);
const range = (low: number, high: number): number[] =>
  Array.from({ length: high - low + 1 }, (_, index) => low + index);

const understood: readonly (readonly [Codes, readonly number[]])[] = [
  [403, [403]],
  ['403', [403]],
  ['401-403', [401, 402, 403]],
  ['401 - 403', [401, 402, 403]],
  ['4xx', range(400, 499)],
  ['4XX', range(400, 499)],
  ['>400', range(401, 999)],
  ['> 400', range(401, 999)],
  ['>=400', range(400, 999)],
  ['<100', range(0, 99)],
  ['<=100', range(0, 100)],
  ['401, 403', [401, 403]],
  ['401,403-404,5xx', [401, 403, 404, ...range(500, 599)]],
  [
    [401, '403', '409-410'],
    [401, 403, 409, 410],
  ],
  [
    ['>=999', '7'],
    [7, 999],
  ],
  ['>=0', range(0, 999)],
  [['>=0', 403], range(0, 999)],
];

for (const [codes, expected] of understood) {
  test(`${JSON.stringify(codes)} holds ${expected.length} codes from ${expected[0]} to ${expected.at(-1)}`, (t) => {
    t.deepEqual(codeSet(codes).problems, []);
    t.deepEqual(members(codes), [...expected]);
  });
}

for (const codes of [
  '',
  'abc',
  '4x',
  'xxx',
  '!403',
  '==403',
  '403-',
  '-403',
  '4033',
  '403 404',
  '401,,403',
  '>',
  '٤٠٣',
  4.5,
  -1,
  1000,
  Number.NaN,
]) {
  test(`${JSON.stringify(codes)} is not understood, and the message says what can be written`, (t) => {
    const [problem, ...more] = codeSet(codes).problems;
    t.is(more.length, 0);
    t.regex(problem?.message ?? '', /^cannot read ".*" as status codes: write 403, 401-403, 4xx, >400, /);
  });
}

for (const codes of ['403-401', '>999', '<0']) {
  test(`"${codes}" holds no code, which is a problem`, (t) => {
    t.regex(codeSet(codes).problems[0]?.message ?? '', /holds no code/);
  });
}

test('a problem in a list says which entry it is', (t) => {
  t.deepEqual(
    codeSet([403, 'nonsense', '4xx', '9-1']).problems.map(({ index }) => index),
    [1, 3],
  );
});

test('two comparisons that together hold everything are refused, as they were meant as a range', (t) => {
  t.regex(codeSet('>=400,<500').problems[0]?.message ?? '', /together hold every code.*write a range such as 400-499/);
});

test('the text of a set reads as it was written', (t) => {
  t.is(codesText('>400'), '>400');
  t.is(codesText([401, ' 403,4xx ']), '401, 403, 4xx');
});

test('a list holds what its entries hold', (t) => {
  const term = fc.oneof(
    fc.nat(999).map(String),
    fc.tuple(fc.nat(999), fc.nat(999)).map(([a, b]) => `${Math.min(a, b)}-${Math.max(a, b)}`),
    fc.nat(9).map((hundreds) => `${hundreds}xx`),
    fc.nat(998).map((code) => `>${code}`),
  );
  fc.assert(
    fc.property(fc.array(term, { minLength: 1, maxLength: 5 }), (terms) => {
      const union = [...new Set(terms.flatMap((text) => members(text)))].sort((a, b) => a - b);
      t.deepEqual(members(terms), union);
      t.deepEqual(members(terms.join(',')), union);
    }),
    { seed: 2, numRuns: 100 },
  );
});
