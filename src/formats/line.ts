import { CLOSE_OBJECT, OPEN_OBJECT } from '../audit/json-bytes.ts';
import { checkedValueEnd } from '../audit/json-check.ts';
import { skipSpace, startsWith, valueEnd } from '../audit/json-scan.ts';
import { broken } from '../audit/well-formed.ts';
import { EventError } from '../core/errors.ts';

/**
 * How kube-apiserver begins every event. Inside a line it means that two records were glued together: the newline was
 * lost, or a crash tore the first one and the server's next start went on in the same line. (It may also be an event
 * quoted in a body; then the line is merely looked at more closely.)
 *
 * It is found by its second part, which begins with a byte that is rare in logs: that halves the time of the search.
 */
const MARK_START = Buffer.from('{"kind":"');
const MARK_REST = Buffer.from('Event","apiVersion":"audit.k8s.io/');
const JOINT = Buffer.from('}{');

/** How often a broken line is searched for a further record, so that a hostile one costs no quadratic time. */
const MAX_MARKS = 64;

/** Takes what is found. The bytes from `start` to `end` are one record, or were not understood. */
export interface RecordTaker {
  record(bytes: Buffer, start: number, end: number): void;
  fault(bytes: Buffer, start: number, end: number, error: EventError): void;
}

/**
 * Finds what tells of glued records in a buffer: each mark, and each `}{`, which no single compact document holds
 * outside of its texts. Ask with rising positions; then each is searched for once.
 */
export class Marks {
  private readonly bytes: Buffer;
  private mark = -1;
  private joint = -1;

  constructor(bytes: Buffer) {
    this.bytes = bytes;
  }

  /** The position of the first mark at or behind `at`; the length of the buffer if there is none. */
  from(at: number): number {
    if (this.mark < at) this.mark = this.find(at);
    return this.mark;
  }

  /** The position of the first `}{` at or behind `at`; the length of the buffer if there is none. */
  jointFrom(at: number): number {
    if (this.joint < at) {
      const found = this.bytes.indexOf(JOINT, at);
      this.joint = found < 0 ? this.bytes.length : found;
    }
    return this.joint;
  }

  private find(at: number): number {
    for (;;) {
      const found = this.bytes.indexOf(MARK_REST, at + MARK_START.length) - MARK_START.length;
      if (found < at) return this.bytes.length;
      if (startsWith(this.bytes, found, MARK_START)) return found;
      at = found + 1;
    }
  }
}

/**
 * Cuts one line, from `start` to `end` without its newline, into records: normally one. Returns the position of a
 * document that does not end on this line (it may be pretty-printed and go on); -1 if there is none.
 */
export function cutLine(bytes: Buffer, start: number, end: number, marks: Marks, taker: RecordTaker): number {
  while (end > start && isFiller(bytes[end - 1] as number)) end--;
  while (start < end && isFiller(bytes[start] as number)) start++;
  if (start === end) return -1;
  if (bytes[start] === OPEN_OBJECT && bytes[end - 1] === CLOSE_OBJECT) {
    const whole =
      marks.from(start) === start
        ? marks.from(start + 1) >= end && marks.jointFrom(start) >= end
        : valueEnd(bytes, start, end) === end;
    if (whole) {
      taker.record(bytes, start, end);
      return -1;
    }
  }
  return cutGlued(bytes, start, end, taker);
}

/** Looks at a line strictly: documents one behind the other, torn ones and foreign text between them. */
function cutGlued(bytes: Buffer, start: number, end: number, taker: RecordTaker): number {
  const marks = new Marks(bytes.subarray(0, end));
  let tries = 0;
  while (start < end) {
    const valid = checkedValueEnd(bytes, start, end);
    if (valid >= 0 && bytes[start] === OPEN_OBJECT) {
      taker.record(bytes, start, valid);
      start = skipFiller(bytes, valid, end);
      continue;
    }
    const mark = tries++ < MAX_MARKS ? marks.from(start + 1) : end;
    if (mark < end) {
      taker.fault(bytes, start, mark, new EventError('torn-line', 'a torn record, with the next one in the same line'));
      start = mark;
      continue;
    }
    if (bytes[start] === OPEN_OBJECT && ~valid >= end) return start;
    taker.fault(bytes, start, end, notARecord(bytes, start, end, valid));
    return -1;
  }
  return -1;
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
