import { BytesEvent, eventOver, type Piece } from '../audit/event.ts';
import { CLOSE_OBJECT, OPEN_ARRAY, OPEN_OBJECT } from '../audit/json-bytes.ts';
import { findMember, firstElement, nextElement, skipSpace, valueEnd } from '../audit/json-scan.ts';
import { SLOTS } from '../audit/member-table.ts';
import { EventError } from '../core/errors.ts';
import type { AuditEvent } from '../core/event.ts';

const ITEMS = Buffer.from('items');
const KIND = Buffer.from('kind');
const API_VERSION = Buffer.from('apiVersion');
const KIND_HEAD = Buffer.from('{"kind":"Event"');

/**
 * The items of an EventList (what kube-apiserver posts to a webhook) as events of their own. Items carry neither kind
 * nor apiVersion, so what is missing is put in front; every other byte stays. An item that is no object, or of a kind
 * of its own that is no event's, comes back with a fault. The list must be well formed; throws an EventError if its
 * items are no array.
 */
export function splitEventList(list: AuditEvent, apiVersion: string): readonly AuditEvent[] {
  const { chunk, start, end, origin } = list;
  const head = Buffer.from(`{"kind":"Event","apiVersion":${JSON.stringify(apiVersion)}`);
  const items = itemsOf(chunk, start, end);
  const size = items.reduce((sum, item) => sum + head.length + 1 + item.end - item.start, 0);
  const bytes = Buffer.allocUnsafe(size);
  const piece: Piece = {
    chunk: bytes,
    table: new Int32Array(items.length * SLOTS),
    source: origin.source,
    offset: origin.offset,
    utf8: 0,
    utf8Start: 0,
    utf8End: 0,
  };
  const events: AuditEvent[] = [];
  let used = 0;
  for (const item of items) {
    if (chunk[item.start] !== OPEN_OBJECT) {
      const fault = new EventError('not-an-audit-event', 'an item of an EventList that is no object');
      events.push(eventOver(Buffer.from(chunk.subarray(item.start, item.end)), origin, { fault }));
      continue;
    }
    const place = { start: used, end: 0, slot: events.length * SLOTS, line: origin.line };
    const hasKind = findMember(chunk, item.start, item.end, KIND) >= 0;
    if (hasKind) {
      used += chunk.copy(bytes, used, item.start, item.end);
    } else {
      const hasVersion = findMember(chunk, item.start, item.end, API_VERSION) >= 0;
      const isEmpty = chunk[skipSpace(chunk, item.start + 1, item.end)] === CLOSE_OBJECT;
      used += (hasVersion ? KIND_HEAD : head).copy(bytes, used);
      if (!isEmpty) used += bytes.write(',', used);
      used += chunk.copy(bytes, used, item.start + 1, item.end);
    }
    place.end = used;
    const event = new BytesEvent(piece, place);
    const isForeign = event.head.kind !== 'Event' || !event.head.apiVersion?.startsWith('audit.k8s.io/');
    events.push(isForeign ? new BytesEvent(piece, place, undefined, notAnAuditEvent(event)) : event);
  }
  piece.utf8End = used;
  return events;
}

/** The refusal of a record, or of an item of a list, that is of another kind. */
export function notAnAuditEvent({ head: { kind, apiVersion } }: AuditEvent): EventError {
  const quoted = (text = '') => JSON.stringify(text.slice(0, 100));
  const what =
    kind === undefined ? 'it has no kind' : `it is of kind ${quoted(kind)}, apiVersion ${quoted(apiVersion)}`;
  return new EventError('not-an-audit-event', `JSON, but not an audit event: ${what}`);
}

/** The borders of the items. Go writes `null` for a list without any. */
function itemsOf(
  bytes: Buffer,
  start: number,
  end: number,
): readonly { readonly start: number; readonly end: number }[] {
  const array = findMember(bytes, start, end, ITEMS);
  if (array >= 0 && bytes.toString('latin1', array, array + 4) === 'null') return [];
  if (bytes[array] !== OPEN_ARRAY) {
    throw new EventError('not-an-audit-event', 'an EventList whose items are no array');
  }
  const items: { readonly start: number; readonly end: number }[] = [];
  for (let at = firstElement(bytes, array, end); at >= 0; at = nextElement(bytes, at, end)) {
    items.push({ start: at, end: valueEnd(bytes, at, end) });
  }
  return items;
}
