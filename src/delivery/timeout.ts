import { neverReuse } from '../core/chunk-pool.ts';
import { type Clock, systemClock } from '../core/clock.ts';
import type { Sink } from '../core/component.ts';
import { messageOf, SinkError } from '../core/errors.ts';
import { formatDuration } from '../core/units.ts';
import type { Write } from './write.ts';

/** How long a write may take to end after it was told to. */
const SETTLE_MS = 500;

export interface TimeoutOptions {
  readonly timeoutMs: number;
  readonly clock?: Clock;
}

/**
 * Gives up a write that takes too long, with the code `sink-timeout`, or that was aborted and does not end. The next
 * call waits until the old write has ended; if it does not, the sink is closed and opened anew. The memory of a write
 * that was given up is never used again.
 */
export function withTimeout(sink: Sink, { timeoutMs, clock = systemClock }: TimeoutOptions): Write {
  let givenUp: Promise<void> | undefined;
  let reopening: Promise<void> | undefined;

  const reopen = async () => {
    try {
      await sink.close?.();
      await sink.open?.();
      givenUp = undefined;
    } finally {
      reopening = undefined;
    }
  };

  return async (events, abort) => {
    if (givenUp !== undefined) await within(givenUp, { ms: SETTLE_MS, clock, abort });
    if (givenUp !== undefined) {
      reopening ??= reopen();
      const reopened = await within(reopening, { ms: timeoutMs, clock, abort });
      if (!reopened) throw timeoutError('does not close', timeoutMs);
    }
    if (abort.aborted) throw abort.reason;

    const cut = new AbortController();
    const onAbort = () => cut.abort(abort.reason);
    abort.addEventListener('abort', onAbort, { once: true });
    try {
      const writing = start(sink, events, cut.signal);
      if (await within(writing, { ms: timeoutMs, clock, abort })) return;
      const error = abort.aborted ? abort.reason : timeoutError('did not confirm', timeoutMs);
      cut.abort(error);
      if (abort.aborted && (await within(writing, { ms: SETTLE_MS, clock }))) return;
      for (const event of events) neverReuse(event.chunk);
      const ended = writing
        .catch(() => {})
        .then(() => {
          if (givenUp === ended) givenUp = undefined;
        });
      givenUp = ended;
      throw error;
    } finally {
      abort.removeEventListener('abort', onAbort);
    }
  };
}

/** A sink that throws instead of rejecting must not leave the timer running. */
async function start(sink: Sink, ...[events, abort]: Parameters<Write>): Promise<void> {
  await sink.write(events, abort);
}

function timeoutError(what: string, timeoutMs: number): SinkError {
  const text = `the destination ${what} within ${formatDuration(timeoutMs)}; it is slow or unreachable, or timeout is too short`;
  return new SinkError(text, { code: 'sink-timeout' });
}

interface Patience {
  readonly ms: number;
  readonly clock: Clock;
  readonly abort?: AbortSignal;
}

/** Whether the promise resolved before the time was over or `abort` fired; rejects if it rejected before. */
function within(promise: Promise<void>, { ms, clock, abort }: Patience): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const end = () => {
      cancel();
      abort?.removeEventListener('abort', giveUp);
    };
    const giveUp = () => {
      end();
      resolve(false);
    };
    const cancel = clock.after(ms, giveUp);
    promise.then(
      () => {
        end();
        resolve(true);
      },
      (error: unknown) => {
        end();
        reject(error instanceof Error ? error : new SinkError(messageOf(error)));
      },
    );
    if (abort?.aborted === true) giveUp();
    else abort?.addEventListener('abort', giveUp, { once: true });
  });
}
