import { type Clock, sleep, systemClock } from '../core/clock.ts';
import { type Failure, KauditError, OutputClosedError, SinkError } from '../core/errors.ts';
import type { AuditEvent } from '../core/event.ts';
import { backoff } from './backoff.ts';
import { failuresOf, sinkErrorOf } from './failures.ts';
import type { Write } from './write.ts';

const BASE_MS = 100;
const CAP_MS = 30_000;

export interface RetryOptions {
  /** `undefined`: for ever. 0: never. */
  readonly maxElapsedMs: number | undefined;
  readonly clock?: Clock;
  readonly random?: () => number;
  /** An attempt failed and will be repeated. */
  readonly onFailure?: (error: SinkError) => void;
  /** An attempt succeeded, or ended with refusals only. */
  readonly onSuccess?: () => void;
}

/**
 * Repeats what failed, and only that, until it is delivered, refused or out of time. Then rejects with a SinkError: the
 * entries of `failed` with `retryable: false` were refused one by one; all others (all events, without the list) were
 * refused together if the error itself is not retryable, and otherwise ran out of time.
 */
export function withRetry(write: Write, options: RetryOptions): Write {
  const { maxElapsedMs, clock = systemClock, random = Math.random, onFailure, onSuccess } = options;
  return async (events, abort) => {
    const left = new Remainder(events);
    const started = clock.now();
    for (let attempt = 0; left.events.length > 0; attempt++) {
      if (abort.aborted) throw abortedError(abort);
      try {
        await write(left.events, abort);
        left.events = [];
      } catch (thrown) {
        if (abort.aborted) throw abortedError(abort);
        if (thrown instanceof OutputClosedError) throw thrown;
        const error = sinkErrorOf(thrown);
        const failures = failuresOf(error, left.events.length);
        if (failures === undefined && !error.retryable) throw left.errorFrom(error);
        if (failures !== undefined) left.narrow(failures);
        if (left.events.length === 0) break;
        const waitMs = Math.max(backoff(attempt, { baseMs: BASE_MS, capMs: CAP_MS, random }), error.retryAfterMs ?? 0);
        if (maxElapsedMs !== undefined && clock.now() - started + waitMs >= maxElapsedMs) {
          throw left.errorFrom(failures === undefined ? error : new SinkError(error.message, { cause: error }));
        }
        onFailure?.(error);
        await sleep(clock, waitMs, abort);
      }
    }
    onSuccess?.();
    if (left.refused.length > 0) throw left.errorFrom(new SinkError('events were refused', { retryable: false }));
  };
}

/** What is still to be written of the events that came in, and what was refused of them. */
class Remainder {
  events: readonly AuditEvent[];
  readonly refused: Failure[] = [];
  private readonly all: readonly AuditEvent[];
  /** Where the remaining events stand among all; `undefined` while they are all. */
  private places: readonly number[] | undefined;

  constructor(events: readonly AuditEvent[]) {
    this.all = events;
    this.events = events;
  }

  narrow(failures: readonly Failure[]): void {
    const events: AuditEvent[] = [];
    const places: number[] = [];
    for (const { index, retryable, message } of failures) {
      const place = this.places?.[index] ?? index;
      if (!retryable) this.refused.push({ index: place, retryable, message });
      else {
        events.push(this.events[index] as AuditEvent);
        places.push(place);
      }
    }
    this.events = events;
    this.places = places;
  }

  /** The error for the whole: what was refused, and what remains. */
  errorFrom(error: SinkError): SinkError {
    if (this.events === this.all) return error;
    const { message, code, retryable } = error;
    const remaining = (this.places ?? []).slice(0, this.events.length);
    const failed = [...this.refused, ...remaining.map((index) => ({ index, retryable: true, message }))];
    return new SinkError(message, { code, retryable, failed, cause: error });
  }
}

function abortedError({ reason }: AbortSignal): Error {
  return reason instanceof Error ? reason : new KauditError('pipeline', 'stopped before delivery', { cause: reason });
}
