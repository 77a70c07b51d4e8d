import test from 'ava';
import fc from 'fast-check';
import { checkedStringEnd, checkedValueEnd } from '../../src/audit/json-check.ts';
import { choices, jsonValue, spell, spellString } from '../support/json-spelling.ts';
import { holds } from '../support/property.ts';

/** What the check says of a text in the midst of bytes that would complete it, counted from its first byte. */
function check(text: string | Buffer, behind: string, find = checkedValueEnd): number {
  const bytes = Buffer.concat([Buffer.from('["\\'), Buffer.from(text as string), Buffer.from(behind)]);
  const end = find(bytes, 3, bytes.length - Buffer.byteLength(behind));
  return end < 0 ? ~(~end - 3) : end - 3;
}

const behind = fc.constantFrom('', '\n{"a":1}', '"', '}', ']', '0', '\\"', ' ', 'ue', 'e1', '.5', '\u0000');

test('a value ends where it ends, whatever stands behind the end', async (t) => {
  const property = fc.property(jsonValue, choices, behind, (value, pick, behind) => {
    const text = spell(value, pick);
    t.is(check(text, behind), Buffer.byteLength(text));
  });
  await holds(t, property, { runs: 200 });
});

test('a value that is cut ends too early, whatever stands behind the end', async (t) => {
  const property = fc.property(fc.array(jsonValue), choices, fc.nat(), behind, (value, pick, at, behind) => {
    const whole = Buffer.from(spell([value], pick));
    const cut = whole.subarray(0, at % whole.length);
    t.is(check(cut, behind), ~cut.length);
  });
  await holds(t, property, { runs: 200 });
});

test('a string ends where it ends, or too early', async (t) => {
  const property = fc.property(fc.string({ unit: 'binary' }), choices, fc.nat(), behind, (string, pick, at, behind) => {
    const text = Buffer.from(spellString(string, pick));
    t.is(check(text, behind, checkedStringEnd), text.length);
    const cut = text.subarray(0, 1 + (at % (text.length - 1)));
    t.is(check(cut, behind, checkedStringEnd), ~cut.length);
  });
  await holds(t, property, { runs: 200 });
});

const wrong: readonly (readonly [text: string, at: number])[] = [
  ['x', 0],
  ['tru ', 3],
  ['nul1', 3],
  ['-', 1],
  ['-x', 1],
  ['01', 1],
  ['-01', 2],
  ['1.', 2],
  ['1.e1', 2],
  ['1e', 2],
  ['1e+', 3],
  ['+1', 0],
  ['.5', 0],
  ['"\t"', 1],
  ['"\n"', 1],
  ['"\\x"', 1],
  ['"\\u12g4"', 5],
  ['"abcdefgh\u0001"', 9],
  ['[1 2]', 3],
  ['[,]', 1],
  ['[1,]', 3],
  ['[1}', 2],
  ['{1:2}', 1],
  ['{"a"}', 4],
  ['{"a":}', 5],
  ['{"a":1,}', 7],
  ['{,}', 1],
  ['{"a":1 "b":2}', 7],
  ['{"a":{"b":[1}}', 12],
  ['{"a" "b"}', 5],
];

for (const [text, at] of wrong) {
  test(`finds what is wrong in ${JSON.stringify(text)}`, (t) => {
    const places = ['', '\n', ']', '5'].map((behind) => ~check(text, behind));
    const ends = at === Buffer.byteLength(text);
    t.deepEqual(places, [at, at, at, at], ends ? 'it ends too early' : 'it is wrong there');
  });
}

test('white space is four characters', (t) => {
  t.is(check(' \t\r\n[ \t\r\n1 ]', ''), 12);
  for (const space of ['\u000b', '\u000c', '\u0000', '\u00a0', '\ufeff']) t.is(check(`[${space}1]`, ''), ~1);
});
