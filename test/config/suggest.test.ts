import test from 'ava';
import fc from 'fast-check';
import { didYouMean, distance, suggest } from '../../src/config/suggest.ts';

const seed = 4711;

test('finds the word that was mistyped', (t) => {
  const known = ['type', 'path', 'format', 'transforms', 'maxEvents'];
  t.is(suggest('pth', known), 'path');
  t.is(suggest('fromat', known), 'format');
  t.is(suggest('transform', known), 'transforms');
  t.is(suggest('max_events', known), 'maxEvents');
  t.is(suggest('MAXEVENTS', known), 'maxEvents');
  t.is(suggest('trans', known), 'transforms');
});

test('guesses nothing for a word that is far from all', (t) => {
  t.is(suggest('destination', ['type', 'path']), undefined);
  t.is(suggest('to', ['type', 'path']), undefined);
  t.is(suggest('', ['type']), undefined);
});

test('names the known words where it cannot guess', (t) => {
  t.is(didYouMean('destination', ['type', 'path']), ', known are type, path');
  t.is(didYouMean('too', ['to', 'from']), ', did you mean "to"?');
  t.is(didYouMean('x', []), '');
});

test('a swap of neighbours counts one, as every single edit does', (t) => {
  t.is(distance('fromat', 'format'), 1);
  t.is(distance('kitten', 'sitting'), 3);
  t.is(distance('', 'abc'), 3);
  t.is(distance('ca', 'abc'), 3);
});

test('the distance is symmetric, zero only for equal words, and bounded by the longer one', (t) => {
  const word = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 7 });
  fc.assert(
    fc.property(word, word, (a, b) => {
      const edits = distance(a, b);
      t.is(edits, distance(b, a));
      t.is(edits === 0, a === b);
      t.true(edits <= Math.max(a.length, b.length) && edits >= Math.abs(a.length - b.length));
    }),
    { seed },
  );
});
