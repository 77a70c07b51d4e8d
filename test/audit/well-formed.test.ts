import test from 'ava';
import fc from 'fast-check';
import { FIELDS } from '../../src/audit/fields.ts';
import { broken, objectFault } from '../../src/audit/well-formed.ts';
import { eventObject } from '../support/event-arbitrary.ts';
import { choices, jsonValue, spell, spellString } from '../support/json-spelling.ts';
import { holds } from '../support/property.ts';

/** The fault of a record in the midst of others. */
function fault(text: string): string | undefined {
  const bytes = Buffer.from(`{"a":\n${text}\n}`);
  return objectFault(bytes, 6, bytes.length - 2)?.message;
}

const not = (byte: number) => `not JSON from byte ${byte} of the record on`;
const torn = (bytes: number) => `the record ends in the middle, after ${bytes} bytes: a torn line`;

test('has nothing against an object, however it is written', async (t) => {
  const property = fc.property(
    fc.oneof(eventObject, fc.dictionary(fc.string({ unit: 'binary' }), jsonValue)),
    choices,
    (object, pick) => {
      t.is(fault(spell(object, pick)), undefined);
    },
  );
  await holds(t, property, { runs: 100 });
  for (const text of ['{}', '{ }', '{"a":1}  \r']) t.is(fault(text), undefined);
});

test('calls an object that was cut anywhere torn', async (t) => {
  const property = fc.property(eventObject, choices, fc.nat(), (object, pick, at) => {
    const whole = Buffer.from(spell({ ...object, é: 1 }, pick));
    const cut = whole.subarray(0, 1 + (at % (whole.length - 1)));
    const bytes = Buffer.concat([cut, whole]);
    t.is(objectFault(bytes, 0, cut.length)?.message, torn(cut.length));
  });
  await holds(t, property, { runs: 100 });
});

test('refuses a key that occurs twice at the top, in any spelling, and only there', async (t) => {
  const key = fc.oneof(fc.constantFrom(...FIELDS), fc.string({ unit: 'binary', maxLength: 20 }));
  const others = fc.uniqueArray(fc.string({ maxLength: 5 }), { maxLength: 5 });
  const property = fc.property(key, others, choices, jsonValue, (key, others, pick, value) => {
    const member = (name: string) => `${spellString(name, pick)}:${spell(value, pick)}`;
    const members = [key, ...others.filter((other) => other !== key), key].map(member);
    t.is(fault(`{${members}}`), `the key ${JSON.stringify(key.toWellFormed())} occurs twice in the event`);
    t.is(fault(`{"outer":{${members}}}`), undefined);
  });
  await holds(t, property, { runs: 100 });
});

test('shortens a long key', (t) => {
  const key = 'k'.repeat(200);
  t.is(fault(`{"${key}":1,"${key}":2}`), `the key "${'k'.repeat(100)}" occurs twice in the event`);
});

test('says where the bytes stop being an object', (t) => {
  t.is(fault('[]'), 'not JSON: the record does not begin with "{"');
  t.is(fault('1'), 'not JSON: the record does not begin with "{"');
  t.is(fault('{"a":1,}'), not(8));
  t.is(fault('{1}'), not(2));
  t.is(fault('{"a":1} x'), not(9));
  t.is(fault('{"a":1}{}'), not(8));
  t.is(fault('{} {}'), not(4));
  t.is(fault('{"a":01}'), not(7));
  t.is(fault('{"a\u0001":1}'), not(4));
  t.is(fault('{"a"1}'), not(5));
  t.is(fault('{"a":1;}'), not(7));
  t.is(fault('{"kind":"\\x"}'), not(10));
});

test('names the code for what stops at the end, and for what stops before it', (t) => {
  t.is(broken(9, 2, 9).code, 'torn-line');
  t.is(broken(9, 2, 9).message, torn(7));
  t.is(broken(8, 2, 9).code, 'not-json');
  t.is(broken(8, 2, 9).message, not(7));
});
