import { execFileSync } from 'node:child_process';
import { constants, inflateRawSync } from 'node:zlib';
import { headerLength } from '../../../../src/sources/input/gzip/header.ts';

export interface HeaderParts {
  readonly extra?: Uint8Array;
  readonly name?: string;
  readonly comment?: string;
  readonly checksum?: true;
}

/** The header of a gzip member with these optional parts. */
export function headerWith({ extra, name, comment, checksum }: HeaderParts): Buffer {
  const parts = [
    ...(extra === undefined ? [] : [Buffer.from([extra.length & 0xff, extra.length >> 8]), extra]),
    ...[name, comment].flatMap((text) => (text === undefined ? [] : [Buffer.from(`${text}\0`)])),
    ...(checksum === undefined ? [] : [Buffer.alloc(2)]),
  ];
  const bits = [false, checksum !== undefined, extra !== undefined, name !== undefined, comment !== undefined];
  const flags = bits.reduce((sum, set, bit) => sum + (set ? 1 << bit : 0), 0);
  return Buffer.concat([Buffer.from([0x1f, 0x8b, 8, flags, 0, 0, 0, 0, 0, 3]), ...parts]);
}

/** What the program gzip makes of these bytes. */
export function gzipped(bytes: string | Buffer, ...options: string[]): Buffer {
  return execFileSync('gzip', ['-c', ...options], { input: bytes, maxBuffer: 1 << 28 });
}

/** What is known of a member whose deflate data is damaged. */
export interface Readable {
  readonly output: Buffer;
  /** Where the first byte stands that cannot be unpacked; `undefined` if there is none. */
  readonly faultAt: number | undefined;
}

/** Looks for the longest beginning of a member that zlib does not object to, and unpacks that. */
export function readableOf(member: Buffer): Readable {
  const start = headerLength(member) ?? member.length;
  const unpacked = (end: number): Buffer | undefined => {
    try {
      return inflateRawSync(member.subarray(start, end), { finishFlush: constants.Z_SYNC_FLUSH });
    } catch {
      return undefined;
    }
  };
  const whole = unpacked(member.length);
  if (whole !== undefined) return { output: whole, faultAt: undefined };
  let good = start;
  let bad = member.length;
  while (bad - good > 1) {
    const middle = (good + bad) >> 1;
    if (unpacked(middle) === undefined) bad = middle;
    else good = middle;
  }
  return { output: unpacked(good) as Buffer, faultAt: good };
}
