import { type Clock, systemClock } from '../core/clock.ts';
import type { Sink } from '../core/component.ts';
import type { DeadLetter } from '../core/dead-letter.ts';
import type { SinkError } from '../core/errors.ts';
import type { Log } from '../core/log.ts';
import { type Batching, type BatchingOptions, withBatching } from './batching.ts';
import { type Undelivered, withDeadLetter } from './dead-letter.ts';
import { type OnDelivered, withObserver } from './observer.ts';
import { withRetry } from './retry.ts';
import { withTimeout } from './timeout.ts';

export interface DeliveryOptions {
  /** For the log and the dead letter: `sinks.archive`. */
  readonly component: string;
  readonly batch: Omit<BatchingOptions, 'clock'>;
  readonly timeoutMs: number;
  readonly retry: { readonly maxElapsedMs: number | undefined };
  readonly deadLetter: DeadLetter;
  readonly undelivered?: Undelivered;
  readonly onDelivered: OnDelivered;
  readonly onDeadLettered: (events: number) => void;
  readonly log: Log;
  readonly clock?: Clock;
  readonly random?: () => number;
}

/**
 * Everything between the events of a pipeline and a sink, outermost first: batching, dead letter, retry, observer,
 * timeout. A resolved write means that every event is at the destination or in the dead letter.
 */
export function deliveryTo(sink: Sink, options: DeliveryOptions): Batching {
  const { component, batch, timeoutMs, retry, deadLetter, undelivered = 'dead-letter', clock = systemClock } = options;
  const health = logHealth(component, options.log);
  const timed = withTimeout(sink, { timeoutMs, clock });
  const observed = withObserver(timed, options.onDelivered);
  const retried = withRetry(observed, { ...retry, ...health, clock, random: options.random ?? Math.random });
  const kept = withDeadLetter(retried, { deadLetter, component, undelivered, onKept: options.onDeadLettered });
  return withBatching(kept, { ...batch, clock });
}

/** One line when writes begin to fail or fail for another reason, and one when they succeed again. */
function logHealth(component: string, log: Log) {
  let failing: string | undefined;
  return {
    onFailure({ message }: SinkError): void {
      if (message !== failing) log.warn(`${component}: ${message}; trying again`);
      failing = message;
    },
    onSuccess(): void {
      if (failing !== undefined) log.info(`${component}: delivers again`);
      failing = undefined;
    },
  };
}
