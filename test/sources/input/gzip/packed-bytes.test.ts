import test from 'ava';
import fc from 'fast-check';
import { PackedBytes } from '../../../../src/sources/input/gzip/packed-bytes.ts';
import { holds } from '../../../support/property.ts';
import { readSizes } from '../../mixed-input.ts';
import { readerOf } from '../readers.ts';

test('shows what comes next, as much as is asked for if there is so much, and gives it out once', async (t) => {
  const bytes = fc.uint8Array({ maxLength: 400 }).map((bytes) => Buffer.from(bytes));
  const steps = fc.array(fc.tuple(fc.nat({ max: 60 }), fc.nat({ max: 80 })), { maxLength: 20 });
  const property = fc.asyncProperty(bytes, readSizes, steps, async (bytes, sizes, steps) => {
    const packed = new PackedBytes(readerOf(bytes, { sizes }));
    let at = 0;
    for (const [atLeast, taken] of steps) {
      const seen = await packed.peek(atLeast);
      t.true(seen.length >= Math.min(atLeast, bytes.length - at));
      t.deepEqual(seen, bytes.subarray(at, at + seen.length));
      const count = Math.min(taken, seen.length);
      packed.skip(count);
      at += count;
      t.is(packed.position, at);
    }
  });
  await holds(t, property, { runs: 60 });
});

test('does not read on behind the end', async (t) => {
  let reads = 0;
  const packed = new PackedBytes(
    readerOf(Buffer.from('ab'), {
      wait: async () => {
        reads++;
      },
    }),
  );
  t.is((await packed.peek(5)).toString(), 'ab');
  t.is((await packed.peek(5)).toString(), 'ab');
  t.is(reads, 2);
});
