import test from 'ava';
import { MAX_DEPTH, tooDeepAt } from '../../src/config/yaml-depth.ts';

/** Lists and maps inside of each other, in every way of writing them. */
const nested: Readonly<Record<string, (depth: number) => string>> = {
  'lists in brackets': (depth) => `${'['.repeat(depth)}1${']'.repeat(depth)}`,
  'maps in braces': (depth) => `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`,
  'lists by dashes': (depth) => `${'- '.repeat(depth)}1`,
  'maps by lines': (depth) => Array.from({ length: depth }, (_, level) => `${' '.repeat(level)}a:`).join('\n'),
  'lists that do not end': (depth) => '['.repeat(depth),
};

for (const [name, text] of Object.entries(nested)) {
  test(`finds ${name} that are nested too deeply, and where`, (t) => {
    t.is(tooDeepAt(text(MAX_DEPTH)), undefined);
    const place = tooDeepAt(text(MAX_DEPTH + 1));
    t.deepEqual(tooDeepAt(text(MAX_DEPTH + 500)), place);
    t.not(place, undefined);
  });
}

test('the place is the first bracket beyond the limit', (t) => {
  t.deepEqual(tooDeepAt('['.repeat(20_000)), { line: 1, column: MAX_DEPTH + 1 });
  t.deepEqual(tooDeepAt(`a: 1\nb:\n  ${'['.repeat(200)}`), { line: 3, column: 2 + MAX_DEPTH });
});

test('what stands beside each other is not deep', (t) => {
  t.is(tooDeepAt('- [{ a: [1] }]\n'.repeat(1000)), undefined);
});
