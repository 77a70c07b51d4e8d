/** One buffer, or several to be written one after the other with a single call. */
export type Bytes = Buffer | readonly Buffer[];

/** How many bytes there are in all. */
export function byteLength(bytes: Bytes): number {
  return Buffer.isBuffer(bytes) ? bytes.length : bytes.reduce((sum, view) => sum + view.length, 0);
}

/** What is left behind the first `count` bytes. */
export function skipBytes(bytes: Bytes, count: number): Bytes {
  if (Buffer.isBuffer(bytes)) return bytes.subarray(count);
  let rest = count;
  const from = bytes.findIndex((view) => {
    if (rest < view.length) return true;
    rest -= view.length;
    return false;
  });
  const [first, ...others] = from < 0 ? [] : bytes.slice(from);
  return first === undefined ? EMPTY : [first.subarray(rest), ...others];
}

const EMPTY = Buffer.alloc(0);
