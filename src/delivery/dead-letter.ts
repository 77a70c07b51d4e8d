import { unlessAborted } from '../core/abort.ts';
import type { DeadLetter, Rejected } from '../core/dead-letter.ts';
import { SinkError } from '../core/errors.ts';
import type { AuditEvent } from '../core/event.ts';
import { failuresOf } from './failures.ts';
import type { Write } from './write.ts';

/** What becomes of events that were not refused, but could not be delivered within the retry time. */
export type Undelivered = 'dead-letter' | 'fail';

export interface DeadLetterOptions {
  readonly deadLetter: DeadLetter;
  /** As it appears in the dead letter: `sinks.archive`. */
  readonly component: string;
  readonly undelivered?: Undelivered;
  /** These many events are in the dead letter, on disk. */
  readonly onKept?: (events: number) => void;
}

/**
 * Sends what was refused for its content to the dead letter. A write that was refused whole is halved until the culprit
 * stands alone, so that one bad event never takes others with it. Nothing is kept after an abort.
 */
export function withDeadLetter(write: Write, options: DeadLetterOptions): Write {
  const { deadLetter, component, undelivered = 'dead-letter', onKept } = options;

  const deliver: Write = async (events, abort) => {
    try {
      await write(events, abort);
    } catch (error) {
      if (abort.aborted || !(error instanceof SinkError)) throw error;
      const { refused, together } = sort(events, error, component);
      const outOfTime = together.length > 0 && error.retryable;
      if (outOfTime && undelivered === 'fail') throw error;
      const halve = together.length > 1 && !error.retryable;
      if (!halve) for (const event of together) refused.push({ event, component, error });
      if (refused.length > 0) {
        await unlessAborted(deadLetter.keep(refused), abort);
        onKept?.(refused.length);
      }
      if (halve) {
        const middle = together.length >> 1;
        await deliver(together.slice(0, middle), abort);
        await deliver(together.slice(middle), abort);
      }
    }
  };
  return deliver;
}

/** Parts what was refused one by one from what failed together. */
function sort(
  events: readonly AuditEvent[],
  error: SinkError,
  component: string,
): { readonly refused: Rejected[]; readonly together: readonly AuditEvent[] } {
  const failures = failuresOf(error, events.length);
  if (failures === undefined) return { refused: [], together: events };
  const refused: Rejected[] = [];
  const together: AuditEvent[] = [];
  for (const { index, retryable, message } of failures) {
    const event = events[index] as AuditEvent;
    if (retryable) together.push(event);
    else refused.push({ event, component, error: new SinkError(message, { retryable, cause: error }) });
  }
  return { refused, together };
}
