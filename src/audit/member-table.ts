import { FIELD, FIELDS, fieldAt, SLOT } from './fields.ts';
import { CLOSE_OBJECT, COLON, COMMA, OPEN_OBJECT, QUOTE } from './json-bytes.ts';
import { skipSpace, startsWith, stringEnd, valueEnd } from './json-scan.ts';
import { lastBefore, stringStart, valueStart } from './json-tail.ts';
import { annotationsBehind, KIND_AT, LEVEL_AT, VERSION_AT } from './upstream.ts';
import { broken } from './well-formed.ts';

/**
 * Where the known top-level members of an event begin, found only as far as somebody asked.
 *
 * An event owns SLOTS numbers of its piece's table: the position of the value of each known field (0: not met yet),
 * then the position where the walk goes on: 0 before it began, the value of the member found last, or DONE, and that
 * member's field; and where the values of the two bodies end (0: not known), so that what crossed them once need not do
 * so again.
 * kube-apiserver writes the bodies behind everything that rules look at, so the walk over most events ends before
 * them; in any other order the answers are the same, only later.
 */
export interface Members extends Place {
  readonly bytes: Buffer;
  readonly table: Int32Array;
  readonly tail: number;
  /** What `isUpstream` says of the event. */
  readonly upstream: boolean;
}

/** Where an event lies in its piece. */
export interface Place {
  readonly start: number;
  readonly end: number;
  /** The event's first slot in the table. */
  readonly slot: number;
  /** Where the tail begins, in an event that begins and ends as kube-apiserver writes them (upstreamTail); else 0. */
  readonly tail?: number;
}

export const SLOTS: number = FIELDS.length + Object.keys(SLOT).length;
const RESUME = SLOT.resume;
const LAST = SLOT.last;
const REQUEST_END = SLOT.requestEnd;
const RESPONSE_END = SLOT.responseEnd;
const DONE = -1;
/** The member found last is no known field, or one that was met before. */
const NONE = -2;

const KEYS = FIELDS.map((name) => Buffer.from(`,"${name}":`));

/** Room for the members behind the bodies; most events without bodies are hardly longer. */
const TAIL_BYTES = 2048;

/**
 * The position of the value of `field`, or 0 if the event has none. Of a repeated key the first counts (such an event
 * is refused before it reaches a sink). Throws an EventError when the bytes stop being a JSON object before the field
 * is found.
 */
export function seek(of: Members, field: number): number {
  const { bytes, table, slot, start, end } = of;
  const met = table[slot + field] as number;
  if (met !== 0) return met;
  let at = table[slot + RESUME] as number;
  if (at === 0) {
    at = begin(of);
    const first = table[slot + field] as number;
    if (first !== 0) return first;
  }
  let last = table[slot + LAST] as number;
  while (at !== DONE) {
    const behind = valueEnd(bytes, at, end);
    if (behind < 0) throw broken(end, start, end);
    if (last === FIELD.requestObject) table[slot + REQUEST_END] = behind;
    else if (last === FIELD.responseObject) table[slot + RESPONSE_END] = behind;
    at = enterNext(of, behind, last + 1);
    if (at < 0) {
      const key = nextKey(bytes, behind, start, end);
      at = key === DONE ? DONE : enter(of, key);
    }
    table[slot + RESUME] = at;
    if (at !== DONE && table[slot + field] === at) return at;
    last = table[slot + LAST] as number;
  }
  return 0;
}

/** Most often the next member is the next field, written as Go writes it: returns its value's position, else -1. */
function enterNext({ bytes, table, slot, end }: Members, behind: number, field: number): number {
  const key = KEYS[field];
  if (key === undefined || table[slot + field] !== 0 || !startsWith(bytes, behind, key)) return -1;
  const at = behind + key.length;
  if (at >= end || (bytes[at] as number) <= 0x20) return -1;
  table[slot + field] = at;
  table[slot + LAST] = field;
  return at;
}

/**
 * As `seek`, for a field that kube-apiserver writes near the end of an event: looks at the last TAIL_BYTES first, and
 * so does not cross what lies before them. Falls back to `seek` where that finds nothing.
 */
export function seekFromEnd(of: Members, field: number): number {
  const { bytes, table, slot, start, end, tail } = of;
  const met = table[slot + field] as number;
  if (met !== 0) return met;
  if (tail > 0 && field === FIELD.annotations) return annotationsBehind(tail, bytes);
  const limit = Math.max(start, (tail > 0 ? tail : end) - TAIL_BYTES);
  let at = tail > 0 ? tail : lastBefore(bytes, end);
  let more = bytes[at] === CLOSE_OBJECT || tail > 0;
  while (more) {
    const last = lastBefore(bytes, at);
    const value = last > limit ? valueStart(bytes, last, limit) : -1;
    if (value < 0) break;
    at = lastBefore(bytes, value);
    const close = lastBefore(bytes, at);
    if (bytes[at] !== COLON || bytes[close] !== QUOTE || close <= limit) break;
    const key = stringStart(bytes, close, limit);
    if (key < 0) break;
    if (fieldAt(bytes, key, close + 1) === field) {
      table[slot + field] = value;
      return value;
    }
    at = lastBefore(bytes, key);
    more = bytes[at] === COMMA;
  }
  return seek(of, field);
}

/** The position behind the value of a body that `seek` found. */
export function bodyEnd({ bytes, table, slot, end }: Members, field: number): number {
  const known = slot + (field === FIELD.requestObject ? REQUEST_END : RESPONSE_END);
  if (table[known] === 0) table[known] = valueEnd(bytes, table[slot + field] as number, end);
  return table[known] as number;
}

/** Enters the first member and returns its value's position, or DONE for `{}`. */
function begin(of: Members): number {
  const { bytes, table, slot, start, end } = of;
  if (of.upstream) {
    const at = start + (of.tail > 0 ? LEVEL_AT : VERSION_AT);
    table[slot + FIELD.kind] = start + KIND_AT;
    table[slot + FIELD.apiVersion] = start + VERSION_AT;
    if (of.tail > 0) table[slot + FIELD.level] = at;
    table[slot + LAST] = of.tail > 0 ? FIELD.level : FIELD.apiVersion;
    table[slot + RESUME] = at;
    return at;
  }
  if (start >= end || bytes[start] !== OPEN_OBJECT) throw broken(start, start, end);
  const key = skipSpace(bytes, start + 1, end);
  if (key >= end || bytes[key] !== CLOSE_OBJECT) return enter(of, key);
  table[slot + RESUME] = DONE;
  return DONE;
}

/** The key of the member behind the one whose value ends at `at`, or DONE. */
function nextKey(bytes: Buffer, at: number, start: number, end: number): number {
  at = skipSpace(bytes, at, end);
  const byte = at < end ? bytes[at] : 0;
  if (byte === COMMA) return skipSpace(bytes, at + 1, end);
  if (byte === CLOSE_OBJECT && skipSpace(bytes, at + 1, end) >= end) return DONE;
  throw broken(byte === CLOSE_OBJECT ? at + 1 : at, start, end);
}

/** Enters the member whose key is at `key` into the table and returns its value's position. */
function enter({ bytes, table, slot, start, end }: Members, key: number): number {
  if (key >= end || bytes[key] !== QUOTE) throw broken(key, start, end);
  const keyEnd = stringEnd(bytes, key, end);
  if (keyEnd < 0) throw broken(end, start, end);
  let at = bytes[keyEnd] === COLON ? keyEnd : skipSpace(bytes, keyEnd, end);
  if (at >= end || bytes[at] !== COLON) throw broken(at, start, end);
  at = skipSpace(bytes, at + 1, end);
  if (at >= end) throw broken(end, start, end);
  const field = fieldAt(bytes, key, keyEnd);
  const isFirst = field >= 0 && table[slot + field] === 0;
  if (isFirst) table[slot + field] = at;
  table[slot + RESUME] = at;
  table[slot + LAST] = isFirst ? field : NONE;
  return at;
}
