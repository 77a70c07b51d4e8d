import test from 'ava';
import fc from 'fast-check';
import { type Bytes, byteLength, skipBytes } from '../../src/core/bytes.ts';
import { holds } from '../support/property.ts';

function flat(bytes: Bytes): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.concat([...bytes]);
}

test('skips any number of the first bytes', async (t) => {
  const buffers = fc.array(
    fc.uint8Array({ maxLength: 5 }).map((bytes) => Buffer.from(bytes)),
    { maxLength: 5 },
  );
  await holds(
    t,
    fc.property(buffers, fc.nat(30), (views, count) => {
      t.is(byteLength(views), flat(views).length);
      t.deepEqual(flat(skipBytes(views, count)), flat(views).subarray(count));
      t.deepEqual(flat(skipBytes(flat(views), count)), flat(views).subarray(count));
    }),
  );
});
