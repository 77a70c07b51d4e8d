import test from 'ava';
import fc from 'fast-check';
import type { DocumentRecord } from '../../src/formats/record.ts';
import { eventObject } from '../support/event-arbitrary.ts';
import { choices, jsonValue, spell } from '../support/json-spelling.ts';
import { holds } from '../support/property.ts';
import { documentReader, EXACT, LIST, outcomes, pretty, readDocument, texts, wellFormed } from './reading.ts';

test('gives back the bytes of real events that were pretty-printed', (t) => {
  t.true(EXACT.length > 40);
  for (const line of EXACT) t.deepEqual(texts(readDocument(pretty(JSON.parse(line))).records), [line]);
});

test('keeps the spelling of numbers', (t) => {
  const numbers = '[12345678901234567890,1.0,1e21,-0,-0.5E-7,0,1E+2]';
  t.deepEqual(texts(readDocument(`{\n  "a": ${numbers.replaceAll(',', ' ,\n')}\n}`).records), [`{"a":${numbers}}`]);
});

test('escapes strings as Go does', (t) => {
  const source = String.raw`"<>&\u2028\u2029\b\f\n\r\t\u0001\u001F\u007f\/\"\\\u00e9é\ud83d\ude00😀\ud800x\udc00"`;
  const compact = String.raw`"\u003c\u003e\u0026\u2028\u2029\b\f\n\r\t\u0001\u001fDEL/\"\\éé😀😀�x�"`.replace(
    'DEL',
    '\x7f',
  );
  t.deepEqual(texts(readDocument(`{\n${source}: ${source}\n}`).records), [`{${compact}:${compact}}`]);
});

test('compacts any object, however it is laid out', async (t) => {
  const property = fc.property(
    eventObject,
    jsonValue,
    choices,
    fc.integer({ min: 1, max: 3 }),
    (event, value, pick, n) => {
      const source = { ...event, kind: 'Event', value };
      const reading = readDocument(spell(source, pick), { linesPerPush: n });
      t.is(reading.rest, '');
      t.is(texts(reading.records).length, 1);
      t.deepEqual(JSON.parse(texts(reading.records)[0] ?? ''), wellFormed(source));
    },
  );
  await holds(t, property);
});

test('compacts what was printed with any indentation to what prints without', async (t) => {
  const indent = fc.oneof(fc.integer({ min: 1, max: 10 }), fc.constantFrom('\t', ' \t'));
  const property = fc.property(fc.dictionary(fc.string(), fc.jsonValue()), indent, (value, by) => {
    t.deepEqual(
      texts(readDocument(pretty(value, by)).records).map((text) => JSON.parse(text)),
      [JSON.parse(JSON.stringify(value))],
    );
  });
  await holds(t, property);
});

test('emits the items of an EventList, each with kind and apiVersion', (t) => {
  const items = EXACT.map((line) => JSON.parse(line)).map(({ kind, apiVersion, ...item }) => item);
  const list = { kind: 'EventList', apiVersion: 'audit.k8s.io/v1', metadata: {}, items };
  t.deepEqual(texts(readDocument(pretty(list)).records), EXACT);
  t.deepEqual(texts(readDocument(pretty(list, 7), { linesPerPush: 1 }).records), EXACT);
});

test('a document that has not said that it is a list of audit events in front of its items is one record', (t) => {
  const version = '"apiVersion":"audit.k8s.io/v1"';
  for (const line of [
    '{"items":[{"a":1},{}],"kind":"PodList"}',
    `{"items":[{"a":1},{}],"kind":"EventList",${version}}`,
    `{"kind":"EventList","items":[{"a":1}],${version}}`,
    `{${version},"items":[{"a":1}],"kind":"EventList"}`,
    '{"kind":"EventList","apiVersion":"v1","items":[{"a":1}]}',
    `{"kind":"EventList",${version.replace('/v1', `/${'v'.repeat(99)}`)},"items":[{"a":1}]}`,
    `{"kind":{"a":"EventList"},${version},"items":[{"a":1}]}`,
    `{"kind":"PodList","kind":"EventList",${version},"items":[{"a":1}]}`,
  ]) {
    t.deepEqual(texts(readDocument(line.replaceAll(',', '\n,')).records), [line]);
  }
});

test('leaves items alone that have a kind of their own or are no objects', (t) => {
  const items = '{"a":{"kind":1},"kind":"Event"},{"kind":null},1,"x,]",[{"kind":"y"}],null';
  const reading = readDocument(`${LIST}"items":\n[${items}]}`);
  t.deepEqual(texts(reading.records), [
    '{"a":{"kind":1},"kind":"Event"}',
    '{"kind":null}',
    '1',
    '"x,]"',
    '[{"kind":"y"}]',
    'null',
  ]);
});

test('does not repeat the apiVersion of an item', (t) => {
  t.deepEqual(texts(readDocument(`${LIST}"items":\n[{"apiVersion":"v1"}]}`).records), [
    '{"kind":"Event","apiVersion":"v1"}',
  ]);
});

test('takes only the top-level items of an EventList apart', (t) => {
  const pods = '{"kind":"PodList","items":[{"a":1}]}';
  const event = '{"kind":"Event","responseObject":{"items":[{"a":1}]},"items":[1]}';
  const object = '{"items":{"items":[1]},"x":[{"items":[2]}]}';
  for (const line of [pods, event, object]) t.deepEqual(texts(readDocument(pretty(JSON.parse(line))).records), [line]);
});

test('a list without items is a record, whatever stands behind it', (t) => {
  for (const items of ['[]', 'null']) {
    const list = `${LIST}"items":${items},"z":{"y":[]}}`;
    const { records, rest } = readDocument(pretty(JSON.parse(list)));
    t.deepEqual([texts(records), outcomes(records), rest], [[list], ['ok'], '\n']);
  }
  const twice = `${LIST}"items":[],"items":[{"kind":"a"}],"items":[]}`;
  t.deepEqual(texts(readDocument(twice.replaceAll(',', '\n,')).records), ['{"kind":"a"}']);
});

test('stops behind the last byte of a document', (t) => {
  t.is(readDocument('{\n"a":"}"\n} {"b":1}\n').rest, ' {"b":1}\n');
  t.is(readDocument('{\n"a":1}{\n"b":1}\n').rest, '{\n"b":1}\n');
});

test('reads one document after the other', (t) => {
  const records: DocumentRecord[] = [];
  const reader = documentReader(1000, records);
  const bytes = Buffer.from(`{\n"a":1}{\n"a"\n{\n"b":1}{"items":[\n{"a":[\n}}\n${LIST}\n"items":[{"kind":1}]}`);
  let at = 0;
  while (at < bytes.length) at = reader.push(bytes, at, bytes.length);
  t.true(reader.done);
  t.deepEqual(texts(records), ['{"a":1}', '{\n"a"\n', '{"b":1}', '{"items":[\n{"a":[\n', '}}\n', '{"kind":1}']);
});

test('lines too long to wait for may be cut anywhere', async (t) => {
  const cuts = fc.array(fc.nat({ max: 3000 }), { maxLength: 12 });
  const arbitraries = [eventObject, choices, cuts, fc.boolean()] as const;
  const property = fc.property(...arbitraries, (event, pick, places, invalid) => {
    const front = `${LIST}"items":[${spell(event, pick)},\n{"kind":"`;
    const source = Buffer.from(`${front}é😀"},${spell(event, pick)}]}`);
    if (invalid) source[Buffer.byteLength(front)] = 0x20;
    const records: DocumentRecord[] = [];
    const reader = documentReader(1 << 20, records);
    let at = 0;
    const inside = [1, 2, 3, 4, 5].map((byte) => Buffer.byteLength(front) + byte);
    for (const end of [...inside, ...places.filter((place) => place < source.length), source.length].sort(
      (a, b) => a - b,
    )) {
      at = reader.push(source, at, end);
    }
    t.true(reader.done);
    t.deepEqual(records, readDocument(source).records);
    t.is(outcomes(records)[1], invalid ? 'invalid-utf8' : 'ok');
  });
  await holds(t, property);
});

test('keeps long strings, keys and numbers whole', (t) => {
  const text = 'aé😀"<'.repeat(9000);
  const value = { [text]: text, long: 'x'.repeat(50_000), medium: 'y'.repeat(5000), digits: 'N' };
  const source = pretty(value).replace('"N"', '9'.repeat(30_000));
  const [compact] = texts(readDocument(source).records);
  t.is(compact?.replace('9'.repeat(30_000), '"N"').replaceAll('\\u003c', '<'), JSON.stringify(value));
});
