import { createHash } from 'node:crypto';
import test from 'ava';
import fc from 'fast-check';
import { Sample } from '../../src/formats/record.ts';
import { holds } from '../support/property.ts';

const EXCERPT = 64 * 1024;

/** What a fault of these bytes must hold. */
function expected(all: string, limit: number) {
  if (all.length <= Math.max(limit, EXCERPT)) return { text: all, excerpt: undefined };
  const sha256 = createHash('sha256').update(all, 'latin1').digest('hex');
  return { text: all.slice(0, EXCERPT), excerpt: { bytes: all.length, sha256 } };
}

function shown(sample: Sample) {
  const record = sample.fault('not-json', 'wrong');
  return { text: record.bytes.toString('latin1'), excerpt: 'fault' in record ? record.fault.excerpt : undefined };
}

const add = (sample: Sample, text: string) => sample.add(Buffer.from(`{${text}}`, 'latin1'), 1, 1 + text.length);
const piece = fc
  .tuple(fc.constantFrom('a', 'b', '\xff'), fc.constantFrom(0, 1, 900, 30_000, 70_000, EXCERPT))
  .map(([unit, length]) => unit.repeat(length));
const limits = fc.constantFrom(10, EXCERPT, 100_000, 200_000);

test('keeps all bytes up to its limit, of more the beginning, the length and the digest', async (t) => {
  const property = fc.property(fc.array(piece, { maxLength: 5 }), limits, (pieces, limit) => {
    const sample = new Sample(limit);
    add(sample, 'what was there before');
    sample.reset();
    for (const text of pieces) add(sample, text);
    t.deepEqual(shown(sample), expected(pieces.join(''), limit));
  });
  await holds(t, property, { runs: 60 });
});

test('forgets what came behind the mark', async (t) => {
  const pieces = fc.array(fc.constantFrom(...['x', 'y'.repeat(70_000), 'z'.repeat(120_000)]), { maxLength: 3 });
  const property = fc.property(pieces, pieces, pieces, limits, (front, gone, back, limit) => {
    const sample = new Sample(limit);
    for (const text of front) add(sample, text);
    sample.mark();
    for (const text of gone) add(sample, text);
    sample.rewind();
    for (const text of back) add(sample, text);
    t.deepEqual(shown(sample), expected([...front, ...back].join(''), limit));
  });
  await holds(t, property, { runs: 60 });
});

test('a fault keeps its bytes when the sample goes on', (t) => {
  const sample = new Sample(100);
  add(sample, 'abc');
  const { bytes } = sample.fault('torn-line', 'cut');
  sample.reset();
  add(sample, 'xyz');
  t.is(bytes.toString(), 'abc');
});
