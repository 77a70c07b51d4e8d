import type { Edit } from '../core/event.ts';
import { NEWLINE } from './json-bytes.ts';

/** Where bytes lie, a newline behind them. */
export interface Place {
  readonly chunk: Buffer;
  readonly start: number;
  readonly end: number;
}

const SLAB_BYTES = 64 * 1024;
/** What is longer gets memory of its own, so that a slab is nearly full when the next one is begun. */
const MAX_SHARED_BYTES = SLAB_BYTES / 8;

let slab = Buffer.alloc(0);
let used = 0;

/**
 * A copy of the bytes with the edits made; their positions count from `start`. Short results lie one behind the other
 * in memory that is never used again: a fresh buffer each costs more than the copy, and neighbours with a newline
 * between are written as one.
 */
export function splicedBytes(bytes: Buffer, start: number, end: number, edits: readonly Edit[]): Place {
  let length = end - start;
  for (const edit of edits) length += byteLength(edit.text) - (edit.end - edit.start);
  const { chunk, start: begin } = room(length + 1);
  let to = begin;
  let from = start;
  for (const edit of edits) {
    to = put(chunk, to, bytes, from, start + edit.start);
    to = write(chunk, to, edit.text);
    from = start + edit.end;
  }
  to = put(chunk, to, bytes, from, end);
  chunk[to] = NEWLINE;
  return { chunk, start: begin, end: to };
}

/** Room for `length` bytes. */
function room(length: number): { chunk: Buffer; start: number } {
  if (length > MAX_SHARED_BYTES) return { chunk: Buffer.allocUnsafeSlow(length), start: 0 };
  if (used + length > slab.length) {
    slab = Buffer.allocUnsafeSlow(SLAB_BYTES);
    used = 0;
  }
  const start = used;
  used += length;
  return { chunk: slab, start };
}

/** Few bytes are copied faster here than by a call. */
const SHORT = 32;

function put(to: Buffer, at: number, from: Buffer, start: number, end: number): number {
  if (end - start > SHORT) return at + from.copy(to, at, start, end);
  while (start < end) to[at++] = from[start++] as number;
  return at;
}

function byteLength(text: string): number {
  return text === '' ? 0 : Buffer.byteLength(text);
}

function write(to: Buffer, at: number, text: string): number {
  return text === '' ? at : at + to.write(text, at);
}
