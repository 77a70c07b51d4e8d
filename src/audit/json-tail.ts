import { BACKSLASH, CLOSE_ARRAY, CLOSE_OBJECT, COLON, QUOTE, STRUCTURE } from './json-bytes.ts';

/**
 * Walks an object's members from its end. In valid JSON this is as exact as from the front: what stands before an
 * opening quote is never a backslash, and before any other quote of a string always. Nothing is checked: of bytes that
 * are no JSON, the answers mean nothing.
 */

/** The last position before `at` that is not white space. */
export function lastBefore(bytes: Uint8Array, at: number): number {
  let byte = bytes[--at] as number;
  while (byte <= 0x20 && (byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09))
    byte = bytes[--at] as number;
  return at;
}

/** The opening quote of the string whose closing quote is at `at`; -1 if it does not begin behind `start`. */
export function stringStart(bytes: Uint8Array, at: number, start: number): number {
  for (;;) {
    at = quoteBefore(bytes, at, start);
    if (at <= start) return -1;
    if (bytes[at - 1] !== BACKSLASH) return at;
  }
}

/** The last quote before `at`; a position up to `start` if there is none behind it. Four bytes a turn. */
function quoteBefore(bytes: Uint8Array, at: number, start: number): number {
  while (at > start) {
    if (bytes[at - 1] === QUOTE) return at - 1;
    if (bytes[at - 2] === QUOTE) return at - 2;
    if (bytes[at - 3] === QUOTE) return at - 3;
    if (bytes[at - 4] === QUOTE) return at - 4;
    at -= 4;
  }
  return at;
}

/** The first byte of the member value whose last byte is at `at`; -1 if it does not begin behind `start`. */
export function valueStart(bytes: Uint8Array, at: number, start: number): number {
  const last = bytes[at];
  if (last === QUOTE) return stringStart(bytes, at, start);
  if (last === CLOSE_OBJECT || last === CLOSE_ARRAY) return containerStart(bytes, at, start);
  while (at > start && bytes[at] !== COLON && (bytes[at] as number) > 0x20) at--;
  return at > start ? at + 1 : -1;
}

/** The opening bracket of the object or array whose last byte is at `at`; -1 if it does not begin behind `start`. */
export function containerStart(bytes: Uint8Array, at: number, start: number): number {
  let depth = 0;
  while (at > start) {
    const byte = bytes[at] as number;
    if (STRUCTURE[byte] !== 0) {
      if (byte === QUOTE) {
        at = stringStart(bytes, at, start);
        if (at < 0) return -1;
      } else if (byte === CLOSE_OBJECT || byte === CLOSE_ARRAY) depth++;
      else if (--depth === 0) return at;
    }
    at--;
  }
  return -1;
}
