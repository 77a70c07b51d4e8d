import test from 'ava';
import fc from 'fast-check';
import { eventOf } from '../../src/audit/bytes-event.ts';
import type { EventHead } from '../../src/core/event.ts';
import { eventObject, inUpstreamOrder } from '../support/event-arbitrary.ts';
import { choices, spell } from '../support/json-spelling.ts';
import { holds } from '../support/property.ts';

type Json = Record<string, unknown>;

/** How each field is read from a head, and from what JSON.parse made of the same bytes. */
const READERS: Readonly<Record<string, readonly [(head: EventHead) => unknown, (json: Json) => unknown]>> = {
  level: [(head) => head.level, (json) => json.level],
  auditID: [(head) => head.auditID, (json) => json.auditID],
  stage: [(head) => head.stage, (json) => json.stage],
  requestURI: [(head) => head.requestURI, (json) => json.requestURI],
  verb: [(head) => head.verb, (json) => json.verb],
  user: [(head) => head.user, (json) => unlessEmpty(json.user)],
  impersonatedUser: [(head) => head.impersonatedUser, (json) => unlessEmpty(json.impersonatedUser)],
  sourceIPs: [(head) => head.sourceIPs, (json) => json.sourceIPs ?? []],
  userAgent: [(head) => head.userAgent, (json) => json.userAgent],
  objectRef: [(head) => head.objectRef, (json) => json.objectRef],
  code: [(head) => head.code, (json) => (json.responseStatus as { code?: number })?.code],
  message: [(head) => head.message, (json) => (json.responseStatus as { message?: string })?.message],
  stageTimestamp: [(head) => head.stageTimestamp, (json) => json.stageTimestamp],
  received: [(head) => head.requestReceivedTimestamp, (json) => json.requestReceivedTimestamp],
  annotation: [(head) => head.annotation('é'), (json) => (json.annotations as Record<string, string>)?.é],
};

function unlessEmpty(user: unknown): unknown {
  return user === undefined || Object.keys(user as object).length === 0 ? undefined : user;
}

test('reads every head field as JSON.parse does, in any order of keys and of questions', async (t) => {
  const questions = fc.shuffledSubarray(Object.keys(READERS), { minLength: 1 });
  await holds(
    t,
    fc.property(eventObject, choices, questions, fc.constantFrom('spelled', 'upstream'), (object, pick, asked, how) => {
      const bytes = how === 'spelled' ? spell(object, pick) : JSON.stringify(inUpstreamOrder(object));
      const event = eventOf(bytes);
      const json = JSON.parse(bytes);
      for (const name of asked) {
        const [read, expected] = READERS[name] as (typeof READERS)[string];
        t.deepEqual(read(event.head), expected(json), `${name} of ${bytes}`);
      }
      t.is(event.check(), undefined);
    }),
    { runs: 500 },
  );
});

test('an event cut anywhere is refused by its check', async (t) => {
  await holds(
    t,
    fc.property(
      eventObject,
      choices,
      fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
      (object, pick, share) => {
        const whole = Buffer.from(spell(object, pick));
        const cut = whole.subarray(0, Math.floor(share * whole.length));
        t.not(eventOf(cut).check(), undefined);
      },
    ),
  );
});

test('asking a damaged event throws an EventError or answers; nothing else', async (t) => {
  await holds(
    t,
    fc.property(eventObject, choices, fc.nat(), fc.nat({ max: 255 }), (object, pick, place, byte) => {
      const bytes = Buffer.from(spell(object, pick));
      bytes[place % bytes.length] = byte;
      for (const [read] of Object.values(READERS)) {
        try {
          read(eventOf(bytes).head);
        } catch (error) {
          t.is((error as Error).name, 'EventError');
        }
      }
      t.pass();
    }),
  );
});

test('names what is wrong with an event', (t) => {
  const code = (bytes: Buffer | string) => eventOf(bytes).check()?.code;
  t.is(code('{"kind":"Event"'), 'torn-line');
  t.is(code('{"kind":"Event"} x'), 'not-json');
  t.is(code('{"kind":"Event","verb":"a","verb":"a"}'), 'duplicate-key');
  t.is(code(String.raw`{"x":1,"\u0078":2}`), 'duplicate-key');
  t.is(code('{"a":{"b":1,"b":2}}'), undefined);
  t.is(code(Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d])), 'invalid-utf8');
  t.is(code('[]'), 'not-json');
  t.is(code('{}'), undefined);
});

test('a check that came first changes no answer', async (t) => {
  await holds(
    t,
    fc.property(eventObject, choices, (object, pick) => {
      const [checked, fresh] = [spell(object, pick), spell(object, pick)].map((bytes) => eventOf(bytes));
      t.is(checked?.check(), undefined);
      for (const [name, [read]] of Object.entries(READERS)) {
        t.deepEqual(read(checked?.head as EventHead), read(fresh?.head as EventHead), name);
      }
    }),
  );
});

test('labels are added beside what is known of an event', (t) => {
  const event = eventOf('{"kind":"Event"}');
  const labelled = event.label({ a: '1' }).label({ b: '2' });
  t.deepEqual(labelled.labels, { a: '1', b: '2' });
  t.deepEqual(event.labels, {});
  t.is(event.head, event.label({ a: '1' }).head);
  t.true(labelled.raw.equals(event.raw));
});

test('splices edits and leaves every other byte alone', (t) => {
  const event = eventOf('{"kind":"Event", "level":"Request","n":12345678901234567890}').label({ rule: '3' });
  const spliced = event.splice([{ start: 25, end: 34, text: '"None"' }]);
  t.is(spliced.raw.toString(), '{"kind":"Event", "level":"None","n":12345678901234567890}');
  t.is(spliced.head.level, 'None');
  t.deepEqual(spliced.labels, { rule: '3' });
  t.is(event.head.level, 'Request');
});

test('reads the head of an AdmissionReview from its request', (t) => {
  const { head } = eventOf(
    JSON.stringify({
      kind: 'AdmissionReview',
      apiVersion: 'admission.k8s.io/v1',
      request: {
        uid: 'u-1',
        operation: 'CONNECT',
        resource: { group: '', version: 'v1', resource: 'pods' },
        subResource: 'exec',
        namespace: 'shop',
        name: 'web-0',
        userInfo: { username: 'alice', groups: ['dev'] },
      },
      requestReceivedTimestamp: '2026-11-21T06:00:00Z',
    }),
  );
  t.is(head.verb, 'create');
  t.is(head.auditID, 'u-1');
  t.is(head.stage, 'RequestReceived');
  t.deepEqual(head.user, { username: 'alice', groups: ['dev'] });
  t.deepEqual(head.objectRef, {
    resource: 'pods',
    subresource: 'exec',
    namespace: 'shop',
    name: 'web-0',
    apiVersion: 'v1',
  });
  t.is(head.requestReceivedTimestamp, '2026-11-21T06:00:00Z');
  t.is(head.code, undefined);
});
