import test from 'ava';
import fc from 'fast-check';
import { compilePatterns, patternProblem } from '../../src/audit/patterns.ts';

test('a pattern without a star matches that text alone', (t) => {
  const matches = compilePatterns(['admin']);
  t.deepEqual(['admin', 'admin2', 'adm', 'Admin', ''].map(matches), [true, false, false, false, false]);
});

test('a trailing star matches whatever begins so, also nothing more', (t) => {
  const matches = compilePatterns(['system:*']);
  t.deepEqual(['system:', 'system:node:n1', 'system', 'a system:x'].map(matches), [true, true, false, false]);
});

test('a star alone matches every text', (t) => {
  t.deepEqual(['', 'x'].map(compilePatterns(['*'])), [true, true]);
});

test('other characters have no special meaning', (t) => {
  const matches = compilePatterns(['a.c', '[x]*', '__proto__']);
  t.deepEqual(['a.c', 'abc', '[x]y', 'xy', '__proto__', 'constructor'].map(matches), [
    true,
    false,
    true,
    false,
    true,
    false,
  ]);
});

test('a star elsewhere than at the end is a problem', (t) => {
  t.is(patternProblem('system:*'), undefined);
  t.is(patternProblem('*'), undefined);
  t.regex(patternProblem('*:admin') ?? '', /"\*:admin" has a \* that is not at its end/);
  t.regex(patternProblem('a**') ?? '', /only a trailing/);
});

test('several patterns match what one of them matches', (t) => {
  const pattern = fc
    .tuple(fc.string({ maxLength: 3, unit: fc.constantFrom('a', 'b') }), fc.boolean())
    .map(([text, star]) => `${text}${star ? '*' : ''}`);
  fc.assert(
    fc.property(
      fc.array(pattern, { maxLength: 5 }),
      fc.string({ maxLength: 4, unit: fc.constantFrom('a', 'b') }),
      (list, text) => {
        t.is(
          compilePatterns(list)(text),
          list.some((one) => compilePatterns([one])(text)),
        );
      },
    ),
    { seed: 3, numRuns: 200 },
  );
});
