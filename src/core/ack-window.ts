import type { Ack } from './batch.ts';

/** How much a source may have in flight unless it says otherwise. */
const MAX_BYTES_IN_FLIGHT = 32 * 1024 * 1024;
export const MAX_BATCHES_IN_FLIGHT = 16;

export interface AckWindowOptions<Position> {
  readonly maxBytes?: number;
  readonly maxBatches?: number;
  /** Everything up to this position is safe. Called with each position at most once, in the order of `add`. */
  readonly onAdvance?: (position: Position) => void;
  /** A batch has to be offered again; called for the first one only, the position stays in front of it for good. */
  readonly onNack?: (error: Error) => void;
}

/**
 * Turns acks in any order into a position in one: it moves only over an unbroken run of good acks. A batch takes up
 * room until the position has passed it, so that what is read again after a crash is limited as well as the memory;
 * once the position is stopped by a nack, until it is answered. Made for one reader, which asks for room before it adds.
 */
export class AckWindow<Position> {
  /** Calls of an ack beyond its first. */
  repeated = 0;
  private readonly options: AckWindowOptions<Position>;
  private readonly maxBytes: number;
  private readonly maxBatches: number;
  /** In the order of `add`, from the first batch that the position has not passed. */
  private entries: Entry<Position>[] = [];
  private waiters: Waiter[] = [];
  private heldBytes = 0;
  private unanswered = 0;
  private nacked = false;
  private stopped = false;

  constructor(options: AckWindowOptions<Position> = {}) {
    this.options = options;
    this.maxBytes = options.maxBytes ?? MAX_BYTES_IN_FLIGHT;
    this.maxBatches = options.maxBatches ?? MAX_BATCHES_IN_FLIGHT;
  }

  get batches(): number {
    return this.entries.length;
  }

  get bytes(): number {
    return this.heldBytes;
  }

  /** Whether nothing may be added before an ack. */
  get full(): boolean {
    return !this.hasRoom(1);
  }

  /**
   * Registers a batch that ends at `position`. `release` is called once, at a good ack: only then may the memory be
   * used again, after a nack something may still be reading it.
   */
  add(position: Position, bytes: number, release?: () => void): Ack {
    const entry: Entry<Position> = { position, bytes, answer: undefined };
    this.entries.push(entry);
    this.heldBytes += bytes;
    this.unanswered++;
    return (error) => {
      if (entry.answer !== undefined) {
        this.repeated++;
        return;
      }
      entry.answer = error === undefined ? 'safe' : 'nack';
      this.unanswered--;
      if (error === undefined) release?.();
      else if (!this.nacked) {
        this.nacked = true;
        this.options.onNack?.(error);
      }
      this.advance();
      this.wake();
    };
  }

  /**
   * Resolves when a batch of this many bytes may be added, or when `stop` aborts. A batch that is larger than the
   * limit may be added when there is no other.
   */
  room(bytes = 1, stop?: AbortSignal): Promise<void> {
    return this.until(() => this.hasRoom(bytes), stop);
  }

  /** Resolves when every batch was answered, or when `stop` aborts. */
  drained(stop?: AbortSignal): Promise<void> {
    return this.until(() => this.unanswered === 0, stop);
  }

  private hasRoom(bytes: number): boolean {
    if (this.entries.length === 0) return true;
    return this.entries.length < this.maxBatches && this.heldBytes + bytes <= this.maxBytes;
  }

  private advance(): void {
    let passed = 0;
    while (!this.stopped && passed < this.entries.length) {
      const { answer, bytes } = this.entries[passed] as Entry<Position>;
      if (answer !== 'safe') {
        this.stopped = answer === 'nack';
        break;
      }
      this.heldBytes -= bytes;
      passed++;
    }
    const last = this.entries[passed - 1];
    this.entries.splice(0, passed);
    if (this.stopped) this.dropAnswered();
    if (last !== undefined) this.options.onAdvance?.(last.position);
  }

  private dropAnswered(): void {
    this.entries = this.entries.filter((entry) => entry.answer === undefined);
    this.heldBytes = this.entries.reduce((sum, entry) => sum + entry.bytes, 0);
  }

  private until(ready: () => boolean, stop: AbortSignal | undefined): Promise<void> {
    if (ready() || stop?.aborted === true) return Promise.resolve();
    return new Promise((resolve) => {
      const waiter: Waiter = {
        ready,
        wake: () => {
          stop?.removeEventListener('abort', onAbort);
          resolve();
        },
      };
      const onAbort = () => {
        this.waiters = this.waiters.filter((other) => other !== waiter);
        resolve();
      };
      stop?.addEventListener('abort', onAbort, { once: true });
      this.waiters.push(waiter);
    });
  }

  private wake(): void {
    if (this.waiters.length === 0) return;
    const waiters = this.waiters;
    this.waiters = waiters.filter((waiter) => !waiter.ready());
    for (const waiter of waiters) if (!this.waiters.includes(waiter)) waiter.wake();
  }
}

interface Entry<Position> {
  readonly position: Position;
  readonly bytes: number;
  answer: 'safe' | 'nack' | undefined;
}

interface Waiter {
  readonly ready: () => boolean;
  readonly wake: () => void;
}
