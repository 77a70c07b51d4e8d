import test from 'ava';
import fc from 'fast-check';
import { unescapeString } from '../../src/formats/unescape.ts';
import { choices, spell } from '../support/json-spelling.ts';
import { holds } from '../support/property.ts';

/** What stands for the inside of a JSON string that is closed and has something behind it. */
function unescaped(inside: string) {
  const bytes = Buffer.from(`"${inside}" tail`);
  const found = unescapeString(bytes, 1, bytes.length);
  return found && { text: found.bytes.toString(), behind: bytes.toString('utf8', found.end) };
}

test('gives the bytes that a string stands for, in any spelling', async (t) => {
  const property = fc.property(fc.string({ unit: 'binary' }), choices, (text, pick) => {
    const spelled = spell(text, pick);
    t.deepEqual(unescaped(spelled.slice(1, -1)), { text: text.toWellFormed(), behind: ' tail' });
  });
  await holds(t, property);
});

test('joins the halves of a surrogate pair, and half a pair is the replacement character', (t) => {
  t.is(unescaped(String.raw`\ud83d\ude00`)?.text, '😀');
  t.is(unescaped(String.raw`\uD83D\uDE00`)?.text, '😀');
  t.is(unescaped(String.raw`a\ud83db\ude00c`)?.text, 'a\ufffdb\ufffdc');
  t.is(unescaped(String.raw`\ud83d\ud83d\ude00`)?.text, '\ufffd😀');
  t.is(unescaped(String.raw`\ud83d\n`)?.text, '\ufffd\n');
});

test('copies what is no escape, valid or not', (t) => {
  const bytes = Buffer.from('"\xff\x00\n\t"', 'latin1');
  t.is(unescapeString(bytes, 1, bytes.length)?.bytes.toString('latin1'), '\xff\x00\n\t');
});

test('finds no string where it does not end, or has a broken escape', (t) => {
  for (const inside of ['\\', '\\x', '\\u12', '\\u12g4', '\\u 123', '\\U0041', 'a\\']) {
    t.is(unescaped(inside), undefined, inside);
  }
  const bytes = Buffer.from('"abc"');
  for (let end = 1; end < bytes.length; end++) t.is(unescapeString(bytes, 1, end), undefined);
});
