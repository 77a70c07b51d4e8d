/** How bytes are characters. */
export interface Encoding {
  /** As TextDecoder calls it. */
  readonly name: string;
  /** Length of the byte order mark that the text begins with. */
  readonly markBytes: number;
  characterAt(bytes: Uint8Array, at: number): Character;
}

interface Character {
  /** In bytes; there may be fewer left, and then the rest is of no meaning. */
  readonly width: number;
  readonly value: number;
  readonly problem?: string;
  /** What is wrong if the bytes end within it. */
  readonly incomplete: string;
}

export function encodingOf(bytes: Uint8Array): Encoding {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return utf16('utf-16le', 0);
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return utf16('utf-16be', 1);
  const isMarked = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
  return { name: 'utf-8', markBytes: isMarked ? 3 : 0, characterAt: utf8CharacterAt };
}

function utf8CharacterAt(bytes: Uint8Array, at: number): Character {
  const octet = bytes[at] ?? 0;
  const width = (octet & 0xe0) === 0xc0 ? 2 : (octet & 0xf0) === 0xe0 ? 3 : (octet & 0xf8) === 0xf0 ? 4 : 1;
  const incomplete = 'incomplete UTF-8 octet sequence';
  if (width === 1) {
    return { width, value: octet, incomplete, ...(octet < 0x80 ? {} : { problem: 'invalid leading UTF-8 octet' }) };
  }
  const trailing = bytes.subarray(at + 1, at + width);
  const value = trailing.reduce((high, low) => high * 64 + (low & 0x3f), octet & (0xff >> (width + 1)));
  const problem = utf8Problem(width, value, trailing);
  return { width, value, incomplete, ...(problem === undefined ? {} : { problem }) };
}

function utf8Problem(width: number, value: number, trailing: Uint8Array): string | undefined {
  if (trailing.some((octet) => (octet & 0xc0) !== 0x80)) return 'invalid trailing UTF-8 octet';
  if (value < ([0, 0, 0x80, 0x800, 0x10000][width] ?? 0)) return 'invalid length of a UTF-8 sequence';
  return (value >= 0xd800 && value <= 0xdfff) || value > 0x10ffff ? 'invalid Unicode character' : undefined;
}

/** `low`: which byte of two is the low one. */
function utf16(name: string, low: 0 | 1): Encoding {
  const unitAt = (bytes: Uint8Array, at: number) => (bytes[at + low] ?? 0) + (bytes[at + 1 - low] ?? 0) * 256;
  const characterAt = (bytes: Uint8Array, at: number): Character => {
    const value = unitAt(bytes, at);
    const surrogate = value & 0xfc00;
    if (surrogate !== 0xd800 || bytes.length - at < 2) {
      const problem = surrogate === 0xdc00 ? { problem: 'unexpected low surrogate area' } : {};
      return { width: 2, value, incomplete: 'incomplete UTF-16 character', ...problem };
    }
    const second = unitAt(bytes, at + 2);
    const pair = 0x10000 + ((value & 0x3ff) << 10) + (second & 0x3ff);
    const problem = (second & 0xfc00) === 0xdc00 ? {} : { problem: 'expected low surrogate area' };
    return { width: 4, value: pair, incomplete: 'incomplete UTF-16 surrogate pair', ...problem };
  };
  return { name, markBytes: 2, characterAt };
}
