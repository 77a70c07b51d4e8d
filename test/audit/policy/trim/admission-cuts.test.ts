import test from 'ava';
import fc from 'fast-check';
import { eventOf } from '../../../../src/audit/bytes-event.ts';
import { trim } from '../../../../src/audit/policy/trim.ts';
import { choices, spell } from '../../../support/json-spelling.ts';
import { holds } from '../../../support/property.ts';
import { anyBody, decision } from '../recorded.ts';

const review = (request: string) =>
  `{"kind":"AdmissionReview","apiVersion":"admission.k8s.io/v1","request":${request},"object":1}`;

test('Metadata leaves neither object, oldObject nor options; any higher level leaves all', (t) => {
  const event = eventOf(
    review(
      '{"uid":"u","operation":"UPDATE","object":{"a":[1]},"oldObject":null,"dryRun":false,"options":{"kind":"x"}}',
    ),
  );
  const trimmed = trim(event, decision('Metadata'));
  t.is(trimmed?.raw.toString(), review('{"uid":"u","operation":"UPDATE","dryRun":false}'));
  t.is(trimmed?.check(), undefined);
  t.is(trimmed?.head.verb, 'update');
  t.is(trimmed?.head.level, undefined);
  t.is(trim(trimmed ?? event, decision('Metadata')), trimmed);
  t.is(trim(event, decision('Request')), event);
  t.is(trim(event, decision('RequestResponse')), event);
});

test('is dropped by level None and with the stage RequestReceived', (t) => {
  const event = eventOf(review('{}'));
  t.is(trim(event, decision('None')), undefined);
  t.is(trim(event, decision('Metadata', { omitStages: ['RequestReceived'] })), undefined);
  t.is(trim(event, decision('Metadata', { omitStages: ['ResponseComplete'] })), event);
});

test('managedFields go from object and oldObject, also of a PATCH: they are objects, not patches', (t) => {
  const object = (metadata: string) => `{"metadata":{"name":"a"${metadata}}}`;
  const request = (metadata: string) =>
    review(`{"operation":"UPDATE","object":${object(metadata)},"oldObject":${object(metadata)}}`);
  const event = eventOf(request(',"managedFields":[]'));
  t.is(trim(event, decision('Request', { omitManagedFields: true }))?.raw.toString(), request(''));
  t.is(trim(event, decision('Request')), event);
});

test('leaves what deleting from the parsed review leaves, however it is written', async (t) => {
  const request = fc.record(
    { uid: fc.string(), object: anyBody, oldObject: anyBody, options: anyBody, name: anyBody },
    { requiredKeys: [] },
  );
  const property = fc.property(fc.oneof({ weight: 5, arbitrary: request }, anyBody), choices, (request, pick) => {
    const text = spell({ request, kind: 'AdmissionReview', object: 1 }, pick);
    const event = eventOf(text);
    const trimmed = trim(event, decision('Metadata'));
    const expected = JSON.parse(text);
    for (const name of ['object', 'oldObject', 'options']) {
      if (typeof expected.request === 'object' && !Array.isArray(expected.request)) delete expected.request?.[name];
    }
    t.is(JSON.stringify(JSON.parse(trimmed?.raw.toString() ?? '')), JSON.stringify(expected));
    t.is(trimmed === event, JSON.stringify(expected) === JSON.stringify(JSON.parse(text)));
  });
  await holds(t, property, { runs: 300 });
});

test('a review that is broken inside of what is cut is refused', (t) => {
  const text = review('{"object":{"a":[}}');
  const event = eventOf(text);
  t.throws(() => trim(event, decision('Metadata', { omitStages: ['x'] }))?.head.verb, { name: 'EventError' });
  t.not(event.check(), undefined);
  t.is(trim(event, decision('Metadata')), event);
});
