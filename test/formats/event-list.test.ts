import test from 'ava';
import fc from 'fast-check';
import { eventOf } from '../../src/audit/bytes-event.ts';
import type { AuditEvent } from '../../src/core/event.ts';
import { countItems, splitEventList } from '../../src/formats/event-list.ts';
import { REAL_ITEMS } from '../sources/mixed-input.ts';
import { eventObject } from '../support/event-arbitrary.ts';
import { choices, spell } from '../support/json-spelling.ts';
import { holds } from '../support/property.ts';

const V1 = 'audit.k8s.io/v1';
const HEAD = `{"kind":"Event","apiVersion":"${V1}"`;

function split(items: string): readonly AuditEvent[] {
  return splitEventList(eventOf(`{"kind":"EventList","apiVersion":"${V1}","metadata":{},"items":${items}}`), V1);
}

const texts = (events: readonly AuditEvent[]) => events.map(({ raw }) => raw.toString());
const faults = (events: readonly AuditEvent[]) => events.map(({ fault }) => fault?.message);

test('puts kind and apiVersion in front of each item and leaves every other byte', async (t) => {
  const made = fc.tuple(eventObject, choices).map(([event, pick]) => {
    const members = Object.entries({ ...event, foreign: null });
    return spell(Object.fromEntries(members.filter(([key]) => key !== 'kind' && key !== 'apiVersion')), pick);
  });
  const item = fc.oneof(fc.constantFrom(...REAL_ITEMS), made);
  const space = fc.constantFrom('', ' ', '\n', '\t \r\n');
  const property = fc.property(fc.array(fc.tuple(space, item, space), { maxLength: 6 }), (items) => {
    const events = split(`[${items.map((parts) => parts.join('')).join(',')}]`);
    t.deepEqual(
      texts(events),
      items.map(([, item]) => `${HEAD},${item.slice(1)}`),
    );
    for (const event of events) t.is(event.check(), undefined);
  });
  await holds(t, property, { runs: 80 });
});

test('items of a list give the answers of the same events alone', (t) => {
  const events = split(`[${REAL_ITEMS.join(',')}]`);
  const alone = REAL_ITEMS.map((item) => eventOf(`${HEAD},${item.slice(1)}`));
  const answers = ({ head }: AuditEvent) => [
    head.auditID,
    head.verb,
    head.code,
    head.user,
    head.annotation('x'),
    head.kind,
  ];
  t.deepEqual(events.map(answers), alone.map(answers));
});

test('an empty item becomes an event without members, however much white space is in it', (t) => {
  t.deepEqual(texts(split(`[{},{ },{${' '.repeat(50)}}]`)), [`${HEAD}}`, `${HEAD} }`, `${HEAD}${' '.repeat(50)}}`]);
  for (const event of split(`[{${'\n'.repeat(50)}}]`)) t.is(event.check(), undefined);
});

test('an empty list holds nothing', (t) => {
  for (const items of ['[]', '[ \n]', 'null']) t.deepEqual(split(items), []);
});

test('does not repeat the kind or the apiVersion of an item', (t) => {
  const whole = `${HEAD},"verb":"get"}`;
  const versioned = '{"verb":"get","apiVersion":"audit.k8s.io/v1beta1"}';
  const events = split(`[${whole},${versioned},{"k\\u0069nd":"Event","apiVersion":"${V1}"}]`);
  t.deepEqual(texts(events), [
    whole,
    `{"kind":"Event",${versioned.slice(1)}`,
    `{"k\\u0069nd":"Event","apiVersion":"${V1}"}`,
  ]);
  t.deepEqual(faults(events), [undefined, undefined, undefined]);
  for (const event of events) t.is(event.check(), undefined);
});

test('an item of another kind, or that is no object, has a fault; its neighbours have none', (t) => {
  const events = split(
    '[{"verb":"get"},{"kind":"Pod","apiVersion":"v1"},17,"x, {",[{}],null,{"kind":null},{"verb":"list"}]',
  );
  t.deepEqual(texts(events).slice(1, 6), ['{"kind":"Pod","apiVersion":"v1"}', '17', '"x, {"', '[{}]', 'null']);
  const noObject = 'an item of an EventList that is no object';
  t.deepEqual(faults(events), [
    undefined,
    'JSON, but not an audit event: it is of kind "Pod", apiVersion "v1"',
    noObject,
    noObject,
    noObject,
    noObject,
    'JSON, but not an audit event: it has no kind',
    undefined,
  ]);
  t.deepEqual([events[0]?.head.verb, events[7]?.head.verb], ['get', 'list']);
});

test('refuses a list whose items are no array', (t) => {
  const message = 'an EventList whose items are no array';
  for (const items of ['{}', '1', '"[]"', 'true'])
    t.throws(() => split(items), { message, code: 'not-an-audit-event' });
  t.throws(() => splitEventList(eventOf('{"kind":"EventList"}'), V1), { message });
});

test('finds the items wherever they stand, and no others', (t) => {
  const list = `{"x":{"items":[1]},"y":"\\"items\\":[2]","items":[{"items":[3]}],"kind":"EventList"}`;
  t.deepEqual(texts(splitEventList(eventOf(list), V1)), [`${HEAD},"items":[3]}`]);
});

test('each part has its own place in the input and the line of the list', (t) => {
  const input = `[${' '.repeat(98)}{"kind":"EventList","items":[{"a":1},2,\t{"kind":"x"},{}]}`;
  const list = eventOf(input.slice(99), { source: 'audit.log', line: 7, offset: 99 });
  const events = splitEventList(list, V1);
  const places = ['{"a":1}', '2', '{"kind":"x"}', '{}'].map((item) => ({
    source: 'audit.log',
    line: 7,
    offset: input.indexOf(item),
  }));
  t.deepEqual(
    events.map(({ origin }) => origin),
    places,
  );
});

test('the parts have the apiVersion of the list', (t) => {
  const [event] = splitEventList(eventOf('{"kind":"EventList","items":[{"a":1}]}'), 'audit.k8s.io/v1beta1');
  t.is(event?.raw.toString(), '{"kind":"Event","apiVersion":"audit.k8s.io/v1beta1","a":1}');
});

test('refuses an apiVersion that is too long to be put in front of every item', (t) => {
  const long = `${V1}${'1'.repeat(60)}`;
  const list = eventOf(`{"kind":"EventList","apiVersion":"${long}","items":[{}]}`);
  t.throws(() => splitEventList(list, long), {
    message: `JSON, but not an audit event: it is of kind "EventList", apiVersion "${long}"`,
    code: 'not-an-audit-event',
  });
});

test('refuses a list of more items than events of their length can be', (t) => {
  const listOf = (count: number, item: string) => `[${Array(count).fill(item).join(',')}]`;
  t.is(split(listOf(8192, '1')).length, 8192);
  t.throws(() => split(listOf(9000, '{}')), {
    message: 'an EventList of more than 8403 items in 27075 bytes: they are too short for audit events',
    code: 'not-an-audit-event',
  });
  const short = `{"auditID":"${'0'.repeat(120)}"}`;
  t.is(split(listOf(30_000, short)).length, 30_000);
});

test('counts the items of whatever may be a list, at least as many as it will be split into', (t) => {
  const count = (text: string) => countItems(Buffer.from(`[]${text}[]`), 2, 2 + text.length);
  t.is(count('{"kind":"EventList","items":[{},[1,2],"a,b",3]}'), 4);
  t.is(count('{"items":[1, 2 ],"kind":"Event\\u004cist"}'), 2);
  t.is(count('{"kind":"EventList"}'), 0);
  t.is(count('{"kind":"PodList","items":[1,2]}'), 0);
  t.is(count('{"verb":"list","items":[1,2]}'), 0);
  t.is(count(`{"kind":"EventList","items":[${'1,'.repeat(9999)}1]}`), 8348);
});

test('the parts are copies: the list may be overwritten', (t) => {
  const list = eventOf('{"kind":"EventList","items":[{"a":1},2]}');
  const events = splitEventList(list, V1);
  list.chunk.fill(0xff);
  t.deepEqual(texts(events), [`${HEAD},"a":1}`, '2']);
});
