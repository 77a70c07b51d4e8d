import type { Edit } from '../../../core/event.ts';
import { BACKSLASH, CLOSE_ARRAY, CLOSE_OBJECT, COMMA, OPEN_OBJECT, plainEnd, QUOTE } from '../../json-bytes.ts';
import { decodeString, skipSpace, stringEnd } from '../../json-scan.ts';
import { lastBefore, stringStart } from '../../json-tail.ts';

/**
 * How members are cut out of JSON: with the comma in front of them, or with the one behind if they come first, so that
 * the rest stays JSON and stays as it was. All of this takes bytes that have been checked: it asks for nothing twice.
 */
export interface Cutting {
  readonly bytes: Buffer;
  /** The borders of the event. */
  readonly start: number;
  readonly end: number;
  /** What is to be cut so far; positions count from `start`. */
  readonly edits: Edit[];
}

/** A member of an object: from the opening quote of its key to behind its value. */
export interface Member {
  readonly key: number;
  readonly end: number;
}

/** Cuts these members of one object, given in their order. */
export function cutMembers(of: Cutting, members: readonly Member[]): void {
  const { bytes, end } = of;
  let first = -1;
  for (const member of members) {
    const comma = lastBefore(bytes, member.key);
    if (member.key !== first && bytes[comma] !== OPEN_OBJECT) {
      replace(of, comma, member.end, '');
      continue;
    }
    const behind = skipSpace(bytes, member.end, end);
    first = bytes[behind] === COMMA ? skipSpace(bytes, behind + 1, end) : -1;
    replace(of, member.key, first < 0 ? member.end : first, '');
  }
}

/** Puts `text` in place of the bytes between two positions. */
export function replace({ start, edits }: Cutting, from: number, to: number, text: string): void {
  edits.push({ start: from - start, end: to - start, text });
}

/** The key of the member whose value begins at `value`. */
export function keyBefore({ bytes, start }: Cutting, value: number): number {
  return stringStart(bytes, lastBefore(bytes, lastBefore(bytes, value)), start);
}

/** The first key or element of the object or array at `at`, or -1. */
export function first({ bytes, end }: Cutting, at: number): number {
  at = skipSpace(bytes, at + 1, end);
  return isClose(bytes[at]) ? -1 : at;
}

/** The key or element behind the value that ends at `at`, or -1. */
export function next({ bytes, end }: Cutting, at: number): number {
  at = skipSpace(bytes, at, end);
  return bytes[at] === COMMA ? skipSpace(bytes, at + 1, end) : -1;
}

/** The value of the member whose key is at `key`. */
export function valueAt({ bytes, end }: Cutting, key: number): number {
  return skipSpace(bytes, skipSpace(bytes, stringEnd(bytes, key, end), end) + 1, end);
}

/** The position behind the object or array whose last member or element ends at `at`. */
export function closeOf({ bytes, end }: Cutting, at: number): number {
  return skipSpace(bytes, at, end) + 1;
}

/** Whether the key at `key` is `name` (without escapes of its own), in any spelling. */
export function isNamed(bytes: Buffer, key: number, name: Buffer): boolean {
  let at = key + 1;
  let i = 0;
  while (i < name.length && bytes[at] === name[i]) {
    at++;
    i++;
  }
  if (i === name.length && bytes[at] === QUOTE) return true;
  return isEscaped(bytes, at) && textOf(bytes, key) === name.toString();
}

/** Whether the key at `key` begins with `prefix` (without escapes of its own), in any spelling. */
export function isPrefixed(bytes: Buffer, key: number, prefix: Buffer): boolean {
  let at = key + 1;
  let i = 0;
  while (i < prefix.length && bytes[at] === prefix[i]) {
    at++;
    i++;
  }
  if (i === prefix.length) return true;
  return isEscaped(bytes, at) && textOf(bytes, key).startsWith(prefix.toString());
}

/** Whether an escape stands between `at` and the end of the string that it is in. */
function isEscaped(bytes: Buffer, at: number): boolean {
  return bytes[plainEnd(bytes, at)] === BACKSLASH;
}

function textOf(bytes: Buffer, key: number): string {
  return decodeString(bytes, key, bytes.length) as string;
}

function isClose(byte: number | undefined): boolean {
  return byte === CLOSE_OBJECT || byte === CLOSE_ARRAY;
}
