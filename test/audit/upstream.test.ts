import { readFileSync } from 'node:fs';
import test from 'ava';
import fc from 'fast-check';
import { annotationsBehind, isUpstream, upstreamAuditID, upstreamTail } from '../../src/audit/upstream.ts';
import { holds } from '../support/property.ts';

const events = readFileSync(new URL('../../samples/events/audit.log', import.meta.url))
  .toString('latin1')
  .trim()
  .split('\n');
const event = fc.constantFrom(...events);

function ask(text: string, padding = 'x') {
  const bytes = Buffer.from(padding + text + padding, 'latin1');
  const [start, end] = [padding.length, bytes.length - padding.length];
  const id = upstreamAuditID(bytes, start, end);
  const tail = upstreamTail(bytes, start, end);
  const annotations = tail < 0 ? 0 : annotationsBehind(tail, bytes);
  return {
    begins: isUpstream(bytes, start, end),
    idKey: id < 0 ? undefined : bytes.toString('latin1', id - '"auditID"'.length, id),
    ends: tail > 0,
    tail: tail < 0 ? undefined : bytes.toString('latin1', tail, end),
    annotations: annotations === 0 ? undefined : bytes.toString('latin1', annotations, end - 1),
  };
}

test('knows every event of a real server by its beginning and its end', (t) => {
  for (const text of events) {
    const { begins, idKey, ends, tail, annotations } = ask(text);
    t.true(begins && ends);
    t.is(idKey, '"auditID"');
    t.is(tail, text.slice(text.lastIndexOf(',"requestReceivedTimestamp"')));
    t.is(annotations, JSON.parse(text).annotations && JSON.stringify(JSON.parse(text).annotations));
  }
});

test('an event without its last bytes does not end as kube-apiserver ends it', async (t) => {
  await holds(
    t,
    fc.property(event, fc.double({ min: 0, max: 1, noNaN: true }), (text, share) => {
      t.false(ask(text.slice(0, Math.floor(share * (text.length - 1)))).ends);
    }),
  );
});

test('an event without its first bytes does not begin as kube-apiserver begins it', async (t) => {
  await holds(
    t,
    fc.property(event, fc.integer({ min: 1, max: 60 }), (text, cut) => {
      const { begins, idKey } = ask(text.slice(cut));
      t.false(begins);
      t.is(idKey, undefined);
    }),
  );
});

test('takes no other key for the audit ID, nor a later one for the first', (t) => {
  const head = '{"kind":"Event","apiVersion":"audit.k8s.io/v1"';
  for (const rest of [
    ',"level":"Metadata"{"auditID":"x"}',
    '{"kind":"Event","apiVersion":"audit.k8s.io/v1","level":"Metadata","auditID":"x"}',
    ',"level":"Metadata","auditIDs":"x"}',
    ',"level":"a longer word than any","auditID":"x"}',
    ',"stage":"Panic","auditID":"x"}',
    '}',
    ',"level":"',
  ]) {
    t.is(ask(head + rest).idKey, undefined, rest);
  }
  t.is(ask(`${head},"level":"","auditID":"x"}`).idKey, '"auditID"');
});

test('what stands behind the timestamps can only be the annotations', (t) => {
  const [text = ''] = events.filter((one) => !one.includes('"annotations"'));
  const open = text.slice(0, -1);
  t.true(ask(`${open},"annotations":{"a":"}{\\""}}`).ends);
  for (const rest of [
    '} ',
    ',"other":{"a":"b"}}',
    ',"annotations":{"a":"b"}} {}',
    '}{}',
    ',"annotations":"a"}',
    '}]}',
  ]) {
    t.false(ask(open + rest).ends, rest);
  }
});
