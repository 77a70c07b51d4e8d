import { constants, gzipSync } from 'node:zlib';
import test from 'ava';
import fc from 'fast-check';
import { gunzipReader } from '../../../../src/sources/input/gzip/gunzip-reader.ts';
import { PackedBytes } from '../../../../src/sources/input/gzip/packed-bytes.ts';
import { READ_ROOM } from '../../../../src/sources/input/reader.ts';
import { holds } from '../../../support/property.ts';
import { REAL_EVENTS, readSizes } from '../../mixed-input.ts';
import { all, type InputOptions, readerOf, silentReader } from '../readers.ts';

const log = Buffer.from(REAL_EVENTS.join('\n'));
const readerOver = (packed: Buffer, options: InputOptions = {}) =>
  gunzipReader(new PackedBytes(readerOf(packed, options)), 'in');

test('gives out what was packed, whatever room there is', async (t) => {
  const end = fc.nat({ max: 3000 });
  const property = fc.asyncProperty(end, readSizes, fc.integer({ min: 1, max: 500 }), async (end, sizes, room) => {
    const packed = gzipSync(log.subarray(0, end));
    const reader = readerOver(packed, { sizes });
    t.true((await all(reader, { room })).equals(log.subarray(0, end)));
    t.is(reader.bytes, packed.length);
    t.is(await reader.read(Buffer.alloc(READ_ROOM), 0), 0);
  });
  await holds(t, property, { runs: 25 });
});

test('gives out all there is before it fails, and has ended then', async (t) => {
  const into: Buffer[] = [];
  const reader = readerOver(gzipSync(log).subarray(0, -9));
  await t.throwsAsync(all(reader, { into }), {
    code: 'source-read',
    message: /^cannot unpack in: cut off at byte \d+, /,
  });
  t.true(log.subarray(0, -100).equals(Buffer.concat(into).subarray(0, log.length - 100)));
  t.is(await reader.read(Buffer.alloc(READ_ROOM), 0), 0);
});

test('passes on the error of what it reads from', async (t) => {
  const failure = new Error('the disk is gone');
  const into: Buffer[] = [];
  const packed = gzipSync(log, { finishFlush: constants.Z_SYNC_FLUSH });
  t.is(await t.throwsAsync(all(readerOver(packed, { failure }), { into })), failure);
  t.true(Buffer.concat(into).equals(log));
});

test('ends when it is closed, also while it waits, and can be closed twice', async (t) => {
  const packed = gzipSync('{"a":1}\n', { finishFlush: constants.Z_SYNC_FLUSH });
  const reader = gunzipReader(new PackedBytes(silentReader(packed)), 'in');
  t.is(await reader.read(Buffer.alloc(READ_ROOM), 0), 8);
  const pending = reader.read(Buffer.alloc(READ_ROOM), 0);
  await reader.close();
  t.is(await pending, 0);
  await reader.close();
  t.is(await reader.read(Buffer.alloc(READ_ROOM), 0), 0);
});

test('a closed reader gives out no more, also of what had come', async (t) => {
  const reader = readerOver(gzipSync('abcdef'));
  t.is(await reader.read(Buffer.alloc(3), 0), 3);
  await reader.close();
  t.is(await reader.read(Buffer.alloc(3), 0), 0);
});
