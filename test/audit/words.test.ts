import test from 'ava';
import fc from 'fast-check';
import { decodeWord } from '../../src/audit/words.ts';
import { choices, spellString } from '../support/json-spelling.ts';
import { holds } from '../support/property.ts';

test('reads a word as JSON.parse does, known or not', async (t) => {
  const word = fc.oneof(
    fc.constantFrom('get', 'Metadata', 'ResponseComplete', 'Event', 'audit.k8s.io/v1', 'gets', 'ge', 'GET', ''),
    fc.string({ unit: 'binary' }),
  );
  await holds(
    t,
    fc.property(word, choices, (word, pick) => {
      const bytes = Buffer.from(`:${spellString(word, pick)},`);
      t.is(decodeWord(bytes, 1, bytes.length), JSON.parse(bytes.toString('utf8', 1, bytes.length - 1)));
    }),
    { runs: 500 },
  );
});

test('a word is a string that ends', (t) => {
  for (const text of ['1,', '{}', 'null', '"get', '', '[']) {
    t.is(decodeWord(Buffer.from(text), 0, text.length), undefined, text);
  }
  t.is(decodeWord(Buffer.from('"get"'), 0, 4), undefined);
});
