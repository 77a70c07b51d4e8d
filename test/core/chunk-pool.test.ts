import test from 'ava';
import { CHUNK_BYTES, ChunkPool, neverReuse } from '../../src/core/chunk-pool.ts';

test('hands out a chunk again once it was given back', (t) => {
  const pool = new ChunkPool();
  const chunk = pool.take();
  t.is(chunk.length, CHUNK_BYTES);
  t.not(pool.take(), chunk);
  pool.give(chunk);
  t.is(pool.take(), chunk);
});

test('keeps no more chunks than it may', (t) => {
  const pool = new ChunkPool({ chunkBytes: 16, maxKept: 2 });
  const chunks = [pool.take(), pool.take(), pool.take()];
  for (const chunk of chunks) pool.give(chunk);
  t.is(pool.size, 2);
});

test('makes a larger chunk when asked, and does not keep it', (t) => {
  const pool = new ChunkPool({ chunkBytes: 16 });
  pool.give(pool.take());
  const large = pool.take(100);
  t.is(large.length, 100);
  pool.give(large);
  t.is(pool.size, 1);
});

test('ignores a chunk that was given back already or never taken', (t) => {
  const pool = new ChunkPool({ chunkBytes: 16 });
  const chunk = pool.take();
  pool.give(chunk);
  pool.give(chunk);
  pool.give(Buffer.alloc(16));
  t.is(pool.size, 1);
});

test('never hands out memory again that a given-up write may still read', (t) => {
  const pool = new ChunkPool({ chunkBytes: 16, poison: true });
  const chunk = pool.take().fill(1);
  neverReuse(chunk.subarray(4, 8));
  pool.give(chunk);
  t.is(pool.size, 0);
  t.deepEqual(chunk, Buffer.alloc(16, 1));
});

test('overwrites what comes back when told to', (t) => {
  const pool = new ChunkPool({ chunkBytes: 16, poison: true });
  const standard = pool.take().fill(1);
  const large = pool.take(20).fill(1);
  pool.give(standard);
  pool.give(large);
  t.deepEqual(standard, Buffer.alloc(16, 0xff));
  t.deepEqual(large, Buffer.alloc(20, 0xff));
});
