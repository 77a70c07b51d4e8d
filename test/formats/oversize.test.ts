import { createHash } from 'node:crypto';
import test from 'ava';
import fc from 'fast-check';
import { OversizeReader } from '../../src/formats/oversize.ts';
import { eventObject } from '../support/event-arbitrary.ts';
import { choices, jsonValue, spell } from '../support/json-spelling.ts';
import { holds } from '../support/property.ts';
import { anyCuts, EVENTS, everywhere, LIST, outcomes, readLine, texts } from './reading.ts';

const HEAD = '"kind":"Event","apiVersion":"audit.k8s.io/v1",';

test('takes a log apart whose newlines were lost', async (t) => {
  const property = fc.property(
    fc.shuffledSubarray(EVENTS),
    fc.constantFrom('', ' ', '\t\r \0'),
    anyCuts,
    (lines, gap, cuts) => {
      t.deepEqual(texts(readLine(lines.join(gap) + gap, { cuts })), lines);
    },
  );
  await holds(t, property, { runs: 60 });
});

test('takes an EventList apart, with kind and apiVersion in front of every item', async (t) => {
  const gap = fc.constantFrom('', ' ', ' \t');
  const property = fc.property(fc.shuffledSubarray(EVENTS), gap, anyCuts, (lines, space, cuts) => {
    const items = lines.map((line) => `{${line.slice(line.indexOf('"level"'))}`);
    const list = `{"kind":"EventList",${space}"apiVersion":"audit.k8s.io/v1","metadata":{},"items"${space}:[${items.join(`${space},`)}${space}]}`;
    t.deepEqual(texts(readLine(list, { cuts })), lines.length > 0 ? lines : [list]);
  });
  await holds(t, property, { runs: 60 });
});

test('leaves every byte of arbitrary events as it came, wherever pieces are cut', async (t) => {
  const property = fc.property(fc.array(fc.tuple(eventObject, jsonValue)), choices, anyCuts, (values, pick, cuts) => {
    const lines = values.map(([event, value]) => spell({ ...event, kind: 'Event', value }, pick));
    t.deepEqual(texts(readLine(lines.join(''), { cuts })), lines);
    t.deepEqual(
      texts(readLine(`${LIST}"items":[${lines}]}`, { cuts })),
      lines.length > 0 ? lines : [`${LIST}"items":[]}`],
    );
  });
  await holds(t, property, { runs: 100 });
});

test('reads the same whatever it is fed byte by byte', (t) => {
  const lines = [
    String.raw`{"kind":"EventList","apiVersion":"audit.k8s.io/v1","a":"\\\"]}","items":[{"x":"\\"},{"k\u0069nd":"Event","y":["}\"",{}]},1,"\",]"],"z":[{}]} {"a":{}}`,
    `${LIST}"items":[[1,{"a":2}],null,{},{"apiVersion":"v1beta1","a":1}],"x":"y","items":[{"b":1}],"items":[]}{}`,
    '{"apiVersion":"audit.k8s.io\\/v1beta1","kind":"Event\\u004cist","items":[{"a":1}]}',
    `${LIST}"items":[ ],"z":{}}${LIST}"items":[],"items":[{}]}`,
  ];
  const expected = [
    [`{${HEAD}"x":"\\\\"}`, String.raw`{"k\u0069nd":"Event","y":["}\"",{}]}`, '1', String.raw`"\",]"`, '{"a":{}}'],
    [
      '[1,{"a":2}]',
      'null',
      `{${HEAD.slice(0, -1)}}`,
      '{"kind":"Event","apiVersion":"v1beta1","a":1}',
      `{${HEAD}"b":1}`,
      '{}',
    ],
    ['{"kind":"Event","apiVersion":"audit.k8s.io/v1beta1","a":1}'],
    [`${LIST}"items":[ ],"z":{}}`, `{${HEAD.slice(0, -1)}}`],
  ];
  lines.forEach((line, i) => {
    t.deepEqual(texts(readLine(line)), expected[i]);
    t.deepEqual(texts(readLine(line, { cuts: everywhere(line) })), expected[i]);
  });
});

test('takes the items of nothing but an EventList apart', (t) => {
  const lines = [
    '{"kind":"PodList","items":[{"a":1}]}',
    '{"a":{"items":[{"a":1}]}}',
    '{"a":[{"items":[1]}],"items":{}}',
    '{"items":[{"a":1}],"kind":"EventList","apiVersion":"audit.k8s.io/v1"}',
    '{"kind":"EventList","items":[{"a":1}],"apiVersion":"audit.k8s.io/v1"}',
    '{"kind":"EventList","apiVersion":"v1","items":[{"a":1}]}',
  ];
  for (const line of lines) t.deepEqual(texts(readLine(line)), [line]);
});

test('forgets the kind and apiVersion of one document in the next', (t) => {
  const head = '{"kind":"EventList","apiVersion":"audit.k8s.io/v1"}';
  const lines = [
    head,
    '{"items":[{"a":1}]}',
    head,
    '{"kind":{"a":1},"apiVersion":"audit.k8s.io/v1","items":[{"a":1}]}',
  ];
  t.deepEqual(texts(readLine(lines.join(''))), lines);
});

test('what is no document is a fault to the end of the line', (t) => {
  const garbage = `[{"a":1}] {"b":1}${'y'.repeat(70_000)}`;
  const records = readLine(`{"a":1} ${garbage}`, { cuts: [3, 9, 50_000], maxEventBytes: 5000 });
  t.deepEqual(outcomes(records), ['ok', 'not-json']);
  const fault = records[1];
  if (fault === undefined || !('fault' in fault)) return;
  t.is(fault.bytes.toString(), garbage.slice(0, 64 * 1024));
  t.deepEqual(fault.fault.excerpt, {
    bytes: garbage.length,
    sha256: createHash('sha256').update(garbage).digest('hex'),
  });
});

test('a line that ends inside a record is a fault, the records in front of it are not', (t) => {
  const event = readLine('{"a":1}{"b":"c\\');
  t.deepEqual(
    [texts(event), outcomes(event)],
    [
      ['{"a":1}', '{"b":"c\\'],
      ['ok', 'torn-line'],
    ],
  );
  const item = readLine(`${LIST}"items":[{"kind":"a"},{"b":[`);
  t.deepEqual(
    [texts(item), outcomes(item)],
    [
      ['{"kind":"a"}', '{"b":['],
      ['ok', 'torn-line'],
    ],
  );
  const list = readLine(`${LIST}"x":1,"items":[{"kind":"a"}`, { cuts: [9] });
  t.deepEqual(
    [texts(list), outcomes(list)],
    [
      ['{"kind":"a"}', `${LIST}"x":1,"items":[`],
      ['ok', 'torn-line'],
    ],
  );
});

test('an object closed by the wrong bracket costs no other item', (t) => {
  const records = readLine(`${LIST}"items":[{"kind":"a"],{"kind":"b"}]}`);
  t.deepEqual(
    [texts(records), outcomes(records)],
    [
      ['{"kind":"a"]', '{"kind":"b"}'],
      ['not-json', 'ok'],
    ],
  );
});

test('a reader takes one line after the other', (t) => {
  const records: string[] = [];
  const reader = new OversizeReader({ maxEventBytes: 100, emit: ({ bytes }) => void records.push(bytes.toString()) });
  for (const line of ['{"a":"\\', 'x', `${LIST}"items":[1`, '{"":1}']) {
    t.is(reader.push(Buffer.from(line), 0, line.length), line.length);
    reader.end();
  }
  t.deepEqual(records, ['{"a":"\\', 'x', '1', '{"":1}']);
});
