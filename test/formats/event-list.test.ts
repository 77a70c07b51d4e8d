import test from 'ava';
import fc from 'fast-check';
import { eventOf } from '../../src/audit/event.ts';
import type { AuditEvent } from '../../src/core/event.ts';
import { splitEventList } from '../../src/formats/event-list.ts';
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

test('the parts keep the place of the list, and the apiVersion it has', (t) => {
  const origin = { source: 'audit.log', line: 7, offset: 99 };
  const list = eventOf('{"kind":"EventList","items":[{"a":1},2]}', origin);
  const [first, second] = splitEventList(list, 'audit.k8s.io/v1beta1');
  t.is(first?.raw.toString(), '{"kind":"Event","apiVersion":"audit.k8s.io/v1beta1","a":1}');
  t.deepEqual([first?.origin.source, first?.origin.line, second?.origin], ['audit.log', 7, origin]);
});

test('the parts are copies: the list may be overwritten', (t) => {
  const list = eventOf('{"kind":"EventList","items":[{"a":1},2]}');
  const events = splitEventList(list, V1);
  list.chunk.fill(0xff);
  t.deepEqual(texts(events), [`${HEAD},"a":1}`, '2']);
});
