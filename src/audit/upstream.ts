import { CLOSE_OBJECT, COLON, COMMA, QUOTE } from './json-bytes.ts';
import { startsWith } from './json-scan.ts';
import { containerStart } from './json-tail.ts';

/**
 * How kube-apiserver writes an event of audit.k8s.io/v1, of which the ends are looked at here:
 *
 *     {"kind":"Event","apiVersion":"audit.k8s.io/v1","level":"…","auditID":"…" … ,"requestReceivedTimestamp":"…","stageTimestamp":"…"}
 *
 * and behind the timestamps, which are 27 bytes each, `,"annotations":{…}` where there are any.
 */
const HEAD = Buffer.from('{"kind":"Event","apiVersion":"audit.k8s.io/v1"');
const LEVEL = Buffer.from(',"level":"');
const AUDIT_ID = Buffer.from('","auditID"');
const ANNOTATIONS = Buffer.from(',"annotations":');
const RECEIVED = Buffer.from(',"requestReceivedTimestamp":"');
const STAGED = Buffer.from('Z","stageTimestamp":"');
const ENDED = Buffer.from('Z"');
/** Of `2026-11-21T06:10:11.123456Z`, without the Z. */
const TIME_BYTES = 26;
const TIMES_BYTES = RECEIVED.length + TIME_BYTES + STAGED.length + TIME_BYTES + ENDED.length;
const LONGEST_LEVEL = 'RequestResponse'.length;

/** Where the values of the first members begin, from the start of such an event. */
export const KIND_AT = HEAD.indexOf('"Event"');
export const VERSION_AT = HEAD.indexOf('"audit.k8s.io');
export const LEVEL_AT = HEAD.length + LEVEL.length - 1;

/** Whether these bytes begin as kube-apiserver begins every event: an Event of audit.k8s.io/v1. */
export function isUpstream(bytes: Buffer, start: number, end: number): boolean {
  return end - start > HEAD.length && startsWith(bytes, start, HEAD);
}

/** Where the key `auditID` ends, its quote included, in bytes that begin as kube-apiserver writes them; -1 in others. */
export function upstreamAuditID(bytes: Buffer, start: number, end: number): number {
  if (!isUpstream(bytes, start, end) || !startsWith(bytes, start + HEAD.length, LEVEL)) return -1;
  let at = start + HEAD.length + LEVEL.length;
  const limit = at + LONGEST_LEVEL;
  while (at < limit && bytes[at] !== QUOTE) at++;
  return startsWith(bytes, at, AUDIT_ID) && bytes[at + AUDIT_ID.length] === COLON ? at + AUDIT_ID.length : -1;
}

/**
 * Where the tail begins, the comma in front of the timestamps, in bytes that end as kube-apiserver ends every event; -1
 * in others. Looks at the timestamps, and walks over the annotations.
 */
export function upstreamTail(bytes: Buffer, start: number, end: number): number {
  let at = end - 1;
  if (bytes[at] !== CLOSE_OBJECT) return -1;
  if (bytes[at - 1] === CLOSE_OBJECT) {
    at = containerStart(bytes, at - 1, start) - ANNOTATIONS.length;
    if (at < start || !startsWith(bytes, at, ANNOTATIONS)) return -1;
  }
  at -= TIMES_BYTES;
  const whole =
    at > start &&
    startsWith(bytes, at, RECEIVED) &&
    startsWith(bytes, at + RECEIVED.length + TIME_BYTES, STAGED) &&
    startsWith(bytes, at + TIMES_BYTES - ENDED.length, ENDED);
  return whole ? at : -1;
}

/** Where the value of `annotations` begins behind such a tail; 0 if there are none. */
export function annotationsBehind(tail: number, bytes: Buffer): number {
  const at = tail + TIMES_BYTES;
  return bytes[at] === COMMA ? at + ANNOTATIONS.length : 0;
}
