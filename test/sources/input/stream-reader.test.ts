import { PassThrough, Readable } from 'node:stream';
import test from 'ava';
import fc from 'fast-check';
import { READ_ROOM } from '../../../src/sources/input/reader.ts';
import { streamReader } from '../../../src/sources/input/stream-reader.ts';
import { holds } from '../../support/property.ts';
import { readSizes, reads } from '../mixed-input.ts';
import { all } from './readers.ts';

const streamOf = (bytes: Buffer, sizes: readonly number[]) => Readable.from(reads(bytes, sizes), { objectMode: false });
const bytes = fc.uint8Array({ maxLength: 3000 }).map((bytes) => Buffer.from(bytes));

test('reads a stream whole, whatever room there is', async (t) => {
  const property = fc.asyncProperty(bytes, readSizes, fc.integer({ min: 1, max: 500 }), async (bytes, sizes, room) => {
    const reader = streamReader(streamOf(bytes, sizes));
    t.deepEqual(await all(reader, { room }), bytes);
    t.is(reader.bytes, bytes.length);
  });
  await holds(t, property, { runs: 50 });
});

test('a stream that is closed while it is waited for has ended', async (t) => {
  const reader = streamReader(new PassThrough());
  const pending = reader.read(Buffer.alloc(READ_ROOM), 0);
  await reader.close();
  t.is(await pending, 0);
  await reader.close();
  t.is(await reader.read(Buffer.alloc(READ_ROOM), 0), 0);
});

test('a closed stream gives out no more, also of what had come', async (t) => {
  const reader = streamReader(Readable.from([Buffer.from('abcdef')], { objectMode: false }));
  t.is(await reader.read(Buffer.alloc(3), 0), 3);
  await reader.close();
  t.is(await reader.read(Buffer.alloc(3), 0), 0);
});

test('passes on the error of what it reads from', async (t) => {
  const failing = new PassThrough();
  failing.destroy(new Error('the disk is gone'));
  await t.throwsAsync(all(streamReader(failing)), { message: 'the disk is gone' });
});
