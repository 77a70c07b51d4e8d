import { createHash } from 'node:crypto';
import test from 'ava';
import fc from 'fast-check';
import { holds } from '../support/property.ts';
import { EVENTS, EXACT, LIST, outcomes, readDocument, texts } from './reading.ts';

const GOOD = '{"kind":"Event","apiVersion":"audit.k8s.io/v1","level":"Metadata","verb":"get"}';

test('a torn line costs no good line behind it', async (t) => {
  const source = fc.constantFrom(...EVENTS, ...EXACT.slice(0, 9).map((line) => `${LIST}"items":[${line}]}`));
  const property = fc.property(
    source,
    fc.double({ min: 0, max: 1, noNaN: true }),
    fc.integer({ min: 1, max: 5 }),
    (line, part, n) => {
      const torn = Buffer.from(line).subarray(0, 1 + Math.floor(part * (Buffer.byteLength(line) - 1)));
      if (torn.length === Buffer.byteLength(line)) return;
      const input = Buffer.concat([torn, Buffer.from(`\n${GOOD}\n\n${GOOD}\n${GOOD}\n`)]);
      const reading = readDocument(input, { linesPerPush: n });
      const found = [...texts(reading.records), ...reading.rest.split('\n')].filter((text) => text === GOOD);
      t.is(found.length, 3, torn.toString());
      t.is(outcomes(reading.records).filter((code) => code !== 'ok').length, 1);
    },
  );
  await holds(t, property, { runs: 400 });
});

test('a document torn anywhere costs no good line behind it', async (t) => {
  const property = fc.property(
    fc.constantFrom(...EXACT.slice(0, 20)),
    fc.double({ min: 0, max: 1, noNaN: true }),
    (line, part) => {
      const whole = Buffer.from(JSON.stringify(JSON.parse(line), null, 1));
      const torn = whole.subarray(0, 1 + Math.floor(part * (whole.length - 2)));
      const reading = readDocument(Buffer.concat([torn, Buffer.from(`\n${GOOD}\n${GOOD}\n`)]), { linesPerPush: 2 });
      t.is(
        [...texts(reading.records), ...reading.rest.split('\n')].filter((text) => text === GOOD).length,
        2,
        torn.toString(),
      );
    },
  );
  await holds(t, property);
});

test('an object on a line of its own belongs to the document when what follows says so', (t) => {
  for (const linesPerPush of [1, 2, 9]) {
    const reading = readDocument('{"a":\n{"b":1}\n\n,"c":[\n{"d":{}}\n]\n}\n', { linesPerPush });
    t.deepEqual(texts(reading.records), ['{"a":{"b":1},"c":[{"d":{}}]}']);
  }
});

test('an object on a line of its own behind a torn line survives the end of the input', (t) => {
  const reading = readDocument(`{"a":\n${GOOD}\r\n`, { linesPerPush: 1 });
  t.deepEqual(outcomes(reading.records), ['torn-line', 'ok']);
  t.deepEqual(texts(reading.records), ['{"a":\n', GOOD]);
});

test('says what is wrong and on which line, and goes on with that line', (t) => {
  const { records, rest } = readDocument('{\n"a": 1,\n"b" 2\n}\n');
  const [record] = records;
  t.true(record !== undefined && 'fault' in record);
  if (record === undefined || !('fault' in record)) return;
  t.is(record.fault.code, 'not-json');
  t.is(record.fault.message, `not JSON: expected ':', on line 3 of a document`);
  t.is(record.bytes.toString(), '{\n"a": 1,\n');
  t.is(rest, '"b" 2\n}\n');
});

test('consumes the first line when the error is on it', (t) => {
  for (const first of ['{"a" 1}', '[1,', 'x', '{"a":"b', '{"a":1]', '{"a":\t"\t"}']) {
    const reading = readDocument(`${first}\n${GOOD}\n`);
    t.deepEqual(outcomes(reading.records), ['not-json'], first);
    t.deepEqual([texts(reading.records)[0], reading.rest], [`${first}\n`, `${GOOD}\n`], first);
  }
});

test('keeps the items in front of an error', (t) => {
  const reading = readDocument(`${LIST}"items":[\n{"kind":"a"},\n{"kind":"b"}, x\n{"kind":"c"}\n`);
  t.deepEqual(texts(reading.records).slice(0, 2), ['{"kind":"a"}', '{"kind":"b"}']);
  t.deepEqual(outcomes(reading.records), ['ok', 'ok', 'not-json']);
  t.is(reading.rest, '{"kind":"c"}\n');
});

test('refuses nesting that is too deep', (t) => {
  const reading = readDocument(`{"a":\n${'['.repeat(20_000)}\n${GOOD}\n`);
  t.deepEqual(outcomes(reading.records), ['not-json']);
});

test('refuses invalid UTF-8, but only in the record it is in', (t) => {
  const list = readDocument(Buffer.from(`${LIST}"items":[\n{"kind":"a"},{"kind":"\xff"},\n{"kind":"c"}\n]}`, 'latin1'));
  t.deepEqual(outcomes(list.records), ['ok', 'invalid-utf8', 'ok']);
  t.is(list.records[1]?.bytes.toString('latin1'), '{"kind":"\xff"}');
  const header = readDocument(Buffer.from(`${LIST}"a":"\xff",\n"items":[{"kind":"a"}],"b":"\xff"}`, 'latin1'));
  t.deepEqual(outcomes(header.records), ['ok']);
  const event = readDocument(Buffer.from('{\n"a":"\xe9",\n"b":1}{"c":1}', 'latin1'));
  t.deepEqual(outcomes(event.records), ['invalid-utf8']);
  t.is(event.records[0]?.bytes.toString('latin1'), '{\n"a":"\xe9",\n"b":1}');
  t.is(event.rest, '{"c":1}');
});

test('says where the input ended: in the middle of a line, or of a document over lines', (t) => {
  const message = (text: string) => {
    const [record] = readDocument(text).records;
    return record !== undefined && 'fault' in record ? record.fault.message : undefined;
  };
  t.is(message('{"kind":"Event","ver'), 'the input ends in the middle of this record: a torn line');
  t.is(message('{\n"kind":"Event",\n"ver'), 'the input ends inside a document, on line 3 of it');
});

test('a fault longer than 64 KiB is shown by its beginning, length and hash', (t) => {
  const body = `{\n${Array.from({ length: 9000 }, (_, i) => `"key${i}": ${i},\n`).join('')}`;
  const [record] = readDocument(`${body}]`, { maxEventBytes: 1000 }).records;
  t.true(record !== undefined && 'fault' in record);
  if (record === undefined || !('fault' in record)) return;
  t.is(record.bytes.toString(), body.slice(0, 64 * 1024));
  t.deepEqual(record.fault.excerpt, { bytes: body.length, sha256: createHash('sha256').update(body).digest('hex') });
});
