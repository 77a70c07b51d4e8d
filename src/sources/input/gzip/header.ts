/**
 * A gzip file is one member after the other (RFC 1952), each:
 *
 *   1f 8b | method (8) | flags | time (4) | hint | system | extra? | name? | comment? | checksum of these (2)?
 *   deflate data
 *   CRC-32 of the unpacked bytes (4, little endian) | their count modulo 2^32 (4)
 *
 * NULs may stand behind a member, where a program filled up a block.
 */
export const TRAILER_BYTES = 8;

/** Longer ones do not occur: names and comments are short, and extra fields at most 64 KiB. */
export const MAX_HEADER_BYTES = 128 * 1024;

/** Whether these bytes are the beginning of a gzip member. */
export function isGzip(bytes: Buffer): boolean {
  return bytes.length > 1 && bytes[0] === 0x1f && bytes[1] === 0x8b;
}

/** Why a header that begins like this cannot be read; `undefined` as long as nothing is wrong with it. */
export function headerFault(bytes: Buffer): string | undefined {
  if (bytes.length > 2 && bytes[2] !== DEFLATE) return 'unknown compression method';
  if (bytes.length > 3 && (flagsOf(bytes) & RESERVED) !== 0) return 'unknown header flags';
  return bytes.length >= MAX_HEADER_BYTES ? 'a header that does not end' : undefined;
}

/** The length of the header that these bytes begin with; `undefined` if it goes on behind them. */
export function headerLength(bytes: Buffer): number | undefined {
  if (bytes.length < FIXED_BYTES) return undefined;
  const flags = flagsOf(bytes);
  let end = FIXED_BYTES;
  if (flags & EXTRA) {
    if (bytes.length < end + 2) return undefined;
    end += 2 + bytes.readUInt16LE(end);
  }
  for (const flag of [NAME, COMMENT]) {
    if ((flags & flag) === 0) continue;
    const nul = bytes.indexOf(0, end);
    if (nul < 0) return undefined;
    end = nul + 1;
  }
  if (flags & CHECKSUM) end += 2;
  return end <= bytes.length ? end : undefined;
}

function flagsOf(bytes: Buffer): number {
  return bytes[3] as number;
}

const DEFLATE = 8;
const FIXED_BYTES = 10;
const CHECKSUM = 0x02;
const EXTRA = 0x04;
const NAME = 0x08;
const COMMENT = 0x10;
const RESERVED = 0xe0;
