import { EventError, messageOf } from '../core/errors.ts';
import {
  BACKSLASH,
  CLOSE_ARRAY,
  CLOSE_OBJECT,
  COLON,
  COMMA,
  OPEN_ARRAY,
  OPEN_OBJECT,
  plainEnd,
  QUOTE,
  STRUCTURE,
} from './json-bytes.ts';

/**
 * Walks over JSON bytes that are trusted. Positions are offsets into a buffer; a value's position is that of its first
 * byte. These functions find borders and trust what lies between them: a number is whatever stands where one may
 * stand. json-check.ts is the strict twin, run on everything that leaves the program.
 */

/** The first position from `at` that is not JSON white space; `end` if there is none. */
export function skipSpace(bytes: Uint8Array, at: number, end: number): number {
  let byte = bytes[at] as number;
  while (at < end && byte <= 0x20 && (byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09)) {
    byte = bytes[++at] as number;
  }
  return at;
}

/** The position behind the closing quote of the string that opens at `at`; -1 if it does not end before `end`. */
export function stringEnd(bytes: Uint8Array, at: number, end: number): number {
  at++;
  for (;;) {
    at = plainEnd(bytes, at);
    if (at >= end) return -1;
    if (bytes[at] === QUOTE) return at + 1;
    at += 2;
  }
}

/** The position behind the value that begins at `at`; -1 if it does not end before `end`. */
export function valueEnd(bytes: Uint8Array, at: number, end: number): number {
  const first = bytes[at];
  if (first === QUOTE) return stringEnd(bytes, at, end);
  if (first === OPEN_OBJECT || first === OPEN_ARRAY) return containerEnd(bytes, at, end);
  while (at < end && !isScalarEnd(bytes[at] as number)) at++;
  return at;
}

function containerEnd(bytes: Uint8Array, at: number, end: number): number {
  let depth = 0;
  while (at < end) {
    const byte = bytes[at] as number;
    if (STRUCTURE[byte] === 0) {
      at++;
    } else if (byte === QUOTE) {
      at = stringEnd(bytes, at, end);
      if (at < 0) return -1;
    } else {
      at++;
      if (byte === OPEN_OBJECT || byte === OPEN_ARRAY) depth++;
      else if (--depth === 0) return at;
    }
  }
  return -1;
}

function isScalarEnd(byte: number): boolean {
  return byte === COMMA || byte === CLOSE_OBJECT || byte === CLOSE_ARRAY || byte <= 0x20;
}

/**
 * The key position of an object's first member, given the object's position; -1 if there is none or no object.
 * A walk is: `for (key = firstMember(…); key >= 0; key = nextMember(…, value, end)) { value = memberValue(…, key, end) … }`
 */
export function firstMember(bytes: Uint8Array, object: number, end: number): number {
  if (bytes[object] !== OPEN_OBJECT) return -1;
  const at = skipSpace(bytes, object + 1, end);
  return at < end && bytes[at] === QUOTE ? at : -1;
}

/** The position of the value that belongs to the key at `key`; -1 if the bytes end or are no member. */
export function memberValue(bytes: Uint8Array, key: number, end: number): number {
  let at = stringEnd(bytes, key, end);
  if (at < 0) return -1;
  at = skipSpace(bytes, at, end);
  if (at >= end || bytes[at] !== COLON) return -1;
  at = skipSpace(bytes, at + 1, end);
  return at < end ? at : -1;
}

/** The key position of the member after the one whose value is at `value`; -1 at the object's end. */
export function nextMember(bytes: Uint8Array, value: number, end: number): number {
  const at = nextElement(bytes, value, end);
  return at >= 0 && bytes[at] === QUOTE ? at : -1;
}

/** The position of an array's first element; -1 if there is none or no array. */
export function firstElement(bytes: Uint8Array, array: number, end: number): number {
  if (bytes[array] !== OPEN_ARRAY) return -1;
  const at = skipSpace(bytes, array + 1, end);
  return at < end && bytes[at] !== CLOSE_ARRAY ? at : -1;
}

/** The position of the element after the one at `value`; -1 at the array's end. */
export function nextElement(bytes: Uint8Array, value: number, end: number): number {
  let at = valueEnd(bytes, value, end);
  if (at < 0) return -1;
  at = skipSpace(bytes, at, end);
  if (at >= end || bytes[at] !== COMMA) return -1;
  at = skipSpace(bytes, at + 1, end);
  return at < end ? at : -1;
}

/** The position of the value of `name` in the object at `object`; -1 if it has no such member. */
export function findMember(bytes: Buffer, object: number, end: number, name: Buffer): number {
  let key = firstMember(bytes, object, end);
  while (key >= 0) {
    const value = memberValue(bytes, key, end);
    if (value < 0) return -1;
    if (keyIs(bytes, key, name)) return value;
    key = nextMember(bytes, value, end);
  }
  return -1;
}

/** Whether these bytes stand at `at`. */
export function startsWith(bytes: Uint8Array, at: number, expected: Uint8Array): boolean {
  for (let i = 0; i < expected.length; i++) if (bytes[at + i] !== expected[i]) return false;
  return true;
}

/** Whether the key at `key` is `name` (ASCII, without escapes of its own), also when it is written with escapes. */
function keyIs(bytes: Buffer, key: number, name: Buffer): boolean {
  const from = key + 1;
  for (let i = 0; i < name.length; i++) {
    if (bytes[from + i] !== name[i]) {
      const close = stringEnd(bytes, key, bytes.length);
      return bytes.subarray(from, close).includes(BACKSLASH) && decodeString(bytes, key, close) === name.toString();
    }
  }
  return bytes[from + name.length] === QUOTE;
}

/** The text of the string at `at`; `undefined` if there is no string. Throws an EventError on a broken escape. */
export function decodeString(bytes: Buffer, at: number, end: number): string | undefined {
  if (bytes[at] !== QUOTE) return undefined;
  const close = stringEnd(bytes, at, end);
  if (close < 0) return undefined;
  for (let i = at + 1; i < close; i++) {
    if (bytes[i] === BACKSLASH) return parseJson<string>(bytes.toString('utf8', at, close));
  }
  return bytes.toString('utf8', at + 1, close - 1);
}

/** `JSON.parse`, with an EventError for what is not JSON. */
export function parseJson<T>(text: string): T {
  try {
    return JSON.parse(text) as T;
  } catch (cause) {
    throw new EventError('not-json', `not JSON: ${messageOf(cause)}`, { cause });
  }
}

/** The number at `at`; `undefined` if there is none. */
export function decodeNumber(bytes: Buffer, at: number, end: number): number | undefined {
  let number = 0;
  let digits = 0;
  while (digits < 9 && (bytes[at + digits] as number) >= 0x30 && (bytes[at + digits] as number) <= 0x39) {
    number = number * 10 + (bytes[at + digits++] as number) - 0x30;
  }
  if (digits > 0 && isScalarEnd(bytes[at + digits] as number)) return number;
  const text = bytes.toString('latin1', at, valueEnd(bytes, at, end));
  return /^-?\d/.test(text) ? Number(text) : undefined;
}
