import { BytesEvent, type Piece } from '../audit/bytes-event.ts';
import { BACKSLASH, CLOSE_OBJECT, OPEN_ARRAY, OPEN_OBJECT, QUOTE } from '../audit/json-bytes.ts';
import {
  findMember,
  firstElement,
  nextElement,
  skipSpace,
  startsWith,
  stringEnd,
  valueEnd,
} from '../audit/json-scan.ts';
import { SLOTS } from '../audit/member-table.ts';
import { EventError } from '../core/errors.ts';
import type { AuditEvent } from '../core/event.ts';

const ITEMS = Buffer.from('items');
const KIND = Buffer.from('kind');
const API_VERSION = Buffer.from('apiVersion');
const KIND_HEAD = Buffer.from('{"kind":"Event"');

const EVENT_LIST = Buffer.from('"EventList"');

/**
 * So many items a list may have, and one more for each so many bytes of it. The events of API servers are three times
 * longer; a list of items that mean nothing would take far more memory than its bytes.
 */
const FREE_ITEMS = 8192;
const BYTES_PER_ITEM = 128;
/** `audit.k8s.io/v1alpha1`, with room for what may come: it is put in front of every item. */
const MAX_VERSION = 64;

/**
 * The items of an EventList (what kube-apiserver posts to a webhook) as events of their own. Items carry neither kind
 * nor apiVersion, so what is missing is put in front; every other byte stays. An item has the line of its list, and its
 * own place in it. One that is no object, or of a kind of its own that is no event's, comes back with a fault. The list
 * must have been checked; throws an EventError if its items are no array, or too many for its length.
 */
export function splitEventList(list: AuditEvent, apiVersion: string): readonly AuditEvent[] {
  if (apiVersion.length > MAX_VERSION) throw notAnAuditEvent(list);
  const { chunk, start, end, origin } = list;
  const head = Buffer.from(`{"kind":"Event","apiVersion":${JSON.stringify(apiVersion)}`);
  const items = itemsOf(chunk, start, end);
  const count = items.length / 2;
  const bytes = Buffer.allocUnsafe(count * (head.length + 1) + end - start);
  const table = new Int32Array(count * SLOTS);
  const events: AuditEvent[] = [];
  let used = 0;
  for (let i = 0; i < count; i++) {
    const from = items[2 * i] as number;
    const to = items[2 * i + 1] as number;
    const begin = used;
    used = copyItem(chunk, from, to, { head, bytes, at: used });
    const piece: Piece = {
      chunk: bytes,
      table,
      source: origin.source,
      // An event's place is this and its start: here, the place of the item.
      offset: origin.offset + from - start - begin,
      utf8: true,
      utf8Start: begin,
      utf8End: used,
    };
    const place = { start: begin, end: used, slot: i * SLOTS, line: origin.line };
    const event = new BytesEvent(piece, place);
    const fault = chunk[from] === OPEN_OBJECT ? faultOf(event) : NO_OBJECT;
    events.push(fault === undefined ? event : new BytesEvent(piece, place, undefined, fault));
  }
  return events;
}

/** The refusal of an item that is JSON, but no object. */
export const NO_OBJECT = new EventError('not-an-audit-event', 'an item of an EventList that is no object');

/** How many events `splitEventList` will make of a record, or more: as many items as there are if it may be a list. */
export function countItems(bytes: Buffer, start: number, end: number): number {
  const kind = findMember(bytes, start, end, KIND);
  if (kind < 0 || !(startsWith(bytes, kind, EVENT_LIST) || isEscaped(bytes, kind, end))) return 0;
  const array = findMember(bytes, start, end, ITEMS);
  const most = mostItems(start, end);
  let count = 0;
  for (let at = firstElement(bytes, array, end); at >= 0 && count < most; at = nextElement(bytes, at, end)) count++;
  return count;
}

function isEscaped(bytes: Buffer, string: number, end: number): boolean {
  return bytes[string] === QUOTE && bytes.subarray(string, stringEnd(bytes, string, end)).includes(BACKSLASH);
}

function mostItems(start: number, end: number): number {
  return FREE_ITEMS + Math.floor((end - start) / BYTES_PER_ITEM);
}

/** The refusal of a record, or of an item of a list, that is of another kind. */
export function notAnAuditEvent({ head: { kind, apiVersion } }: AuditEvent): EventError {
  const quoted = (text = '') => JSON.stringify(text.slice(0, 100));
  const what =
    kind === undefined ? 'it has no kind' : `it is of kind ${quoted(kind)}, apiVersion ${quoted(apiVersion)}`;
  return new EventError('not-an-audit-event', `JSON, but not an audit event: ${what}`);
}

function faultOf(event: BytesEvent): EventError | undefined {
  const { kind, apiVersion } = event.head;
  return kind === 'Event' && apiVersion?.startsWith('audit.k8s.io/') ? undefined : notAnAuditEvent(event);
}

/** Copies an item, with what it lacks in front. Returns where the copy ends. */
function copyItem(
  chunk: Buffer,
  from: number,
  to: number,
  { head, bytes, at }: { head: Buffer; bytes: Buffer; at: number },
): number {
  if (chunk[from] !== OPEN_OBJECT || findMember(chunk, from, to, KIND) >= 0)
    return at + chunk.copy(bytes, at, from, to);
  const hasVersion = findMember(chunk, from, to, API_VERSION) >= 0;
  at += (hasVersion ? KIND_HEAD : head).copy(bytes, at);
  const isEmpty = chunk[skipSpace(chunk, from + 1, to)] === CLOSE_OBJECT;
  if (!isEmpty) at += bytes.write(',', at);
  return at + chunk.copy(bytes, at, from + 1, to);
}

/** The borders of the items, two numbers each. Go writes `null` for a list without any. */
function itemsOf(bytes: Buffer, start: number, end: number): readonly number[] {
  const array = findMember(bytes, start, end, ITEMS);
  if (array >= 0 && bytes.toString('latin1', array, array + 4) === 'null') return [];
  if (bytes[array] !== OPEN_ARRAY) {
    throw new EventError('not-an-audit-event', 'an EventList whose items are no array');
  }
  const most = mostItems(start, end);
  const items: number[] = [];
  for (let at = firstElement(bytes, array, end); at >= 0; at = nextElement(bytes, at, end)) {
    if (items.length === 2 * most) {
      const what = `an EventList of more than ${most} items in ${end - start} bytes`;
      throw new EventError('not-an-audit-event', `${what}: they are too short for audit events`);
    }
    items.push(at, valueEnd(bytes, at, end));
  }
  return items;
}
