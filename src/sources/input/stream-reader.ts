import type { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { KauditError, messageOf } from '../../core/errors.ts';
import { type ByteReader, READ_ROOM } from './reader.ts';

/** Reads any byte stream, at the price of a copy: for terminals and decompression. */
export function streamReader(stream: Readable): ByteReader {
  const chunks = stream.iterator({ destroyOnReturn: false });
  let left: Buffer = Buffer.alloc(0);
  let closed = false;
  const closing = Promise.withResolvers<undefined>();
  let total = 0;
  return {
    get bytes() {
      return total;
    },
    async read(buffer, at) {
      while (left.length === 0 && !closed) {
        const next = await Promise.race([chunks.next(), closing.promise]);
        if (next === undefined || next.done === true) return 0;
        left = next.value;
      }
      const bytes = closed ? 0 : left.copy(buffer, at);
      left = left.subarray(bytes);
      total += bytes;
      return bytes;
    },
    async close() {
      if (closed) return;
      closed = true;
      closing.resolve(undefined);
      stream.destroy();
    },
  };
}

/** Whether these bytes are the beginning of gzip data (RFC 1952). */
export function isGzip(bytes: Buffer): boolean {
  return bytes.length > 1 && bytes[0] === 0x1f && bytes[1] === 0x8b;
}

/** Unpacks gzip data, of which `first` was read already. */
export function gunzipReader(packed: ByteReader, first: Buffer, name: string): ByteReader {
  const gunzip = createGunzip();
  const unpacked = streamReader(gunzip);
  const feeding = feed(packed, first, gunzip).catch((error: Error) => void gunzip.destroy(error));
  return {
    get bytes() {
      return packed.bytes;
    },
    async read(buffer, at) {
      try {
        return await unpacked.read(buffer, at);
      } catch (cause) {
        const text = `cannot unpack ${name}: ${messageOf(cause)}; what came before was read`;
        throw new KauditError('source-read', text, { cause });
      }
    },
    async close() {
      await unpacked.close();
      await packed.close();
      await feeding;
    },
  };
}

async function feed(packed: ByteReader, first: Buffer, gunzip: ReturnType<typeof createGunzip>): Promise<void> {
  let bytes = Buffer.from(first);
  while (bytes.length > 0 && !gunzip.destroyed) {
    if (!gunzip.write(bytes)) await drained(gunzip);
    const room = Buffer.allocUnsafe(4 * READ_ROOM);
    bytes = room.subarray(0, await packed.read(room, 0));
  }
  gunzip.end();
}

function drained(stream: ReturnType<typeof createGunzip>): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      stream.off('drain', done).off('close', done);
      resolve();
    };
    stream.on('drain', done).on('close', done);
  });
}
