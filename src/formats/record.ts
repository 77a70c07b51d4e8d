import { createHash, type Hash } from 'node:crypto';
import { type ErrorCode, EventError } from '../core/errors.ts';

/**
 * What the readers of long input find: a record in bytes of its own, valid for as long as one likes, or what was no
 * record and why. `truncated`: the bodies were left out for the event's size.
 */
export type DocumentRecord =
  | { readonly bytes: Buffer; readonly truncated: boolean }
  | { readonly bytes: Buffer; readonly fault: EventError };

/** Where something begins: lines and bytes behind the beginning of what the reader was given first. */
export interface Place {
  readonly line: number;
  readonly offset: number;
}

export const BEGINNING: Place = { line: 0, offset: 0 };

export interface ReaderOptions {
  /** Limit of one record as it is emitted, and of a refused one that is kept whole. */
  readonly maxEventBytes: number;
  /** Called during `push` and `end`, in the order of the input. */
  readonly emit: (record: DocumentRecord, place: Place) => void;
  /** Asked between records: where it is so, `push` returns at once. Never, unless given. */
  readonly isFull?: () => boolean;
}

export const neverFull = (): boolean => false;

/** How much of a record is kept when it is too large to keep whole. */
const EXCERPT_BYTES = 64 * 1024;
/** A larger buffer is not kept for the next record. */
const ROOM_BYTES = 1024 * 1024;

/** Bytes that pass by: all of them up to a limit, beyond it their beginning, length and hash. */
export class Sample {
  private readonly limit: number;
  private first = Buffer.alloc(0);
  private kept = 0;
  private bytes = 0;
  private hash: Hash | undefined;
  private marked: { readonly bytes: number; readonly hash: Hash | undefined } = { bytes: 0, hash: undefined };

  /** Nothing up to `limit` is shortened, nor anything up to 64 KiB. */
  constructor(limit: number) {
    this.limit = Math.max(limit, EXCERPT_BYTES);
  }

  reset(): void {
    this.kept = 0;
    this.bytes = 0;
    this.hash = undefined;
    if (this.first.length > ROOM_BYTES) this.first = Buffer.alloc(0);
  }

  add(bytes: Buffer, start: number, end: number): void {
    if (end <= start) return;
    this.bytes += end - start;
    if (this.bytes <= this.limit) {
      this.keep(bytes, start, end);
      return;
    }
    if (this.hash === undefined) {
      this.hash = createHash('sha256').update(this.first.subarray(0, this.kept));
      this.keep(bytes, start, start + Math.max(0, EXCERPT_BYTES - this.kept));
    }
    this.hash.update(bytes.subarray(start, end));
  }

  /** Remembers what was added so far, for `rewind`. */
  mark(): void {
    this.marked = { bytes: this.bytes, hash: this.hash?.copy() };
  }

  /** Forgets what was added since the last `mark`. */
  rewind(): void {
    this.bytes = this.marked.bytes;
    this.hash = this.marked.hash;
    this.kept = Math.min(this.kept, this.bytes);
  }

  /** The bytes as a faulty record: whole, or their beginning with an excerpt's length and hash. */
  fault(code: ErrorCode, message: string): DocumentRecord {
    const excerpt = this.hash && { bytes: this.bytes, sha256: this.hash.copy().digest('hex') };
    const fault = new EventError(code, message, excerpt && { excerpt });
    const length = excerpt === undefined ? this.kept : EXCERPT_BYTES;
    return { bytes: Buffer.from(this.first.subarray(0, length)), fault };
  }

  private keep(bytes: Buffer, start: number, end: number): void {
    const length = this.kept + end - start;
    if (length > this.first.length) {
      const larger = Buffer.allocUnsafe(Math.min(this.limit, Math.max(2048, length * 2)));
      this.first.copy(larger, 0, 0, this.kept);
      this.first = larger;
    }
    bytes.copy(this.first, this.kept, start, end);
    this.kept = length;
  }
}
