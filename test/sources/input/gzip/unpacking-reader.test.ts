import { randomBytes } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import test from 'ava';
import fc from 'fast-check';
import { unpackingReader } from '../../../../src/sources/input/gzip/unpacking-reader.ts';
import { READ_ROOM } from '../../../../src/sources/input/reader.ts';
import { holds } from '../../../support/property.ts';
import { readSizes } from '../../mixed-input.ts';
import { all, readerOf, silentReader } from '../readers.ts';

test('gives out what was packed as it was, and anything else as it is', async (t) => {
  const bytes = fc.uint8Array({ maxLength: 3000 }).map((bytes) => Buffer.from(bytes));
  await holds(
    t,
    fc.asyncProperty(bytes, fc.boolean(), readSizes, async (bytes, packed, sizes) => {
      fc.pre(packed || !(bytes[0] === 0x1f && bytes[1] === 0x8b));
      const reader = unpackingReader(readerOf(packed ? gzipSync(bytes) : bytes, { sizes }), 'in');
      t.true((await all(reader)).equals(bytes));
    }),
    { runs: 80 },
  );
});

test('gives out a beginning that is more than there is room for', async (t) => {
  const bytes = randomBytes(3 * READ_ROOM);
  bytes[0] = 0;
  const reader = unpackingReader(readerOf(bytes, { sizes: [1, READ_ROOM] }), 'in');
  t.true((await all(reader)).equals(bytes));
});

test('looks for packed data at the very beginning only', async (t) => {
  for (const text of ['\n\x1f\x8b\n', '\x1f', '\x1f\n\x8b', '']) {
    for (const sizes of [[1], [100]]) {
      const bytes = Buffer.from(text, 'latin1');
      t.deepEqual(await all(unpackingReader(readerOf(bytes, { sizes }), 'in')), bytes);
    }
  }
});

test('counts the bytes of the input, packed or not', async (t) => {
  for (const input of [Buffer.from('plain'), gzipSync('packed')]) {
    const reader = unpackingReader(readerOf(input), 'in');
    await all(reader);
    t.is(reader.bytes, input.length);
  }
});

test('ends when it is closed, before or after it knows what it reads', async (t) => {
  for (const input of ['', '\x1f', '\x1f\x8b\x08', 'plain']) {
    const reader = unpackingReader(silentReader(Buffer.from(input, 'latin1')), 'in');
    if (input === 'plain') await reader.read(Buffer.alloc(READ_ROOM), 0);
    const pending = reader.read(Buffer.alloc(READ_ROOM), 0);
    await reader.close();
    t.is(await pending, 0, JSON.stringify(input));
    await reader.close();
    t.is(await reader.read(Buffer.alloc(READ_ROOM), 0), 0);
  }
});
