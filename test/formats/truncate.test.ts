import { createHash } from 'node:crypto';
import test from 'ava';
import fc from 'fast-check';
import { eventObject } from '../support/event-arbitrary.ts';
import { choices, jsonValue, spell } from '../support/json-spelling.ts';
import { holds } from '../support/property.ts';
import {
  anyCuts,
  EVENTS,
  everywhere,
  LIST,
  outcomes,
  pretty,
  readDocument,
  readLine,
  texts,
  wellFormed,
} from './reading.ts';

const HEAD = '"kind":"Event","apiVersion":"audit.k8s.io/v1",';
const LIST_HEAD = { kind: 'EventList', apiVersion: 'audit.k8s.io/v1' };
const MARK = '"audit.k8s.io/truncated":"true"';

test('cuts the bodies of an event that is too large, and says so in its annotations', async (t) => {
  const body = fc.nat({ max: 40 }).map((n) => Array.from({ length: n }, (_, i) => ({ i, text: 'x'.repeat(i) })));
  const bodies = fc.record({ requestObject: body, responseObject: body }, { requiredKeys: [] });
  const arbitraries = [eventObject, bodies, choices, fc.boolean(), fc.integer({ min: 60, max: 900 })] as const;
  const property = fc.property(...arbitraries, (event, parts, pick, listed, room) => {
    const source: Record<string, unknown> = { ...event, ...parts, kind: 'Event' };
    const { requestObject, responseObject, ...rest } = source;
    const annotations = { ...(rest.annotations as object), 'audit.k8s.io/truncated': 'true' };
    const text = spell(listed ? { ...LIST_HEAD, items: [source] } : source, pick);
    const size = (readDocument(spell(rest, pick)).records[0]?.bytes.length ?? 0) + room;
    const full = readDocument(text).records[0]?.bytes.length ?? 0;
    const [record] = readDocument(text, { maxEventBytes: size, linesPerPush: 1 }).records;
    t.true(record !== undefined && 'truncated' in record);
    if (record === undefined || !('truncated' in record)) return;
    t.is(record.truncated, full > size);
    t.true(record.bytes.length <= size);
    t.deepEqual(JSON.parse(record.bytes.toString()), wellFormed(record.truncated ? { ...rest, annotations } : source));
  });
  await holds(t, property);
});

test('an event that is too large without its bodies is a fault, as is anything else that is too large', (t) => {
  const event = { kind: 'Event', requestObject: {}, verb: 'x'.repeat(300), responseObject: {} };
  const review = { kind: 'AdmissionReview', request: { object: 'x'.repeat(300) }, requestObject: 'x'.repeat(300) };
  const unnamed = { requestObject: 'x'.repeat(300) };
  for (const value of [event, review, unnamed]) {
    const text = pretty(value);
    const reading = readDocument(`${text}{"b":1}`, { maxEventBytes: 200, linesPerPush: 1 });
    t.deepEqual(outcomes(reading.records), ['event-too-large']);
    t.deepEqual([...texts(reading.records), reading.rest], [text.trimEnd(), '\n{"b":1}']);
  }
  const items = [{ a: 1 }, 'x'.repeat(300), event, { a: 2 }];
  const list = readDocument(pretty({ ...LIST_HEAD, items }), { maxEventBytes: 200 });
  t.deepEqual(outcomes(list.records), ['ok', 'event-too-large', 'event-too-large', 'ok']);
  t.is(texts(list.records)[1], `"${'x'.repeat(300)}"`);
  t.deepEqual(JSON.parse(texts(list.records)[2] ?? ''), event);
  const line = `{"a":"${'x'.repeat(300)}"}`;
  t.deepEqual(texts(readDocument(`${LIST}"items":[${line} , ${line}]\n}`, { maxEventBytes: 200 }).records), [
    line,
    line,
  ]);
});

test('tells the length and hash of a record that is too large to show', (t) => {
  const text = pretty({ kind: 'Event', verb: 'x'.repeat(100_000) }).trimEnd();
  const [record] = readDocument(`${text}\n`, { maxEventBytes: 1000 }).records;
  t.true(record !== undefined && 'fault' in record);
  if (record === undefined || !('fault' in record)) return;
  t.is(record.bytes.length, 64 * 1024);
  t.deepEqual(record.fault.excerpt, { bytes: text.length, sha256: createHash('sha256').update(text).digest('hex') });
});

test('a broken escape in a key harms nothing', (t) => {
  const body = 'x'.repeat(200);
  const line = String.raw`{"kind":"Event","\q":1,"requestObject":"${body}","annotations":{"\q":"a"}}`;
  const [record] = readLine(line, { maxEventBytes: 200 });
  t.true(record !== undefined && 'truncated' in record && record.truncated);
});

test('cuts the bodies out of a huge event and touches nothing else', (t) => {
  const body = (name: string, size: number) => `"${name}":{"a":"${'x'.repeat(size)}"}`;
  const cases = [
    [
      `{"kind":"Event",${body('requestObject', 500)},${body('responseObject', 9)},"z":1}`,
      `{"kind":"Event","z":1,"annotations":{${MARK}}}`,
    ],
    [
      `{"kind":"Event",${body('requestObject', 9)},"y":[ 1.0 ],${body('responseObject', 500)}}`,
      `{"kind":"Event","y":[ 1.0 ],"annotations":{${MARK}}}`,
    ],
    [
      `{${body('requestObject', 9)},${body('responseObject', 500)},"kind":"Event"}`,
      `{"kind":"Event","annotations":{${MARK}}}`,
    ],
    [
      `{${body('requestObject', 500)},"kind":"Event",${body('responseObject', 500)}}`,
      `{"kind":"Event","annotations":{${MARK}}}`,
    ],
    [
      `{"kind":"Event",${body('requestObject', 500)},"annotations":{"a":"b","b":""}}`,
      `{"kind":"Event","annotations":{"a":"b",${MARK},"b":""}}`,
    ],
    [
      `{"kind":"Event",${body('requestObject', 500)},"annotations":{"b":""}}`,
      `{"kind":"Event","annotations":{${MARK},"b":""}}`,
    ],
    [
      `{"kind":"Event","annotations":{"a":"b" },${body('requestObject', 500)}}`,
      `{"kind":"Event","annotations":{"a":"b",${MARK} }}`,
    ],
    [`{"annotations":{},"kind":"Event",${body('requestObject', 500)}}`, `{"annotations":{${MARK}},"kind":"Event"}`],
    [`{"annotations":null,"kind":"Event",${body('requestObject', 500)}}`, `{"annotations":{${MARK}},"kind":"Event"}`],
    [
      `{"kind":"Event",${body('requestObject', 500)},"annotations":{${MARK}}}`,
      `{"kind":"Event","annotations":{${MARK}}}`,
    ],
  ] as const;
  for (const [line, expected] of cases) {
    for (const cuts of [[], everywhere(line)]) {
      const records = readLine(line, { maxEventBytes: 200, cuts });
      t.deepEqual([texts(records), outcomes(records)], [[expected], ['truncated']]);
    }
  }
});

test('a truncated event is the original without bodies and with the annotation', async (t) => {
  const body = fc.nat({ max: 9000 }).map((length) => 'x'.repeat(length));
  const bodies = fc.record({ requestObject: body, responseObject: jsonValue }, { requiredKeys: [] });
  const arbitraries = [eventObject, bodies, choices, fc.boolean(), anyCuts] as const;
  const property = fc.property(...arbitraries, (event, parts, pick, listed, cuts) => {
    const source: Record<string, unknown> = { ...event, ...parts, kind: 'Event' };
    const { requestObject, responseObject, ...rest } = source;
    const text = spell(source, pick);
    const maxEventBytes = Buffer.byteLength(spell(rest, () => 0)) + 100;
    const [record] = readLine(listed ? `${LIST}"items":[${text}]}` : text, { maxEventBytes, cuts });
    t.true(record !== undefined && 'truncated' in record);
    if (record === undefined || !('truncated' in record)) return;
    t.is(record.truncated, Buffer.byteLength(text) > maxEventBytes);
    t.true(record.bytes.length <= maxEventBytes);
    if (!record.truncated) return t.is(record.bytes.toString(), text);
    const annotations = { ...(rest.annotations as object), 'audit.k8s.io/truncated': 'true' };
    return t.deepEqual(JSON.parse(record.bytes.toString()), JSON.parse(JSON.stringify({ ...rest, annotations })));
  });
  await holds(t, property, { runs: 80 });
});

test('what is too large and no Event is a fault with its beginning, length and hash', (t) => {
  const large = `"requestObject":"${'x'.repeat(100_000)}"`;
  for (const record of [
    `{"kind":"AdmissionReview",${large}}`,
    `{${large},"kind":"Other"}`,
    `{"kind":"Event","verb":${large.slice(16)}}`,
  ]) {
    for (const cuts of [[], [70_000], [10, 20, 30, 90_000]]) {
      const [, fault, last] = readLine(`{"a":1}${record} {"b":1}`, { maxEventBytes: 5000, cuts });
      t.true(fault !== undefined && 'fault' in fault);
      if (fault === undefined || !('fault' in fault)) return;
      t.is(fault.fault.code, 'event-too-large');
      t.is(fault.bytes.toString(), record.slice(0, 64 * 1024));
      t.deepEqual(fault.fault.excerpt, {
        bytes: record.length,
        sha256: createHash('sha256').update(record).digest('hex'),
      });
      t.is(last?.bytes.toString(), '{"b":1}');
    }
  }
});

test('a fault shows its own record when several are too large', (t) => {
  const lines = ['a', 'b', 'c'].map((name) => `{"${name}":"${name.repeat(300)}"}`);
  t.deepEqual(texts(readLine(lines.join(''), { maxEventBytes: 200 })), lines);
  t.deepEqual(texts(readLine(`${LIST}"items":[${lines}]}`, { maxEventBytes: 200 })), lines);
});

test('an item that is too large costs itself only', (t) => {
  const items = ['{"a":1}', `{"requestObject":"${'x'.repeat(999)}"}`, `{"verb":"${'x'.repeat(999)}"}`, '{"b":1}'];
  const records = readLine(`${LIST}"items":[${items}]}`, { maxEventBytes: 200 });
  t.deepEqual(outcomes(records), ['ok', 'truncated', 'event-too-large', 'ok']);
  t.deepEqual(texts(records).slice(1, 3), [`{${HEAD}"annotations":{${MARK}}}`, items[2]]);
});

test('garbled input makes no reader throw, and no record larger than the limit', async (t) => {
  const noise = fc.array(fc.tuple(fc.nat({ max: 2000 }), fc.constantFrom(...'"\\{}[],:x \n\xff')), {
    minLength: 1,
    maxLength: 9,
  });
  const limit = fc.integer({ min: 50, max: 1500 });
  const property = fc.property(
    fc.constantFrom(...EVENTS),
    noise,
    limit,
    fc.boolean(),
    (line, changes, maxEventBytes, list) => {
      const bytes = Buffer.from(
        list ? `${LIST}"items":[${line},${line}]}${line}` : line.replace('"annotations"', '"a":t"e,"annotations"'),
      );
      for (const [place, character] of changes) bytes.write(character, place % bytes.length, 'latin1');
      const records = [...readLine(bytes, { maxEventBytes }), ...readDocument(bytes, { maxEventBytes }).records];
      for (const record of records) t.true('fault' in record || record.bytes.length <= maxEventBytes);
    },
  );
  await holds(t, property, { runs: 300 });
});
