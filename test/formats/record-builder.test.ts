import test from 'ava';
import type { DocumentRecord } from '../../src/formats/record.ts';
import { RecordBuilder } from '../../src/formats/record-builder.ts';
import { outcomes, texts } from './reading.ts';

interface Written {
  readonly builder: RecordBuilder;
  readonly records: readonly DocumentRecord[];
  readonly write: (text: string) => void;
  /** A member whose value is a text, with the comma in front of it. */
  readonly member: (name: string, value: string) => void;
}

function begun({
  maxEventBytes = 200,
  source = 'written',
}: {
  maxEventBytes?: number;
  source?: 'written' | 'apart';
} = {}): Written {
  const records: DocumentRecord[] = [];
  const builder = new RecordBuilder({ maxEventBytes, emit: (record) => void records.push(record), source });
  const write = (text: string) => builder.write(Buffer.from(`<${text}>`), 1, 1 + Buffer.byteLength(text));
  let first = true;
  const member = (name: string, value: string) => {
    if (!first) {
      if (builder.insideBody) builder.comma();
      else {
        builder.mark(0);
        write(',');
      }
    }
    first = false;
    write(`"${name}"`);
    builder.key(name);
    write(`:"${value}"`);
    if (builder.wantsText) builder.text(value);
  };
  builder.document();
  write('{');
  return { builder, records, write, member };
}

function list(version = 'audit.k8s.io/v1'): Written {
  const written = begun();
  written.member('kind', 'EventList');
  written.member('apiVersion', version);
  written.builder.key('items');
  return written;
}

test('a document is one record, of the bytes that were written', (t) => {
  const { builder, records, member } = begun();
  member('kind', 'Event');
  member('verb', 'get');
  t.true(builder.collecting);
  builder.close();
  t.false(builder.collecting);
  t.deepEqual([texts(records), outcomes(records)], [['{"kind":"Event","verb":"get"}'], ['ok']]);
});

test('knows a list by kind and apiVersion, if both are named once and in front of the items', (t) => {
  t.true(list().builder.isList());
  t.true(list('audit.k8s.io/v1beta1').builder.isList());
  t.false(list('v1').builder.isList());
  t.false(list(`audit.k8s.io/${'v'.repeat(60)}`).builder.isList());
  for (const key of ['kind', 'apiVersion', 'item']) {
    const { builder } = list();
    builder.key(key);
    builder.key(key === 'item' ? key : 'items');
    t.false(builder.isList(), key);
  }
});

test('puts in front of an item what it lacks', (t) => {
  const { builder, records, write } = list('audit.k8s.io/v<');
  t.true(builder.isList());
  const item = (key: string | undefined, text: string) => {
    builder.item('item');
    if (key !== undefined) builder.key(key);
    write(text);
    builder.close();
  };
  item(undefined, '{');
  item(undefined, '{"a":1');
  item('kind', '{"kind":1');
  item('apiVersion', '{"apiVersion":1');
  builder.item('value');
  write('17');
  builder.close();
  const head = '{"kind":"Event","apiVersion":"audit.k8s.io/v\\u003c"';
  t.deepEqual(texts(records), [`${head}}`, `${head},"a":1}`, '{"kind":1}', '{"kind":"Event","apiVersion":1}', '17']);
});

test('an item that is no object is a fault', (t) => {
  const { builder, records, write } = list();
  t.true(builder.isList());
  for (const value of ['17', '[{}]', '"x"', 'nil', '"x']) {
    builder.item('value');
    write(value);
    builder.close();
  }
  const noObject = 'not-an-audit-event';
  t.deepEqual(outcomes(records), [noObject, noObject, noObject, 'not-json', 'torn-line']);
  t.deepEqual(texts(records), ['17', '[{}]', '"x"', 'nil', '"x']);
});

test('a list of which no item begins is a record', (t) => {
  const { builder, records, write } = list();
  t.true(builder.isList());
  write(',"items":[]');
  builder.close();
  t.deepEqual(texts(records), ['{"kind":"EventList","apiVersion":"audit.k8s.io/v1","items":[]}']);
});

test('an event that is too large loses its bodies, anything else is a fault with all of its bytes', (t) => {
  for (const [kind, outcome] of [
    ['Event', 'truncated'],
    ['Pod', 'event-too-large'],
  ] as const) {
    const { builder, records, member } = begun({ maxEventBytes: 100 });
    member('kind', kind);
    member('requestObject', 'x'.repeat(300));
    member('verb', 'get');
    builder.close();
    t.deepEqual(outcomes(records), [outcome]);
    const whole = `{"kind":"Pod","requestObject":"${'x'.repeat(300)}","verb":"get"}`;
    const cut = '{"kind":"Event","verb":"get","annotations":{"audit.k8s.io/truncated":"true"}}';
    t.deepEqual(texts(records), [kind === 'Event' ? cut : whole]);
  }
});

test('gives up a record with what was read of it, or spoils it when it is complete', (t) => {
  const torn = begun();
  torn.member('a', '1');
  torn.builder.fail('torn-line', 'cut');
  torn.builder.close();
  t.deepEqual([texts(torn.records), outcomes(torn.records)], [['{"a":"1"'], ['torn-line']]);

  const spoiled = begun({ source: 'apart' });
  spoiled.member('a', '1');
  spoiled.builder.spoil('invalid-utf8', 'no text');
  spoiled.builder.sample.add(Buffer.from('{ source }'), 0, 10);
  spoiled.builder.close();
  t.deepEqual([texts(spoiled.records), outcomes(spoiled.records)], [['{ source }'], ['invalid-utf8']]);

  const dropped = begun();
  dropped.builder.drop();
  dropped.builder.close();
  t.deepEqual(dropped.records, []);
});
