import { constants, deflateRawSync, inflateRawSync } from 'node:zlib';
import test from 'ava';
import fc from 'fast-check';
import { Follower } from '../../../../src/sources/input/gzip/follower.ts';
import { holds } from '../../../support/property.ts';
import { REAL_EVENTS } from '../../mixed-input.ts';

const text = Buffer.from(REAL_EVENTS.slice(0, 8).join('\n'));
const INVALID_BLOCK = Buffer.from([0xff]);
/** Whole bytes of deflate data, with something that is none behind them. */
const packed = deflateRawSync(text, { finishFlush: constants.Z_SYNC_FLUSH });

test('finds what stands before a fault, however much it keeps and however much is known of it', async (t) => {
  const property = fc.asyncProperty(
    fc.nat({ max: packed.length }),
    fc.integer({ min: 1, max: 900 }),
    fc.nat({ max: 3000 }),
    fc.constantFrom(0, 0, 1, 500, text.length),
    async (split, size, keptBytes, given) => {
      const follower = new Follower(keptBytes);
      for (let at = 0; at < split; at += size) await follower.keep(packed.subarray(at, Math.min(at + size, split)));
      const unpacked = inflateRawSync(packed.subarray(0, split), { finishFlush: constants.Z_SYNC_FLUSH });
      const known = Math.min(text.length, unpacked.length + given);
      const rest = packed.subarray(split);
      const { output, good } = await follower.beforeFault(Buffer.concat([rest, INVALID_BLOCK, Buffer.alloc(9)]), known);
      follower.close();
      t.is(good, rest.length);
      t.true(Buffer.concat(output).equals(text.subarray(known)));
    },
  );
  await holds(t, property, { runs: 25 });
});
