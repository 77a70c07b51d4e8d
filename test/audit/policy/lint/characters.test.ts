import test from 'ava';
import { checkCharacters } from '../../../../src/audit/policy/lint/characters.ts';
import type { Desk, Span } from '../../../../src/audit/policy/lint/source.ts';

function look(text: string): { readonly found: string[]; readonly repaired: string } {
  const found: string[] = [];
  const desk: Desk = {
    suggest: () => undefined,
    nameOf: () => '',
    lineAt: () => ({ start: 0, end: 0 }),
    report: (id, { start }: Span, { message }) => {
      found.push(`${start} ${id} ${message.replace(/[:,].*/, '')}`);
    },
  };
  return { repaired: checkCharacters(text, desk), found };
}

test('names each kind of invisible character, once a line', (t) => {
  t.deepEqual(look('a:\u00a0\u00a0b\nc: d\u200b\n\u202f e\n').found, [
    '2 invisible-character a non-breaking space (U+00A0)',
    '10 invisible-character a zero-width space (U+200B)',
    '12 invisible-character a narrow non-breaking space (U+202F)',
  ]);
  t.deepEqual(look('a: \u2003b\nc: \u0007\n').found, [
    '3 invisible-character a typographic space (U+2003)',
    '9 invisible-character a control character (U+0007)',
  ]);
});

test('comments may hold what they like', (t) => {
  t.deepEqual(look('# don\u2019t\u00a0\na: b # \u00a0\u201cx\u201d\n').found, []);
  t.is(look('a: "x # \u00a0"\n').found.length, 1);
  t.is(look("a: 'it''s # \u00a0'\n").found.length, 1);
  t.is(look('a: b#\u00a0\n').found.length, 1);
});

test('a byte order mark in front is no mistake, elsewhere it is', (t) => {
  t.deepEqual(look('\ufeffa: b\n').found, []);
  t.deepEqual(look('a: \ufeffb\n').found, ['3 invisible-character a byte order mark (U+FEFF)']);
});

test('quotes and dashes of a word processor are found where YAML wants its own', (t) => {
  t.deepEqual(look('\u2013 level: \u201cNone\u201d\n').found, [
    '0 typographic-character this dash begins no list entry in YAML',
  ]);
  t.deepEqual(look('users: [\u201ca\u201d]\n').found, ['8 typographic-character this quote is no quote in YAML']);
  t.deepEqual(look('a: \u2018b\u2019\n').found, ['3 typographic-character this quote is no quote in YAML']);
  t.deepEqual(look('a: Renée\u2019s 1\u20132\n').found, []);
});

test('what looks like a space becomes one, and nothing moves', (t) => {
  const text = '\u00a0 a:\u2009\u3000b\u200b\n';
  const { repaired } = look(text);
  t.is(repaired, '  a:  b\u200b\n');
  t.is(repaired.length, text.length);
});
