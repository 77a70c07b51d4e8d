import test from 'ava';
import fc from 'fast-check';
import { splicedBytes } from '../../src/audit/spliced-bytes.ts';
import { holds } from '../support/property.ts';

const anyEdits = fc
  .array(fc.tuple(fc.nat({ max: 60 }), fc.nat({ max: 60 }), fc.string({ unit: 'binary', maxLength: 12 })), {
    maxLength: 6,
  })
  .map((steps) => {
    let at = 0;
    return steps.map(([gap, length, text]) => {
      const start = at + gap;
      at = start + length;
      return { start, end: at, text };
    });
  });

test('makes the edits and leaves every other byte alone, a newline behind the result', async (t) => {
  const property = fc.property(anyEdits, fc.nat({ max: 20_000 }), fc.nat({ max: 9 }), (edits, rest, start) => {
    const length = (edits.at(-1)?.end ?? 0) + rest;
    const bytes = Buffer.from(Array.from({ length: start + length + 5 }, (_, index) => (index * 7) % 256));
    const before = Buffer.from(bytes);
    const parts: Buffer[] = [];
    let from = start;
    for (const edit of edits) {
      parts.push(bytes.subarray(from, start + edit.start), Buffer.from(edit.text));
      from = start + edit.end;
    }
    const expected = Buffer.concat([...parts, bytes.subarray(from, start + length)]);
    const place = splicedBytes(bytes, start, start + length, edits);
    t.true(place.chunk.subarray(place.start, place.end).equals(expected));
    t.is(place.chunk[place.end], 0x0a);
    t.deepEqual(bytes, before);
  });
  await holds(t, property, { runs: 300 });
});

test('short results lie beside each other and never upon each other', (t) => {
  const bytes = Buffer.from('0123456789');
  const places = Array.from({ length: 10_000 }, (_, index) =>
    splicedBytes(bytes, 0, 10, [{ start: 2, end: 8, text: String(index) }]),
  );
  let adjacent = 0;
  for (const [index, { chunk, start, end }] of places.entries()) {
    if (chunk.toString('utf8', start, end + 1) !== `01${index}89\n`) t.fail(`result ${index} was overwritten`);
    const last = places[index - 1];
    if (last?.chunk === chunk && last.end + 1 === start) adjacent++;
  }
  t.true(adjacent > 9_900);
});

test('a long result has memory of its own', (t) => {
  const bytes = Buffer.alloc(100_000, 'x');
  const { chunk, start, end } = splicedBytes(bytes, 0, bytes.length, [{ start: 0, end: 1, text: 'é' }]);
  t.is(chunk.length, end + 1);
  t.is(start, 0);
  t.is(end, 100_001);
});
