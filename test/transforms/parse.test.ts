import test from 'ava';
import fc from 'fast-check';
import { eventOf } from '../../src/audit/bytes-event.ts';
import { EventError } from '../../src/core/errors.ts';
import type { AuditEvent } from '../../src/core/event.ts';
import parse from '../../src/transforms/parse.ts';
import { testContext, testTransform } from '../contracts/transform.ts';
import { REAL_EVENTS, REAL_ITEMS } from '../sources/mixed-input.ts';
import { eventObject } from '../support/event-arbitrary.ts';
import { choices, spell } from '../support/json-spelling.ts';
import { holds } from '../support/property.ts';

const EVENT = '{"kind":"Event","apiVersion":"audit.k8s.io/v1","verb":"get"}';
const REVIEW = '{"kind":"AdmissionReview","apiVersion":"admission.k8s.io/v1","request":{"uid":"1"}}';
const listOf = (...items: string[]) =>
  `{"kind":"EventList","apiVersion":"audit.k8s.io/v1","metadata":{},"items":[${items}]}`;

testTransform(test, {
  spec: parse,
  config: {},
  events: [
    EVENT,
    REVIEW,
    listOf('{"verb":"get"}', '{}', '1'),
    listOf(),
    '{"kind":"Pod"}',
    '{"kind":',
    '[]',
    REAL_EVENTS[0] ?? '',
  ],
});

const { apply } = parse.create(parse.config.parse({}), testContext());

function refusal(event: AuditEvent): string {
  try {
    apply(event);
    return 'none';
  } catch (error) {
    return error instanceof EventError ? `${error.code}: ${error.message}` : String(error);
  }
}

test('an event passes as the same object, in both versions of the API and in any spelling', async (t) => {
  for (const text of REAL_EVENTS) {
    const event = eventOf(text);
    t.is(apply(event), event);
  }
  const spelled = fc.tuple(eventObject, fc.constantFrom('v1', 'v1beta1', 'v1alpha1'), choices);
  const property = fc.property(spelled, ([object, version, pick]) => {
    const event = eventOf(spell({ ...object, kind: 'Event', apiVersion: `audit.k8s.io/${version}` }, pick));
    t.is(apply(event), event);
  });
  await holds(t, property, { runs: 80 });
});

test('an AdmissionReview passes as it is', (t) => {
  for (const version of ['v1', 'v1beta1']) {
    const event = eventOf(REVIEW.replace('v1', version));
    t.is(apply(event), event);
  }
});

test('a list becomes its items, each with the bytes it had', async (t) => {
  const items = fc.array(fc.constantFrom(...REAL_ITEMS), { maxLength: 5 });
  const property = fc.property(items, (items) => {
    const events = [apply(eventOf(listOf(...items)))].flat() as AuditEvent[];
    t.deepEqual(
      events.map(({ raw }) => raw.toString()),
      items.map((item) => `${EVENT.slice(0, EVENT.indexOf('"verb"'))}${item.slice(1)}`),
    );
  });
  await holds(t, property, { runs: 50 });
});

test('an empty list becomes nothing', (t) => {
  t.deepEqual(apply(eventOf(listOf())), []);
  t.deepEqual(apply(eventOf(listOf().replace('[]', 'null'))), []);
});

test('what is no audit event is refused, with its kind', (t) => {
  const say = (what: string) => `not-an-audit-event: JSON, but not an audit event: it ${what}`;
  const long = 'K'.repeat(200);
  t.is(refusal(eventOf('{"kind":"Pod","apiVersion":"v1"}')), say('is of kind "Pod", apiVersion "v1"'));
  t.is(refusal(eventOf('{"kind":"Event","apiVersion":"v1"}')), say('is of kind "Event", apiVersion "v1"'));
  t.is(
    refusal(eventOf('{"kind":"Event","apiVersion":"events.k8s.io/v1"}')),
    say('is of kind "Event", apiVersion "events.k8s.io/v1"'),
  );
  t.is(
    refusal(eventOf('{"kind":"EventList","apiVersion":"v1","items":[]}')),
    say('is of kind "EventList", apiVersion "v1"'),
  );
  t.is(refusal(eventOf('{"kind":"AdmissionReview"}')), say('is of kind "AdmissionReview", apiVersion ""'));
  t.is(refusal(eventOf(`{"kind":"${long}"}`)), say(`is of kind "${long.slice(0, 100)}", apiVersion ""`));
  t.is(refusal(eventOf('{"kind":"\\"\\n"}')), say('is of kind "\\"\\n", apiVersion ""'));
  t.is(refusal(eventOf('{}')), say('has no kind'));
  t.is(refusal(eventOf('{"kind":17}')), say('has no kind'));
});

test('what is no JSON is refused for that, and not for its kind', (t) => {
  t.regex(refusal(eventOf('{"kind":"Pod"')), /^torn-line: /);
  t.regex(refusal(eventOf('{"kind":"Pod"} x')), /^not-json: /);
  t.regex(refusal(eventOf(`${listOf('{}').slice(0, -1)},}`)), /^not-json: /);
  t.regex(refusal(eventOf(listOf('{"a":1,,}'))), /^not-json: /);
  t.regex(refusal(eventOf('{"kind":"Pod","kind":"Pod"}')), /^duplicate-key: /);
  t.regex(refusal(eventOf(Buffer.from(listOf('{"a":"\xff"}'), 'latin1'))), /^invalid-utf8: /);
});

test('what the framer found wrong is what it is refused for', (t) => {
  const fault = new EventError('torn-line', 'cut in two');
  t.is(refusal(eventOf(EVENT, { source: 'x', line: 1, offset: 0 }, { fault })), 'torn-line: cut in two');
});

test('reads a limit with a unit, 16 MiB unless told otherwise', (t) => {
  t.deepEqual(parse.config.parse({}), { maxEventBytes: 16 * 1024 * 1024 });
  t.deepEqual(parse.config.parse({ maxEventBytes: '1MiB' }), { maxEventBytes: 1024 * 1024 });
  t.false(parse.config.safeParse({ maxEventBytes: 'much' }).success);
});
