import { bytesOf } from '../core/batch.ts';
import { type Clock, systemClock } from '../core/clock.ts';
import type { AuditEvent } from '../core/event.ts';
import type { Write } from './write.ts';

export interface BatchingOptions {
  readonly maxEvents: number;
  /** A larger event goes alone. */
  readonly maxBytes: number;
  /** How long the oldest event may wait for a fuller write; 0: whatever is there goes as soon as the last write is done. */
  readonly maxWaitMs: number;
  readonly clock?: Clock;
}

export interface Batching {
  /**
   * May be called again before the last call has resolved. Calls are joined to larger writes and split over several,
   * in order; each resolves when all its own events are done, and rejects when a write with one of them failed, in which
   * case the rest of its events is not written.
   */
  readonly write: Write;
  /** Writes what waits now without waiting for more. */
  flush(): void;
}

/** Groups events into writes: one at a time, within the limits. */
export function withBatching(write: Write, options: BatchingOptions): Batching {
  const { maxEvents, maxBytes, maxWaitMs, clock = systemClock } = options;
  /** Calls with events that are not done, in order; a write takes a run from the front. */
  const queue: Call[] = [];
  let queuedEvents = 0;
  let queuedBytes = 0;
  let running = false;
  let calls = 0;
  /** Calls up to this number do not wait. */
  let flushed = 0;
  let wake: (() => void) | undefined;

  const isDue = (first: Call) =>
    queuedEvents >= maxEvents ||
    queuedBytes >= maxBytes ||
    first.number <= flushed ||
    clock.now() >= first.since + maxWaitMs;

  /** Resolves when the first call has waited long enough. */
  const patience = (first: Call) =>
    new Promise<void>((resolve) => {
      const end = () => {
        wake = undefined;
        cancel();
        first.abort.removeEventListener('abort', end);
        resolve();
      };
      wake = end;
      const cancel = clock.after(Math.max(0, first.since + maxWaitMs - clock.now()), end);
      if (first.abort.aborted) end();
      else first.abort.addEventListener('abort', end, { once: true });
    });

  const gather = (): Taken => {
    const abort = (queue[0] as Call).abort;
    const events: AuditEvent[] = [];
    const ends: number[] = [];
    let bytes = 0;
    for (const call of queue) {
      if (call.abort !== abort) break;
      let at = call.done;
      while (at < call.events.length && events.length < maxEvents) {
        const event = call.events[at] as AuditEvent;
        if (bytes + event.size > maxBytes && events.length > 0) break;
        bytes += event.size;
        events.push(event);
        at++;
      }
      if (at === call.done) break;
      ends.push(at);
      if (at < call.events.length) break;
    }
    const only = queue[0] as Call;
    const whole = ends.length === 1 && events.length === only.events.length;
    return { events: whole ? only.events : events, bytes, ends, abort };
  };

  const run = async () => {
    while (queue.length > 0) {
      const first = queue[0] as Call;
      if (maxWaitMs > 0 && !isDue(first)) await patience(first);
      const { events, bytes, ends, abort } = gather();
      queuedEvents -= events.length;
      queuedBytes -= bytes;
      let failure: { readonly error: unknown } | undefined;
      try {
        await write(events, abort);
      } catch (error) {
        failure = { error };
      }
      const written = queue.splice(0, ends.length);
      for (const [index, call] of written.entries()) {
        call.done = ends[index] as number;
        if (failure !== undefined) {
          const unsent = call.events.slice(call.done);
          queuedEvents -= unsent.length;
          queuedBytes -= bytesOf(unsent);
          call.reject(failure.error);
        } else if (call.done === call.events.length) call.resolve();
        else queue.unshift(call);
      }
    }
    running = false;
  };

  return {
    write(events, abort) {
      if (events.length === 0) return Promise.resolve();
      return new Promise((resolve, reject) => {
        queue.push({ events, abort, number: ++calls, since: clock.now(), done: 0, resolve, reject });
        queuedEvents += events.length;
        queuedBytes += bytesOf(events);
        if (running) {
          if (wake !== undefined && isDue(queue[0] as Call)) wake();
          return;
        }
        running = true;
        void run();
      });
    },
    flush() {
      flushed = calls;
      wake?.();
    },
  };
}

interface Call {
  readonly events: readonly AuditEvent[];
  readonly abort: AbortSignal;
  readonly number: number;
  readonly since: number;
  /** How many of the events are written. */
  done: number;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/** The events of one write, and up to where it takes each call at the front of the queue. */
interface Taken {
  readonly events: readonly AuditEvent[];
  readonly bytes: number;
  readonly ends: readonly number[];
  readonly abort: AbortSignal;
}
