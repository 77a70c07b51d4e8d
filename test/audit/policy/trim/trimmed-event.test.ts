import test from 'ava';
import { eventOf } from '../../../../src/audit/bytes-event.ts';
import { TrimmedEvent } from '../../../../src/audit/policy/trim/trimmed-event.ts';
import { trim } from '../../../../src/audit/policy/trim.ts';
import type { EventHead } from '../../../../src/core/event.ts';
import { decision } from '../recorded.ts';

const text = (level: string, rest: string, annotations: string) =>
  `{"kind":"Event","apiVersion":"audit.k8s.io/v1","level":"${level}","auditID":"id","stage":"Panic","requestURI":"/x",` +
  '"verb":"patch","user":{"username":"alice"},"impersonatedUser":{"username":"bob"},"sourceIPs":["10.0.0.1"],' +
  '"userAgent":"kubectl","objectRef":{"resource":"pods"},"responseStatus":{"message":"no","code":403}' +
  `${rest},"requestReceivedTimestamp":"2026-11-21T00:00:00.000000Z","stageTimestamp":"2026-11-21T00:00:01.000000Z",` +
  `"annotations":{"a":"1"${annotations}}}`;
const full = text(
  'RequestResponse',
  ',"requestObject":{"x":[1]},"responseObject":{"y":2}',
  ',"patch.webhook.admission.k8s.io/round_0_index_0":"{}"',
);
const rest = text('Metadata', '', '');
const origin = { source: 'audit.log', line: 7, offset: 4096 };

function trimmed(): TrimmedEvent {
  const event = trim(eventOf(full, origin, { labels: { cluster: 'a' } }), decision('Metadata'));
  if (!(event instanceof TrimmedEvent)) throw new Error('nothing was trimmed');
  return event;
}

test('has the head of what is left, before and after it is cut out', (t) => {
  const event = trimmed();
  const expected = eventOf(rest).head;
  const read = (head: EventHead) => [
    ...[head.kind, head.apiVersion, head.level, head.auditID, head.stage, head.requestURI, head.verb, head.user],
    ...[head.impersonatedUser, head.sourceIPs, head.userAgent, head.objectRef, head.code, head.message],
    ...[head.requestReceivedTimestamp, head.stageTimestamp, head.annotation('a')],
    head.annotation('patch.webhook.admission.k8s.io/round_0_index_0'),
  ];
  t.deepEqual(read(event.head), read(expected));
  t.is(event.raw.toString(), rest);
  t.deepEqual(read(event.head), read(expected));
});

test('is what is left in every view', (t) => {
  const event = trimmed();
  t.is(event.size, rest.length);
  t.is(event.chunk.toString('utf8', event.start, event.end), rest);
  t.deepEqual(event.json, JSON.parse(rest));
  t.deepEqual(event.origin, origin);
  t.deepEqual(event.labels, { cluster: 'a' });
  t.is(event.fault, undefined);
  t.is(event.check(), undefined);
});

test('can be labelled and spliced like any other event', (t) => {
  for (const cutFirst of [true, false]) {
    const event = trimmed();
    if (cutFirst) t.is(event.size, rest.length);
    const labelled = event.label({ rule: '3' });
    t.deepEqual(labelled.labels, { cluster: 'a', rule: '3' });
    t.deepEqual(event.labels, { cluster: 'a' });
    const at = rest.indexOf('"alice"');
    const spliced = labelled.splice([{ start: at, end: at + 7, text: '"***"' }]);
    t.is(spliced.raw.toString(), rest.replace('alice', '***'));
    t.deepEqual(spliced.labels, labelled.labels);
    t.deepEqual(spliced.origin, origin);
    t.is(labelled.raw.toString(), rest);
  }
});

test('copies nothing before bytes are asked for', (t) => {
  const original = eventOf(full);
  const event = trim(original, decision('Metadata'));
  t.is(event?.head.code, 403);
  t.is(event?.label({ a: 'b' }).head.verb, 'patch');
  original.chunk.write('"zzzzz"', full.indexOf('"alice"'));
  t.is(event?.raw.toString(), rest.replace('alice', 'zzzzz'));
});

test('trimming it further cuts from what is left', (t) => {
  const once = trim(eventOf(full), decision('Request'));
  const twice = trim(once ?? eventOf(''), decision('Metadata'));
  t.is(twice?.raw.toString(), rest);
  t.is(twice?.check(), undefined);
});
