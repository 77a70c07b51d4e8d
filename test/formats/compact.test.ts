import test from 'ava';
import fc from 'fast-check';
import { Compactor } from '../../src/formats/compact.ts';
import { RecordBuilder } from '../../src/formats/record-builder.ts';
import { choices, jsonValue, spell } from '../support/json-spelling.ts';
import { holds } from '../support/property.ts';
import { LIST, wellFormed } from './reading.ts';

/** The records of a document whose text comes in pieces of a size. */
function compact(text: string, size = 1 << 20): readonly string[] {
  const records: string[] = [];
  const emit = ({ bytes }: { bytes: Buffer }) => void records.push(bytes.toString());
  const compactor = new Compactor(new RecordBuilder({ maxEventBytes: 1 << 20, emit, source: 'apart' }));
  compactor.reset();
  for (let at = 0; at < text.length; at += size) compactor.take(compactor.read(text.slice(at, at + size)));
  compactor.take(compactor.readEnd());
  return records;
}

test('an object becomes one line, however it is spelled and cut', async (t) => {
  const value = fc.dictionary(fc.string(), jsonValue);
  const property = fc.property(value, choices, fc.integer({ min: 1, max: 40 }), (value, pick, size) => {
    const records = compact(spell(value, pick), size);
    t.is(records.length, 1);
    t.false(records[0]?.includes('\n'));
    t.deepEqual(JSON.parse(records[0] ?? ''), wellFormed(JSON.parse(JSON.stringify(value))));
  });
  await holds(t, property, { runs: 100 });
});

test('numbers keep their spelling, and texts get that of Go', (t) => {
  const text = '{ "a" : [ 1.0, 12345678901234567890, -0, 1E+2 ], "<" : "\\u003c\\/\\u00e9" }';
  const compacted = '{"a":[1.0,12345678901234567890,-0,1E+2],"\\u003c":"\\u003c/é"}';
  for (const size of [1, 3, 100]) t.deepEqual(compact(text, size), [compacted]);
});

test('each item of a list is a record, and nothing else of the list is', (t) => {
  const text = `${LIST} "x": [{}], "items": [ {"a": {"items": [1]}}, {}, 2, [ ], null ], "y": {"z": 1}}`;
  const head = '{"kind":"Event","apiVersion":"audit.k8s.io/v1"';
  const records = [`${head},"a":{"items":[1]}}`, `${head}}`, '2', '[]', 'null'];
  for (const size of [1, 4, 500]) t.deepEqual(compact(text, size), records);
});

test('tells where it stands in a list', (t) => {
  const compactor = new Compactor(new RecordBuilder({ maxEventBytes: 100, emit() {}, source: 'apart' }));
  compactor.reset();
  const after = (text: string) => {
    compactor.take(compactor.read(text));
    return [compactor.inItems, compactor.isList];
  };
  t.deepEqual(after(LIST), [false, false]);
  t.deepEqual(after('"items":['), [true, false]);
  t.deepEqual(after('{"a":1'), [true, true]);
  t.deepEqual(after('}]'), [false, true]);
  compactor.reset();
  t.deepEqual(after('{"items":[{"a":'), [false, false]);
});

test('says what is wrong with a text', (t) => {
  t.throws(() => compact('{"a" 1}'), { message: /expected ':'/ });
  t.throws(() => compact('{"a":1'));
});
