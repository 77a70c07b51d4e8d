import { createHash, type Hash } from 'node:crypto';
import { type ErrorCode, EventError } from '../core/errors.ts';

/**
 * What the readers of long input find: a record in bytes of its own, valid for as long as one likes, or what was no
 * record and why. `truncated`: the bodies were left out for the event's size.
 */
export type DocumentRecord =
  | { readonly bytes: Buffer; readonly truncated: boolean }
  | { readonly bytes: Buffer; readonly fault: EventError };

export interface ReaderOptions {
  /** Limit of one record as it is emitted. */
  readonly maxEventBytes: number;
  /** Called during `push` and `end`, in the order of the input. */
  readonly emit: (record: DocumentRecord) => void;
}

/** How much of a record is kept when it is too large to keep whole. */
const EXCERPT_BYTES = 64 * 1024;

/** The beginning, length and hash of bytes that pass by. */
export class Sample {
  private first = Buffer.alloc(0);
  private kept = 0;
  private bytes = 0;
  private hash: Hash | undefined;

  reset(): void {
    this.kept = 0;
    this.bytes = 0;
    this.hash = undefined;
  }

  add(bytes: Buffer, start: number, end: number): void {
    if (end <= start) return;
    this.bytes += end - start;
    if (this.bytes <= EXCERPT_BYTES) {
      this.keep(bytes, start, end);
      return;
    }
    if (this.hash === undefined) {
      this.hash = createHash('sha256').update(this.first.subarray(0, this.kept));
      this.keep(bytes, start, start + EXCERPT_BYTES - this.kept);
    }
    this.hash.update(bytes.subarray(start, end));
  }

  /** The bytes as a faulty record: whole, or their beginning with an excerpt's length and hash. */
  fault(code: ErrorCode, message: string): DocumentRecord {
    const excerpt = this.hash && { bytes: this.bytes, sha256: this.hash.copy().digest('hex') };
    const fault = new EventError(code, message, excerpt && { excerpt });
    return { bytes: Buffer.from(this.first.subarray(0, this.kept)), fault };
  }

  private keep(bytes: Buffer, start: number, end: number): void {
    const length = this.kept + end - start;
    if (length > this.first.length) {
      const larger = Buffer.allocUnsafe(Math.min(EXCERPT_BYTES, Math.max(2048, length * 2)));
      this.first.copy(larger, 0, 0, this.kept);
      this.first = larger;
    }
    bytes.copy(this.first, this.kept, start, end);
    this.kept = length;
  }
}
