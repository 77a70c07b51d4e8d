import type { ByteReader } from '../reader.ts';
import { gunzipReader } from './gunzip-reader.ts';
import { isGzip } from './header.ts';
import { PackedBytes } from './packed-bytes.ts';

/** Reads an input as it is, or what it was packed from if its first bytes say that it is gzip data. */
export function unpackingReader(input: ByteReader, name: string): ByteReader {
  const beginning = new PackedBytes(input);
  let first: Buffer | undefined;
  let reader: ByteReader = input;
  let closed = false;
  return {
    get bytes() {
      return input.bytes;
    },
    async read(buffer, at) {
      if (first === undefined) {
        first = await beginning.peek(2);
        if (isGzip(first)) reader = gunzipReader(beginning, name);
      }
      if (closed) return 0;
      if (reader !== input || first.length === 0) return reader.read(buffer, at);
      const bytes = first.copy(buffer, at);
      first = first.subarray(bytes);
      return bytes;
    },
    async close() {
      closed = true;
      await reader.close();
    },
  };
}
