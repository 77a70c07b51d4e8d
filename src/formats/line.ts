import { CLOSE_OBJECT, OPEN_OBJECT } from '../audit/json-bytes.ts';
import { checkedValueEnd } from '../audit/json-check.ts';
import { skipSpace, startsWith, valueEnd } from '../audit/json-scan.ts';
import { upstreamAuditID, upstreamTail } from '../audit/upstream.ts';
import { broken } from '../audit/well-formed.ts';
import { EventError } from '../core/errors.ts';

/** How Go begins the records that are known: where to go on behind a torn one. */
const BEGINNINGS = [
  '{"kind":"Event","apiVersion":"audit.k8s.io/',
  '{"kind":"EventList","apiVersion":"audit.k8s.io/',
  '{"kind":"AdmissionReview","apiVersion":"admission.k8s.io/',
].map((text) => Buffer.from(text));

/**
 * The key that every event has once, whoever wrote it. A second one in a line tells that two records were glued
 * together: the newline was lost, or a crash tore the first one and the server's next start went on in the same line.
 * (It may also be an event held in a body; then the line is merely looked at more closely.)
 *
 * It is found by its end, which begins with a byte that is rare in logs: a quarter of the time that the key would take.
 */
const AUDIT_ID = Buffer.from('"auditID"');
const AUDIT_ID_END = Buffer.from('D"');

/** How often a broken line is searched for a further record, so that a hostile one costs no quadratic time. */
const MAX_TORN = 64;

/** A line may hold so many records, and one more for each SHORTEST_EVENT_BYTES: a hostile one holds millions. */
const MAX_SHORT_RECORDS = 8192;
const SHORTEST_EVENT_BYTES = 128;

/** Takes what is found. The bytes from `start` to `end` are one record, or were not understood. */
export interface RecordTaker {
  /** `tail`: where the tail begins, of an event that begins and ends as kube-apiserver writes them (see upstreamTail). */
  record(bytes: Buffer, start: number, end: number, tail?: number): void;
  fault(bytes: Buffer, start: number, end: number, error: EventError): void;
}

/** Finds the keys `auditID` in a buffer. Ask with rising positions; then each is searched for once. */
export class AuditIDs {
  private readonly bytes: Buffer;
  private at = -1;

  constructor(bytes: Buffer) {
    this.bytes = bytes;
  }

  /** Where the first key ends, its quote included, that ends behind `at`; behind the buffer if there is none. */
  endBehind(at: number): number {
    if (this.at <= at) this.at = this.find(at);
    return this.at;
  }

  private find(at: number): number {
    for (;;) {
      const found = this.bytes.indexOf(AUDIT_ID_END, at - 1);
      if (found < 0) return this.bytes.length + 1;
      at = found + AUDIT_ID_END.length;
      if (startsWith(this.bytes, at - AUDIT_ID.length, AUDIT_ID)) return at;
    }
  }
}

/**
 * Cuts one line, from `start` to `end` without its newline, into records: normally one. Returns the position of a
 * document that does not end on this line (it may be pretty-printed and go on); -1 if there is none.
 */
export function cutLine(bytes: Buffer, start: number, end: number, ids: AuditIDs, taker: RecordTaker): number {
  while (end > start && isFiller(bytes[end - 1] as number)) end--;
  while (start < end && isFiller(bytes[start] as number)) start++;
  if (start === end) return -1;
  if (bytes[start] === OPEN_OBJECT && bytes[end - 1] === CLOSE_OBJECT) {
    const id = upstreamAuditID(bytes, start, end);
    if (id < 0) {
      if (valueEnd(bytes, start, end) === end) {
        taker.record(bytes, start, end);
        return -1;
      }
    } else if (ids.endBehind(id) > end) {
      const tail = upstreamTail(bytes, start, end);
      if (tail > 0) {
        taker.record(bytes, start, end, tail);
        return -1;
      }
    }
  }
  return cutGlued(bytes, start, end, taker);
}

/**
 * Looks at a line strictly: documents one behind the other, torn ones and foreign text between them. One that is cut off
 * by NULs, which a crash leaves, does not go on in the next line.
 */
function cutGlued(bytes: Buffer, start: number, end: number, taker: RecordTaker): number {
  let tries = 0;
  let left = MAX_SHORT_RECORDS + (end - start) / SHORTEST_EVENT_BYTES;
  while (start < end) {
    if (left-- <= 0) {
      taker.fault(bytes, start, end, new EventError('not-an-audit-event', 'a line of too many records to be events'));
      return -1;
    }
    const valid = checkedValueEnd(bytes, start, end);
    if (valid >= 0 && bytes[start] === OPEN_OBJECT) {
      taker.record(bytes, start, valid);
      start = skipFiller(bytes, valid, end);
      continue;
    }
    const next = tries++ < MAX_TORN ? nextBeginning(bytes, start + 1, end) : end;
    if (next < end) {
      taker.fault(bytes, start, next, new EventError('torn-line', 'a torn record, with the next one in the same line'));
      start = next;
      continue;
    }
    const isOpen = bytes[start] === OPEN_OBJECT && ~valid >= end;
    if (isOpen && bytes[end] !== 0) return start;
    taker.fault(bytes, start, end, isOpen ? broken(end, start, end) : notARecord(bytes, start, end, valid));
    return -1;
  }
  return -1;
}

function nextBeginning(bytes: Buffer, start: number, end: number): number {
  const line = bytes.subarray(0, end);
  return BEGINNINGS.reduce((nearest, beginning) => {
    const found = line.indexOf(beginning, start);
    return found < 0 ? nearest : Math.min(found, nearest);
  }, end);
}

function notARecord(bytes: Buffer, start: number, end: number, valid: number): EventError {
  if (valid >= 0 && skipSpace(bytes, valid, end) === end) {
    return new EventError('not-an-audit-event', 'JSON, but no object: not an audit event');
  }
  return broken(valid < 0 ? Math.min(~valid, end - 1) : valid, start, end);
}

function skipFiller(bytes: Buffer, at: number, end: number): number {
  while (at < end && isFiller(bytes[at] as number)) at++;
  return at;
}

/** White space, and the NULs that a truncated file or a crash leaves between records. */
function isFiller(byte: number): boolean {
  return byte === 0x20 || byte === 0x0d || byte === 0x0a || byte === 0x09 || byte === 0;
}
