import { EventError } from '../core/errors.ts';
import { FIELD, FIELDS, fieldAt, SLOT } from './fields.ts';
import { CLOSE_OBJECT, COLON, COMMA, OPEN_OBJECT, QUOTE } from './json-bytes.ts';
import { checkedStringEnd, checkedValueEnd } from './json-check.ts';
import { decodeString, skipSpace } from './json-scan.ts';

/** In the table's slot for where the walk goes on: nowhere, every member was met. */
const WALKED = -1;

/**
 * Checks that the bytes are exactly one JSON object without a repeated top-level key, and returns what is wrong. Go's
 * encoder never repeats a key, and readers disagree on which of two counts: that is refused, not guessed.
 *
 * A `table` (member-table.ts) learns on the way where the members are, from its `slot` on: what is asked of them
 * afterwards needs no second walk.
 */
export function objectFault(
  bytes: Buffer,
  start: number,
  end: number,
  { table, slot = 0 }: { readonly table?: Int32Array; readonly slot?: number } = {},
): EventError | undefined {
  if (bytes[start] !== OPEN_OBJECT) return broken(start, start, end);
  let known = 0;
  let others: Set<string> | undefined;
  let at = skipSpace(bytes, start + 1, end);
  if (bytes[at] === CLOSE_OBJECT) return trailing(bytes, at + 1, start, end);
  for (;;) {
    const key = at;
    if (key >= end || bytes[key] !== QUOTE) return broken(Math.min(key, end), start, end);
    const keyEnd = checkedStringEnd(bytes, key, end);
    if (keyEnd < 0) return broken(~keyEnd, start, end);
    at = skipSpace(bytes, keyEnd, end);
    if (at >= end || bytes[at] !== COLON) return broken(at, start, end);
    const value = skipSpace(bytes, at + 1, end);
    at = checkedValueEnd(bytes, value, end);
    if (at < 0) return broken(~at, start, end);

    const field = fieldAt(bytes, key, keyEnd);
    if (field >= 0) {
      if ((known & (1 << field)) !== 0) return repeated(FIELDS[field] as string);
      known |= 1 << field;
      if (table !== undefined) {
        table[slot + field] = value;
        if (field === FIELD.requestObject) table[slot + SLOT.requestEnd] = at;
        else if (field === FIELD.responseObject) table[slot + SLOT.responseEnd] = at;
      }
    } else {
      const name = decodeString(bytes, key, end) as string;
      others ??= new Set();
      if (others.has(name)) return repeated(name);
      others.add(name);
    }

    at = skipSpace(bytes, at, end);
    if (at >= end) return broken(end, start, end);
    if (bytes[at] === CLOSE_OBJECT) {
      const fault = trailing(bytes, at + 1, start, end);
      if (fault === undefined && table !== undefined) table[slot + SLOT.resume] = WALKED;
      return fault;
    }
    if (bytes[at] !== COMMA) return broken(at, start, end);
    at = skipSpace(bytes, at + 1, end);
  }
}

function trailing(bytes: Buffer, at: number, start: number, end: number): EventError | undefined {
  at = skipSpace(bytes, at, end);
  return at === end ? undefined : broken(at, start, end);
}

/** `at` is where the bytes stop being a JSON object. */
export function broken(at: number, start: number, end: number): EventError {
  if (at >= end) {
    return new EventError('torn-line', `the record ends in the middle, after ${end - start} bytes: a torn line`);
  }
  const where = at === start ? ': the record does not begin with "{"' : ` from byte ${at - start + 1} of the record on`;
  return new EventError('not-json', `not JSON${where}`);
}

function repeated(key: string): EventError {
  return new EventError('duplicate-key', `the key ${JSON.stringify(key.slice(0, 100))} occurs twice in the event`);
}
