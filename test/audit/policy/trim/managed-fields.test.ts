import test from 'ava';
import fc from 'fast-check';
import { eventOf } from '../../../../src/audit/bytes-event.ts';
import { mayHoldManagedFields } from '../../../../src/audit/policy/trim/managed-fields.ts';
import { trim } from '../../../../src/audit/policy/trim.ts';
import { choices, jsonValue, spell } from '../../../support/json-spelling.ts';
import { holds } from '../../../support/property.ts';
import { anyBody, decision } from '../recorded.ts';

const omitted = decision('RequestResponse', { omitManagedFields: true });

/** What is left of a body on one side of an event. */
function left(body: string, side = 'responseObject', verb = 'update'): string {
  const before = `{"level":"RequestResponse","verb":"${verb}","${side}":`;
  const event = eventOf(`${before}${body}}`);
  const trimmed = trim(event, omitted);
  const text = trimmed?.raw.toString() ?? '';
  if (text === event.raw.toString() && trimmed !== event) throw new Error('an unchanged event came back as another');
  return text.slice(before.length, -1);
}

const field = '"managedFields":[{"manager":"a"}]';

test('cuts them out of the metadata of an object, on both sides', (t) => {
  for (const side of ['requestObject', 'responseObject']) {
    t.is(left(`{"metadata":{"name":"a",${field}},"spec":{}}`, side), '{"metadata":{"name":"a"},"spec":{}}');
    t.is(left(`{"metadata":{${field},"name":"a"}}`, side), '{"metadata":{"name":"a"}}');
    t.is(left(`{"metadata":{${field}}}`, side), '{"metadata":{}}');
    t.is(left('{"metadata":{"managedFields":null}}', side), '{"metadata":{}}');
  }
});

test('leaves the body of a PATCH as it was sent, and cuts the response', (t) => {
  const object = `{"metadata":{${field}}}`;
  t.is(left(object, 'requestObject', 'patch'), object);
  t.is(left(object, 'responseObject', 'patch'), '{"metadata":{}}');
  for (const verb of ['create', 'update', 'delete', 'deletecollection']) {
    t.is(left(object, 'requestObject', verb), '{"metadata":{}}');
  }
});

test('cuts them out of each item of a list, and of what has items besides its own metadata', (t) => {
  const item = `{"metadata":{"name":"a",${field}},"x":1}`;
  t.is(
    left(`{"metadata":{},"items":[${item},{},${item}]}`),
    '{"metadata":{},"items":[{"metadata":{"name":"a"},"x":1},{},{"metadata":{"name":"a"},"x":1}]}',
  );
  t.is(left(`{"items":[${item}],"metadata":{${field}}}`), '{"items":[{"metadata":{"name":"a"},"x":1}],"metadata":{}}');
  t.is(left(`{"items":[],"metadata":{${field}}}`), '{"items":[],"metadata":{}}');
  for (const items of ['null', '{}', '1', '"x"']) {
    t.is(left(`{"items":${items},"metadata":{${field}}}`), `{"items":${items},"metadata":{}}`);
  }
});

test('leaves the whole object alone when an item is no object', (t) => {
  for (const other of ['null', '1', '"x"', '[]', 'true']) {
    for (const items of [`[{"metadata":{${field}}},${other}]`, `[${other},{"metadata":{${field}}}]`]) {
      const inFront = `{"metadata":{${field}},"items":${items}}`;
      const behind = `{"items":${items},"metadata":{${field}}}`;
      t.is(left(inFront), inFront);
      t.is(left(behind), behind);
    }
  }
});

test('cuts them out of the objects in the rows of a Table of meta.k8s.io', (t) => {
  const table = (metadata: string, kind = 'Table', apiVersion = 'meta.k8s.io/v1') =>
    `{"kind":"${kind}","rows":[{"cells":[1],"object":{"metadata":${metadata}}},{"cells":[]},{"object":null},1],"apiVersion":"${apiVersion}"}`;
  t.is(left(table(`{"uid":"u",${field}}`)), table('{"uid":"u"}'));
  t.is(left(table(`{${field}}`, 'Table', 'meta.k8s.io/v1beta1')), table('{}', 'Table', 'meta.k8s.io/v1beta1'));
  for (const other of [table(`{${field}}`, 'Tables'), table(`{${field}}`, 'Table', 'example.com/v1')]) {
    t.is(left(other), other);
  }
});

test('looks nowhere else and no deeper', (t) => {
  const deeper = [
    `{${field}}`,
    `{"spec":{"template":{"metadata":{${field}}}}}`,
    `{"metadata":{"labels":{${field}}}}`,
    `{"metadata":[{${field}}]}`,
    `{"items":[{"items":[{"metadata":{${field}}}]}]}`,
    `{"items":[{"spec":{"metadata":{${field}}}}]}`,
    `[{"metadata":{${field}}}]`,
    String.raw`{"metadata":{"annotations":{"a":"{\"metadata\":{\"managedFields\":[]}}"}}}`,
    '{"metadata":{"managedfields":[],"managedFieldsX":[]}}',
    '{"rows":[{"object":{"metadata":{"managedFields":[]}}}]}',
    'null',
    '"managedFields"',
    '1',
  ];
  for (const body of deeper) t.is(left(body), body);
});

test('knows the keys in any spelling, and cuts them as often as they occur', (t) => {
  t.is(left(String.raw`{"m\u0065tadata":{"a":1,"managed\u0046ields":[]}}`), String.raw`{"m\u0065tadata":{"a":1}}`);
  t.is(
    left(String.raw`{"item\u0073":[{"metadata" : { ${field} , "a":1}}]}`),
    String.raw`{"item\u0073":[{"metadata" : { "a":1}}]}`,
  );
  t.is(
    left('{"metadata":{"managedFields":1,"a":2,"managedFields":3},"metadata":{"managedFields":4}}'),
    '{"metadata":{"a":2},"metadata":{}}',
  );
});

test('the quick look misses nothing that cutting would find', async (t) => {
  const value = fc.oneof(anyBody, jsonValue);
  const property = fc.property(value, choices, (body, pick) => {
    const spelled = spell(body, pick);
    const keys = JSON.stringify(JSON.parse(spelled)).includes('"managedFields":');
    t.true(!keys || mayHoldManagedFields(Buffer.from(spelled)));
  });
  await holds(t, property, { runs: 300 });
  t.false(mayHoldManagedFields(Buffer.from('{"metadata":{"name":"\\n\\"managed"}}')));
});

test('a body of many keys is looked at once, whatever the keys are', (t) => {
  const before = performance.now();
  for (const key of ['rows', 'items', 'metadata']) {
    const body = `{${field},${`"${key}":[],`.repeat(40_000)}"kind":"Table","apiVersion":"meta.k8s.io/v1"}`;
    t.is(left(body).length, body.length);
  }
  t.true(performance.now() - before < 5000);
});
