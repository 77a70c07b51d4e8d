import test from 'ava';
import fc from 'fast-check';
import { eventOf } from '../../src/audit/bytes-event.ts';
import { type Bytes, byteLength } from '../../src/core/bytes.ts';
import type { AuditEvent } from '../../src/core/event.ts';
import { joinLines } from '../../src/formats/ndjson.ts';
import { holds } from '../support/property.ts';

function flat(bytes: Bytes): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.concat([...bytes]);
}

/** Only what joinLines looks at, over a chunk that is shared. */
function view(chunk: Buffer, start: number, end: number): AuditEvent {
  const { head, labels, origin, fault, json } = eventOf('{}');
  const event: AuditEvent = {
    ...{ head, labels, origin, fault, json, chunk, start, end },
    raw: chunk.subarray(start, end),
    size: end - start,
    splice: () => event,
    label: () => event,
    check: () => undefined,
  };
  return event;
}

function chunkOf(records: readonly string[], ends: readonly string[]): AuditEvent[] {
  const chunk = Buffer.from(records.map((record, index) => record + (ends[index] ?? '')).join(''));
  let at = 0;
  return records.map((record, index) => {
    const start = at;
    at += Buffer.byteLength(record) + Buffer.byteLength(ends[index] ?? '');
    return view(chunk, start, start + Buffer.byteLength(record));
  });
}

const record = fc
  .tuple(fc.string({ unit: 'binary', maxLength: 12 }), fc.constantFrom(0, 0, 300, 3000))
  .map(([text, padding]) => JSON.stringify({ text, padding: 'x'.repeat(padding) }));
const chunk = fc
  .array(fc.tuple(record, fc.constantFrom('\n', '\n', '\n', '\r\n', ',', '')), { minLength: 1, maxLength: 12 })
  .map((lines) =>
    chunkOf(
      lines.map(([text]) => text),
      lines.map(([, end]) => end),
    ),
  );

test('joins any mix of events as bytes and newlines, whatever lies between them', async (t) => {
  const mix = fc.array(chunk, { maxLength: 5 }).chain((chunks) => fc.shuffledSubarray(chunks.flat()));
  const inOrder = fc.array(chunk, { maxLength: 5 }).chain((chunks) => fc.subarray(chunks.flat()));
  await holds(
    t,
    fc.property(fc.oneof(mix, inOrder), (events) => {
      const naive = Buffer.concat(events.flatMap(({ raw }) => [raw, Buffer.from('\n')]));
      const joined = joinLines(events);
      t.true(flat(joined).equals(naive));
      t.is(byteLength(joined), naive.length);
    }),
    { runs: 500 },
  );
});

test('is one view of the chunk when all events of it are given', (t) => {
  const events = chunkOf(['{"a":1}', '{"b":2}', '{"c":3}'], ['\n', '\n', '\n']);
  const lines = joinLines(events);
  t.true(Buffer.isBuffer(lines));
  t.true((lines as Buffer).buffer === events[0]?.chunk.buffer);
  t.is(lines.toString(), '{"a":1}\n{"b":2}\n{"c":3}\n');
});

test('copies a few short events into one buffer', (t) => {
  const events = chunkOf(['{"a":1}', '{"b":2}', '{"c":3}'], ['\n', '\n', '\n']);
  const lines = joinLines(events.filter((_, index) => index !== 1));
  t.true(Buffer.isBuffer(lines));
  t.is(lines.toString(), '{"a":1}\n{"c":3}\n');
});

test('leaves long runs where they are, as views for one gathering write', (t) => {
  const long = JSON.stringify({ text: 'x'.repeat(4000) });
  const events = chunkOf([long, long, long, long], ['\n', '\n', '\n', '\n']);
  const lines = joinLines(events.filter((_, index) => index !== 1)) as readonly Buffer[];
  t.deepEqual(
    lines.map(({ length }) => length),
    [long.length + 1, 2 * (long.length + 1)],
  );
  for (const { buffer } of lines) t.true(buffer === events[0]?.chunk.buffer);
});

test('gives no more views than one call can write', (t) => {
  const long = JSON.stringify({ text: 'x'.repeat(2000) });
  const records = Array.from({ length: 2050 }, () => long);
  const events = chunkOf(
    records,
    records.map(() => '\n'),
  );
  const lines = joinLines(events.filter((_, index) => index % 2 === 0));
  t.true(Buffer.isBuffer(lines));
  t.is(byteLength(lines), 1025 * (long.length + 1));
});

test('joins no events to no bytes', (t) => {
  t.is(byteLength(joinLines([])), 0);
});
