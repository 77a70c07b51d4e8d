import {
  BACKSLASH,
  CLOSE_OBJECT,
  COLON,
  COMMA,
  checkedPlainEnd,
  OPEN_ARRAY,
  OPEN_OBJECT,
  QUOTE,
} from './json-bytes.ts';
import { skipSpace } from './json-scan.ts';

/**
 * The strict twin of json-scan.ts: is this exactly one JSON value (RFC 8259)? Iterative, so that depth costs memory
 * by the bit and never the call stack. UTF-8 is checked elsewhere, by the chunk.
 */

/** 1 for what may follow a backslash, without `u`. */
const SIMPLE_ESCAPE = new Uint8Array(256);
for (const byte of Buffer.from('"\\/bfnrt')) SIMPLE_ESCAPE[byte] = 1;

const HEX = new Uint8Array(256);
for (const byte of Buffer.from('0123456789abcdefABCDEF')) HEX[byte] = 1;

const TRUE = Buffer.from('true');
const FALSE = Buffer.from('false');
const NULL = Buffer.from('null');

/** The closing bracket that each open container waits for, from index 1 on; grows with the depth that was met. */
let stack = new Uint8Array(256);

/**
 * The position behind the value that begins at `at`. If it is not JSON, `~position` (negative) of the first byte that
 * cannot be there; that position is `end` where the bytes end too early.
 */
export function checkedValueEnd(bytes: Uint8Array, at: number, end: number): number {
  const result = walk(bytes, at, end);
  return result > end || ~result > end ? ~end : result;
}

/**
 * As checkedValueEnd, but may look beyond `end`. This is where a run that passes everything through spends its time:
 * only white space is skipped up to `end`, and the newline behind a record stops everything else soon enough.
 */
function walk(bytes: Uint8Array, at: number, end: number): number {
  let depth = 0;
  let close = 0;
  for (;;) {
    let byte = bytes[at] as number;
    if (byte <= 0x20) {
      at = skipSpace(bytes, at, end);
      byte = bytes[at] as number;
    }
    if (byte === QUOTE) {
      at++;
      at = checkedPlainEnd(bytes, at);
      at = bytes[at] === QUOTE ? at + 1 : stringRest(bytes, at, end);
      if (at < 0) return at;
    } else if (byte === OPEN_OBJECT || byte === OPEN_ARRAY) {
      close = byte + 2;
      if (++depth === stack.length) stack = growStack();
      stack[depth] = close;
      at++;
      if ((bytes[at] as number) <= 0x20) at = skipSpace(bytes, at, end);
      if (bytes[at] !== close) {
        if (close === CLOSE_OBJECT) at = keyEnd(bytes, at, end);
        if (at < 0) return at;
        continue;
      }
    } else {
      at = scalarEnd(bytes, at, end);
      if (at < 0) return at;
    }
    for (;;) {
      if (depth === 0) return at;
      byte = bytes[at] as number;
      if (byte <= 0x20) {
        at = skipSpace(bytes, at, end);
        byte = bytes[at] as number;
      }
      if (byte === COMMA) {
        at++;
        if (close === CLOSE_OBJECT) at = keyEnd(bytes, at, end);
        if (at < 0) return at;
        break;
      }
      if (byte !== close) return ~at;
      at++;
      close = stack[--depth] as number;
    }
  }
}

/** Behind a key and its colon. */
function keyEnd(bytes: Uint8Array, at: number, end: number): number {
  if ((bytes[at] as number) <= 0x20) at = skipSpace(bytes, at, end);
  if (bytes[at] !== QUOTE) return ~at;
  at++;
  at = checkedPlainEnd(bytes, at);
  at = bytes[at] === QUOTE ? at + 1 : stringRest(bytes, at, end);
  if (at < 0) return at;
  if (bytes[at] !== COLON) at = skipSpace(bytes, at, end);
  return bytes[at] === COLON ? at + 1 : ~at;
}

/** The position behind the closing quote of the string that opens at `at`, or `~position` of what is wrong in it. */
export function checkedStringEnd(bytes: Uint8Array, at: number, end: number): number {
  return stringRest(bytes, at + 1, end);
}

function stringRest(bytes: Uint8Array, at: number, end: number): number {
  for (;;) {
    at = checkedPlainEnd(bytes, at);
    if (at >= end) return ~end;
    const byte = bytes[at];
    if (byte === QUOTE) return at + 1;
    if (byte !== BACKSLASH) return ~at;
    if (at + 1 < end && SIMPLE_ESCAPE[bytes[at + 1] as number] === 1) at += 2;
    else at = unicodeEscapeEnd(bytes, at, end);
    if (at < 0) return at;
  }
}

function unicodeEscapeEnd(bytes: Uint8Array, at: number, end: number): number {
  if (at + 1 < end && bytes[at + 1] !== 0x75) return ~at;
  for (let i = at + 2; i < at + 6; i++) {
    if (i >= end) return ~end;
    if (HEX[bytes[i] as number] === 0) return ~i;
  }
  return at + 6;
}

function scalarEnd(bytes: Uint8Array, at: number, end: number): number {
  switch (bytes[at]) {
    case 0x74:
      return literalEnd(bytes, at, end, TRUE);
    case 0x66:
      return literalEnd(bytes, at, end, FALSE);
    case 0x6e:
      return literalEnd(bytes, at, end, NULL);
    default:
      return numberEnd(bytes, at, end);
  }
}

function literalEnd(bytes: Uint8Array, at: number, end: number, literal: Uint8Array): number {
  for (let i = 0; i < literal.length; i++, at++) {
    if (at >= end) return ~end;
    if (bytes[at] !== literal[i]) return ~at;
  }
  return at;
}

function numberEnd(bytes: Uint8Array, at: number, end: number): number {
  if (bytes[at] === 0x2d) at++;
  const whole = digitsEnd(bytes, at, end);
  if (whole < 0 || (bytes[at] === 0x30 && whole > at + 1)) return whole < 0 ? whole : ~(at + 1);
  at = whole;
  if (at < end && bytes[at] === 0x2e) {
    at = digitsEnd(bytes, at + 1, end);
    if (at < 0) return at;
  }
  if (at < end && (bytes[at] === 0x65 || bytes[at] === 0x45)) {
    const sign = bytes[at + 1];
    at = digitsEnd(bytes, sign === 0x2b || sign === 0x2d ? at + 2 : at + 1, end);
  }
  return at;
}

/** Behind at least one digit. */
function digitsEnd(bytes: Uint8Array, at: number, end: number): number {
  const from = at;
  while (at < end && (bytes[at] as number) >= 0x30 && (bytes[at] as number) <= 0x39) at++;
  if (at > from) return at;
  return at >= end ? ~end : ~at;
}

function growStack(): Uint8Array<ArrayBuffer> {
  const larger = new Uint8Array(stack.length * 2);
  larger.set(stack);
  return larger;
}
