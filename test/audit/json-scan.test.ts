import test from 'ava';
import fc from 'fast-check';
import { checkedValueEnd } from '../../src/audit/json-check.ts';
import {
  decodeNumber,
  decodeString,
  findMember,
  firstElement,
  firstMember,
  memberValue,
  nextElement,
  nextMember,
  valueEnd,
} from '../../src/audit/json-scan.ts';
import { choices, jsonValue, spell, spellString } from '../support/json-spelling.ts';
import { holds } from '../support/property.ts';

/** The object read back member by member with the scanner alone; of a repeated key the last one counts. */
function membersOf(bytes: Buffer, object: number): Record<string, unknown> {
  const members: [string, unknown][] = [];
  let key = firstMember(bytes, object, bytes.length);
  while (key >= 0) {
    const value = memberValue(bytes, key, bytes.length);
    const text = bytes.toString('utf8', value, valueEnd(bytes, value, bytes.length));
    members.push([decodeString(bytes, key, bytes.length) as string, JSON.parse(text)]);
    key = nextMember(bytes, value, bytes.length);
  }
  return Object.fromEntries(members);
}

test('finds the members of any object as JSON.parse does', async (t) => {
  await holds(
    t,
    fc.property(fc.dictionary(fc.string({ unit: 'binary' }), jsonValue), choices, (object, pick) => {
      const bytes = Buffer.from(spell(object, pick));
      t.deepEqual(membersOf(bytes, 0), JSON.parse(bytes.toString()));
    }),
  );
});

test('finds the elements of any array as JSON.parse does', async (t) => {
  await holds(
    t,
    fc.property(fc.array(jsonValue), choices, (array, pick) => {
      const bytes = Buffer.from(spell(array, pick));
      const found: unknown[] = [];
      let at = firstElement(bytes, 0, bytes.length);
      while (at >= 0) {
        found.push(JSON.parse(bytes.toString('utf8', at, valueEnd(bytes, at, bytes.length))));
        at = nextElement(bytes, at, bytes.length);
      }
      t.deepEqual(found, JSON.parse(bytes.toString()));
    }),
  );
});

test('finds the same end of a value as the strict check', async (t) => {
  await holds(
    t,
    fc.property(jsonValue, choices, fc.constantFrom('', ',', ' ', '}', ']'), (value, pick, rest) => {
      const text = spell(value, pick);
      const bytes = Buffer.from(text + rest);
      t.is(valueEnd(bytes, 0, bytes.length), Buffer.byteLength(text));
      t.is(checkedValueEnd(bytes, 0, bytes.length), Buffer.byteLength(text));
    }),
  );
});

test('accepts as a JSON value exactly what JSON.parse accepts', async (t) => {
  const bytesOfJson = fc.tuple(jsonValue, choices).map(([value, pick]) => Buffer.from(spell(value, pick)));
  const damage = fc.tuple(fc.nat(), fc.constantFrom(...'{}[]",:\\0-.eE1tfnu \n\u0001'), fc.constantFrom(0, 1));
  await holds(
    t,
    fc.property(bytesOfJson, fc.array(damage, { maxLength: 3 }), (json, damages) => {
      let text = json.toString();
      for (const [place, char, cut] of damages) {
        const at = place % (text.length + 1);
        text = text.slice(0, at) + char + text.slice(at + cut);
      }
      const bytes = Buffer.from(text);
      const end = checkedValueEnd(bytes, bytes.length - Buffer.byteLength(text.trimStart()), bytes.length);
      const accepted = end >= 0 && bytes.toString('utf8', end).trim() === '';
      t.is(accepted, parses(bytes.toString()), text);
    }),
    { runs: 3000 },
  );
});

function parses(text: string): boolean {
  try {
    JSON.parse(text);
    return !/^[\ufeff\u00a0]/.test(text);
  } catch {
    return false;
  }
}

test('decodes strings and numbers as JSON.parse does', async (t) => {
  await holds(
    t,
    fc.property(fc.string({ unit: 'binary' }), fc.nat(), choices, (text, number, pick) => {
      const string = Buffer.from(spellString(text, pick));
      t.is(decodeString(string, 0, string.length), JSON.parse(string.toString()));
      const digits = Buffer.from(`${number},`);
      t.is(decodeNumber(digits, 0, digits.length), number);
    }),
  );
});

test('reads numbers of every spelling', (t) => {
  for (const text of ['0', '-1', '1.5', '1e3', '123456789', '1234567890123', '4.03e2']) {
    t.is(decodeNumber(Buffer.from(`${text}}`), 0, text.length + 1), Number(text));
  }
  t.is(decodeNumber(Buffer.from('"403"'), 0, 5), undefined);
});

test('finds a member by a key that is written with escapes', (t) => {
  const bytes = Buffer.from(String.raw`{"cod":1,"codes":2,"c\u006fde":403}`);
  const at = findMember(bytes, 0, bytes.length, Buffer.from('code'));
  t.is(decodeNumber(bytes, at, bytes.length), 403);
});

test('walks 100,000 levels without the call stack', (t) => {
  const deep = Buffer.from(`${'[{"a":'.repeat(100_000)}1${'}]'.repeat(100_000)}`);
  t.is(valueEnd(deep, 0, deep.length), deep.length);
  t.is(checkedValueEnd(deep, 0, deep.length), deep.length);
});

test('reports where a value stops being JSON', (t) => {
  const at = (text: string) => ~checkedValueEnd(Buffer.from(text), 0, text.length);
  t.is(at('{"a":01}'), 6);
  t.is(at('{"a" 1}'), 5);
  t.is(at('{"a":"\\x"}'), 6);
  t.is(at('[1,]'), 3);
  t.is(at('{"a":1]'), 6);
  t.is(at('{"a":"b'), 7);
});
