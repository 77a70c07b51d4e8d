import type { ByteReader } from '../reader.ts';
import type { PackedBytes } from './packed-bytes.ts';
import { unpack } from './unpack.ts';

/** Reads what gzip data was packed from. Works on the next bytes while the last ones are used. */
export function gunzipReader(packed: PackedBytes, name: string): ByteReader {
  const unpacked = unpack(packed, name);
  let ahead: Promise<IteratorResult<Buffer, void>> | undefined;
  let left: Buffer = Buffer.alloc(0);
  let closed = false;

  const next = async (): Promise<Buffer | undefined> => {
    const result = await (ahead ?? unpacked.next()).finally(() => {
      ahead = undefined;
    });
    if (result.done === true) return undefined;
    ahead = unpacked.next();
    ahead.catch(() => {});
    return result.value;
  };

  return {
    get bytes() {
      return packed.position;
    },
    async read(buffer, at) {
      if (left.length === 0 && !closed) {
        left = (await next().catch((error) => (closed ? undefined : Promise.reject(error)))) ?? left;
      }
      const bytes = closed ? 0 : left.copy(buffer, at);
      left = left.subarray(bytes);
      return bytes;
    },
    async close() {
      closed = true;
      await packed.close();
      await unpacked.return();
    },
  };
}
