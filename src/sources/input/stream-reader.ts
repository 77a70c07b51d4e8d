import type { Readable } from 'node:stream';
import type { ByteReader } from './reader.ts';

/** Reads any byte stream, at the price of a copy: for terminals. */
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
