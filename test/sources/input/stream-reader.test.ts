import { PassThrough, Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import test from 'ava';
import fc from 'fast-check';
import { type ByteReader, READ_ROOM } from '../../../src/sources/input/reader.ts';
import { gunzipReader, isGzip, streamReader } from '../../../src/sources/input/stream-reader.ts';
import { holds } from '../../support/property.ts';
import { readSizes, reads } from '../mixed-input.ts';

/** Reads to the end in rooms of this size. */
async function all(reader: ByteReader, room = READ_ROOM): Promise<Buffer> {
  const parts: Buffer[] = [];
  for (;;) {
    const buffer = Buffer.alloc(room + 3);
    const bytes = await reader.read(buffer, 3);
    if (bytes === 0) return Buffer.concat(parts);
    parts.push(buffer.subarray(3, 3 + bytes));
  }
}

const streamOf = (bytes: Buffer, sizes: readonly number[]) => Readable.from(reads(bytes, sizes), { objectMode: false });
const bytes = fc.uint8Array({ maxLength: 3000 }).map((bytes) => Buffer.from(bytes));

test('reads a stream whole, whatever room there is', async (t) => {
  const property = fc.asyncProperty(bytes, readSizes, fc.integer({ min: 1, max: 500 }), async (bytes, sizes, room) => {
    const reader = streamReader(streamOf(bytes, sizes));
    t.deepEqual(await all(reader, room), bytes);
    t.is(reader.bytes, bytes.length);
  });
  await holds(t, property, { runs: 50 });
});

test('unpacks what was packed, in one piece or in several', async (t) => {
  const property = fc.asyncProperty(
    bytes,
    bytes,
    readSizes,
    fc.integer({ min: 2, max: 10 }),
    async (one, two, sizes, known) => {
      const packed = Buffer.concat([gzipSync(one), gzipSync(two)]);
      const reader = streamReader(streamOf(packed.subarray(known), sizes));
      const unpacked = gunzipReader(reader, packed.subarray(0, known), 'in');
      t.deepEqual(await all(unpacked), Buffer.concat([one, two]));
      t.is(unpacked.bytes, packed.length - known);
    },
  );
  await holds(t, property, { runs: 40 });
});

test('a stream that is closed while it is waited for has ended', async (t) => {
  for (const make of [
    streamReader,
    (stream: Readable) => gunzipReader(streamReader(stream), gzipSync('x').subarray(0, 4), 'in'),
  ]) {
    const reader = make(new PassThrough());
    const pending = reader.read(Buffer.alloc(READ_ROOM), 0);
    await reader.close();
    t.is(await pending, 0);
    await reader.close();
    t.is(await reader.read(Buffer.alloc(READ_ROOM), 0), 0);
  }
});

test('a closed stream gives out no more, also of what had come', async (t) => {
  const reader = streamReader(Readable.from([Buffer.from('abcdef')], { objectMode: false }));
  t.is(await reader.read(Buffer.alloc(3), 0), 3);
  await reader.close();
  t.is(await reader.read(Buffer.alloc(3), 0), 0);
});

test('says what is wrong with packed data', async (t) => {
  const packed = gzipSync('x'.repeat(100));
  const wrong = Buffer.from(packed);
  wrong.writeUInt32LE(1, packed.length - 8);
  for (const [bytes, reason] of [
    [packed.subarray(0, -5), 'unexpected end of file'],
    [wrong, 'incorrect data check'],
    [Buffer.from('\x1f\x8bnonsense', 'latin1'), 'unknown compression method'],
  ] as const) {
    const reader = gunzipReader(streamReader(Readable.from([])), bytes, 'audit.log.gz');
    await t.throwsAsync(all(reader), {
      code: 'source-read',
      message: `cannot unpack audit.log.gz: ${reason}; what came before was read`,
    });
    await reader.close();
  }
});

test('passes on the error of what it reads from', async (t) => {
  const failing = new PassThrough();
  failing.destroy(new Error('the disk is gone'));
  await t.throwsAsync(all(streamReader(failing)), { message: 'the disk is gone' });
});

test('knows packed data by its first two bytes', (t) => {
  t.true(isGzip(gzipSync('')));
  for (const text of ['', '\x1f', '\x1f\x8a', '{"', '\x8b\x1f']) t.false(isGzip(Buffer.from(text, 'latin1')));
});
