import test from 'ava';
import fc from 'fast-check';
import { EventError } from '../../src/core/errors.ts';
import { joinLines } from '../../src/formats/ndjson.ts';
import { OwnEvents } from '../../src/formats/own-events.ts';
import { holds } from '../support/property.ts';

const origin = { source: 'in', line: 3, offset: 70 };
const eventText = (id: number, length: number) => `{"kind":"Event","auditID":"${id}","x":"${'é'.repeat(length)}"}`;

test('each event has its bytes, its place and fields of its own, however many share a buffer', async (t) => {
  const length = fc.oneof(fc.nat({ max: 100 }), fc.constantFrom(0, 8150, 8200, 40_000));
  const property = fc.property(fc.array(length, { maxLength: 40 }), fc.boolean(), (lengths, many) => {
    const own = new OwnEvents('in');
    const texts = lengths.flatMap((length, id) => Array(many ? 20 : 1).fill(eventText(id, length)) as string[]);
    const events = texts.map((text, i) => own.of(Buffer.from(text), { source: 'in', line: i, offset: 9 * i }));
    t.deepEqual(
      events.map(({ raw }) => raw.toString()),
      texts,
    );
    events.forEach((event, i) => {
      t.deepEqual(event.origin, { source: 'in', line: i, offset: 9 * i });
      t.is(event.head.auditID, texts[i]?.match(/"auditID":"(\d+)"/)?.[1]);
      t.is(event.check(), undefined);
    });
  });
  await holds(t, property, { runs: 40 });
});

test('short events are copies that lie beside each other: they are written as one piece', (t) => {
  const own = new OwnEvents('in');
  const bytes = Buffer.from(eventText(1, 9));
  const events = [own.of(bytes, origin), own.of(bytes, origin), own.of(bytes, origin)];
  const text = bytes.toString();
  bytes.fill(0xff);
  const joined = joinLines(events);
  t.true(Buffer.isBuffer(joined) && joined.buffer === events[0]?.chunk.buffer);
  t.is(joined.toString(), `${text}\n`.repeat(3));
});

test('a long event is not copied', (t) => {
  const bytes = Buffer.from(eventText(1, 20_000));
  t.is(new OwnEvents('in').of(bytes, origin).chunk, bytes);
});

test('finds invalid UTF-8 in the event that holds it, and in no neighbour', (t) => {
  const own = new OwnEvents('in');
  const events = ['{"a":"x"}', '{"a":"\xff"}', '{"a":"y"}'].map((text) => own.of(Buffer.from(text, 'latin1'), origin));
  t.deepEqual(
    events.map((event) => event.check()?.code),
    [undefined, 'invalid-utf8', undefined],
  );
});

test('what became of a record shows in its event', (t) => {
  const own = new OwnEvents('in');
  const fault = new EventError('torn-line', 'cut');
  t.deepEqual(own.ofRecord({ bytes: Buffer.from('{}'), truncated: true }, origin).labels, { truncated: 'true' });
  t.deepEqual(own.ofRecord({ bytes: Buffer.from('{}'), truncated: false }, origin).labels, {});
  const refused = own.ofRecord({ bytes: Buffer.from('{"a\r\n\n'), fault }, origin);
  t.is(refused.fault, fault);
  t.is(refused.raw.toString(), '{"a');
});
