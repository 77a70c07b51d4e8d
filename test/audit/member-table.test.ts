import test from 'ava';
import fc from 'fast-check';
import { FIELD, FIELDS, type FieldName } from '../../src/audit/fields.ts';
import { valueEnd } from '../../src/audit/json-scan.ts';
import { type Members, SLOTS, seek, seekFromEnd } from '../../src/audit/member-table.ts';
import { isUpstream, upstreamTail } from '../../src/audit/upstream.ts';
import { REAL_EVENTS } from '../sources/mixed-input.ts';
import { eventObject, inUpstreamOrder } from '../support/event-arbitrary.ts';
import { choices, spell } from '../support/json-spelling.ts';
import { holds } from '../support/property.ts';

/** An event as the second one of a chunk, between others. */
function membersOf(text: string): Members {
  const before = '{"kind":"Event","verb":"other"}\n';
  const bytes = Buffer.from(`${before}${text}\n{"verb":"other","annotations":{}}`);
  const start = before.length;
  const end = start + Buffer.byteLength(text);
  const upstream = isUpstream(bytes, start, end);
  return {
    bytes,
    table: new Int32Array(3 * SLOTS),
    slot: SLOTS,
    start,
    end,
    tail: upstream ? Math.max(0, upstreamTail(bytes, start, end)) : 0,
    upstream,
  };
}

/** The value that was found, as JSON text; `undefined` for none. */
function found(of: Members, field: FieldName, find: typeof seek): string | undefined {
  const at = find(of, FIELD[field]);
  return at === 0 ? undefined : of.bytes.toString('utf8', at, valueEnd(of.bytes, at, of.end));
}

/** An event with bodies of any size, before, among and behind the other members. */
const sizedEvent = fc
  .tuple(
    eventObject,
    fc.array(fc.nat({ max: 2500 }), { minLength: 2, maxLength: 2 }),
    fc.nat({ max: 30 }),
    fc.nat({ max: 30 }),
  )
  .map(([event, [request = 0, response = 0], first, second]) => {
    const { requestObject: _, responseObject: __, ...others } = event;
    const members = Object.entries(others);
    members.splice(first % (members.length + 1), 0, ['requestObject', ['\\"}{]['.repeat(request / 10)]]);
    members.splice(second % (members.length + 1), 0, ['responseObject', { annotations: 'x'.repeat(response) }]);
    return Object.fromEntries(members);
  });
const layout = fc.constantFrom('spelled', 'as is', 'upstream');
const questions = fc.array(fc.tuple(fc.constantFrom(...FIELDS), fc.constantFrom(seek, seekFromEnd)), {
  minLength: 1,
  maxLength: 25,
});

test('finds what JSON.parse finds, from the front and from the end, whatever was asked before', async (t) => {
  const property = fc.property(sizedEvent, choices, layout, questions, (object, pick, layout, questions) => {
    const event = layout === 'upstream' ? { ...inUpstreamOrder(object) } : object;
    const members = membersOf(layout === 'spelled' ? spell(event, pick) : JSON.stringify(event));
    const parsed = JSON.parse(members.bytes.toString('utf8', members.start, members.end));
    for (const [field, find] of questions) {
      const text = found(members, field, find);
      t.deepEqual(text === undefined ? undefined : JSON.parse(text), parsed[field]);
    }
  });
  await holds(t, property, { runs: 250 });
});

test('finds the members of real events', (t) => {
  for (const text of REAL_EVENTS) {
    const parsed = JSON.parse(text);
    for (const find of [seek, seekFromEnd]) {
      const members = membersOf(text);
      t.true(members.upstream || parsed.apiVersion !== 'audit.k8s.io/v1');
      for (const field of FIELDS) {
        const value = found(members, field, find);
        t.deepEqual(value === undefined ? undefined : JSON.parse(value), parsed[field], field);
      }
    }
  }
});

test('leaves the slots of the neighbours alone', (t) => {
  const members = membersOf(REAL_EVENTS[0] ?? '');
  for (const field of FIELDS) seek(members, FIELD[field]);
  const { table } = members;
  t.true(table.subarray(0, SLOTS).every((slot) => slot === 0));
  t.true(table.subarray(2 * SLOTS).every((slot) => slot === 0));
});

test('does not look behind the field that was asked for', (t) => {
  const members = membersOf('{"verb":"get","stage":"Panic",nonsense');
  t.is(found(members, 'verb', seek), '"get"');
  t.is(found(members, 'stage', seek), '"Panic"');
  t.throws(() => seek(members, FIELD.user), { name: 'EventError', code: 'not-json' });
});

test('the first one of a repeated key counts, from the front', (t) => {
  t.is(found(membersOf('{"verb":"get","verb":"list"}'), 'verb', seek), '"get"');
  t.is(found(membersOf('{"v\\u0065rb":"get","verb":"list"}'), 'verb', seek), '"get"');
});

test('finds nothing in an empty object', (t) => {
  for (const text of ['{}', '{ \n}']) {
    for (const find of [seek, seekFromEnd]) t.is(found(membersOf(text), 'verb', find), undefined);
  }
});

const torn = ['{', '{"a"', '{"a":', '{"a":1', '{"a":1,', '{"a":"x', '{"a":[1', ''];
for (const text of torn) {
  test(`calls ${text} torn`, (t) => {
    for (const find of [seek, seekFromEnd]) {
      t.throws(() => find(membersOf(text), FIELD.verb), { name: 'EventError', code: 'torn-line' });
    }
  });
}

test('says where the bytes stop being an object', (t) => {
  const at = (text: string) => t.throws(() => seek(membersOf(text), FIELD.verb))?.message;
  const message = (byte: number) => `not JSON from byte ${byte} of the record on`;
  t.is(at('[]'), 'not JSON: the record does not begin with "{"');
  t.is(at('{1:2}'), message(2));
  t.is(at('{"a" 1}'), message(6));
  t.is(at('{"a":1 "b":2}'), message(8));
  t.is(at('{"a":1}}'), message(8));
  t.is(at('{"a":1],"verb":2}'), message(7));
});
