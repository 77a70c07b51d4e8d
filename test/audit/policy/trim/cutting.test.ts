import test from 'ava';
import fc from 'fast-check';
import { valueEnd } from '../../../../src/audit/json-scan.ts';
import {
  type Cutting,
  closeOf,
  cutMembers,
  first,
  isNamed,
  isPrefixed,
  keyBefore,
  type Member,
  next,
  valueAt,
} from '../../../../src/audit/policy/trim/cutting.ts';
import { choices, jsonValue, spell, spellString } from '../../../support/json-spelling.ts';
import { holds } from '../../../support/property.ts';

const BEFORE = '{"a":1}\n ';

/** An object in the midst of other bytes, and its members as walking finds them. */
function walked(text: string): { of: Cutting; members: Member[]; behind: number } {
  const bytes = Buffer.from(`${BEFORE}${text}\n{"b":2}`);
  const start = BEFORE.length;
  const of = { bytes, start, end: start + Buffer.byteLength(text), edits: [] };
  const members: Member[] = [];
  let behind = start + 1;
  for (let key = first(of, start); key >= 0; key = next(of, behind)) {
    const value = valueAt(of, key);
    behind = valueEnd(bytes, value, of.end);
    members.push({ key, end: behind });
  }
  return { of, members, behind };
}

/** The text with the edits made, by the plainest of means. */
function edited(text: string, { edits }: Cutting): string {
  let bytes = Buffer.from(text);
  for (const { start, end, text } of [...edits].reverse()) {
    bytes = Buffer.concat([bytes.subarray(0, start), Buffer.from(text), bytes.subarray(end)]);
  }
  return bytes.toString();
}

const object = fc.dictionary(fc.string({ unit: 'binary' }), jsonValue, { maxKeys: 6 });

test('what is left without some members is the object without them, however it is written', async (t) => {
  const property = fc.property(object, choices, fc.array(fc.boolean()), (value, pick, chosen) => {
    const text = spell(value, pick);
    const { of, members } = walked(text);
    const keys = Object.keys(JSON.parse(text));
    t.is(members.length, keys.length);
    const isGone = (index: number) => chosen[index % (chosen.length || 1)] === true;
    cutMembers(
      of,
      members.filter((_, index) => isGone(index)),
    );
    const expected = JSON.parse(text);
    const texts = members.map(({ key, end }) => of.bytes.toString('utf8', key, end));
    for (const [index, member] of texts.entries()) {
      const name = Object.keys(JSON.parse(`{${member}}`))[0] as string;
      if (isGone(index)) delete expected[name];
    }
    const left = edited(text, of);
    t.is(JSON.stringify(JSON.parse(left)), JSON.stringify(expected));
    for (const [index, member] of texts.entries()) if (!isGone(index)) t.true(left.includes(member));
  });
  await holds(t, property, { runs: 500 });
});

test('the comma in front goes, or the one behind if nothing is in front', (t) => {
  const left = (text: string, ...gone: number[]) => {
    const { of, members } = walked(text);
    cutMembers(
      of,
      gone.map((index) => members[index] as Member),
    );
    return edited(text, of);
  };
  t.is(left('{"a":1,"b":2,"c":3}', 1), '{"a":1,"c":3}');
  t.is(left('{ "a" : 1 , "b" : 2 , "c" : 3 }', 1), '{ "a" : 1  , "c" : 3 }');
  t.is(left('{"a":1,"b":2,"c":3}', 2), '{"a":1,"b":2}');
  t.is(left('{ "a":1, "b":2,"c":3}', 0), '{ "b":2,"c":3}');
  t.is(left('{"a":1,"b":2,"c":3}', 0, 1), '{"c":3}');
  t.is(left('{"a":1,"b":2,"c":3}', 0, 2), '{"b":2}');
  t.is(left('{"a":1, "b":2 }', 0, 1), '{ }');
});

test('finds the key in front of a value, and the end of an object', async (t) => {
  const property = fc.property(object, choices, (value, pick) => {
    const { of, members, behind } = walked(spell(value, pick));
    for (const { key } of members) t.is(keyBefore(of, valueAt(of, key)), key);
    t.is(closeOf(of, behind), of.end);
  });
  await holds(t, property, { runs: 200 });
});

test('knows a key, and the beginning of one, in any spelling', async (t) => {
  const name = fc.constantFrom('items', 'item', 'itemsx', 'x', '', 'i"tems', 'items\\');
  const property = fc.property(name, choices, (text, pick) => {
    const bytes = Buffer.from(` ${spellString(text, pick)}:"items"`);
    t.is(isNamed(bytes, 1, Buffer.from('items')), text === 'items');
    t.is(isPrefixed(bytes, 1, Buffer.from('items')), text.startsWith('items'));
  });
  await holds(t, property, { runs: 300 });
});
