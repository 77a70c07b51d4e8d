import { z } from 'zod';
import { duration, size } from '../core/units.ts';
import type { DeliveryPlan } from '../pipeline/plan.ts';

/**
 * The options that mean the same for every sink. `maxWait` has a limit because events that wait are not acknowledged:
 * the source holds them in memory.
 */
export const deliveryOptions = z.strictObject({
  batch: z
    .strictObject({
      maxEvents: z.int().min(1).prefault(1000).describe('most events in one write'),
      maxBytes: size({ min: 1 })
        .prefault('4MiB')
        .describe('most bytes of events in one write; a larger event goes alone'),
      maxWait: duration({ max: 5000, because: 'events that wait are kept in memory only' })
        .prefault('0s')
        .describe('how long to wait for a fuller batch; 0s sends whatever is there as soon as the last write is done'),
    })
    .prefault({})
    .describe('how events are grouped into writes'),
  timeout: duration({ min: 1, max: 86_400_000 })
    .prefault('30s')
    .describe('how long one write may take before it is given up and tried again'),
  retry: z
    .strictObject({
      maxElapsed: z
        .union([z.literal('forever'), duration()])
        .prefault('forever')
        .describe('how long a failed write is tried again before its events go to the dead letter; 0s: not at all'),
    })
    .prefault({})
    .describe('what happens after a failed write'),
});

/** Options of other versions: named in a message of their own, so that nobody believes they are in force. */
export const unavailableOptions: readonly string[] = ['buffer', 'redact'];

export function deliveryPlan({ batch, timeout, retry }: z.output<typeof deliveryOptions>): DeliveryPlan {
  return {
    batch: { maxEvents: batch.maxEvents, maxBytes: batch.maxBytes, maxWaitMs: batch.maxWait },
    timeoutMs: timeout,
    retry: { maxElapsedMs: retry.maxElapsed === 'forever' ? undefined : retry.maxElapsed },
  };
}
