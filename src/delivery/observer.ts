import { bytesOf } from '../core/batch.ts';
import { failuresOf, sinkErrorOf } from './failures.ts';
import type { Write } from './write.ts';

/** Called once for every attempt to write that delivered something. */
export type OnDelivered = (events: number, bytes: number) => void;

/** Reports what each attempt delivered, including the delivered part of one that failed. */
export function withObserver(write: Write, onDelivered: OnDelivered): Write {
  return async (events, abort) => {
    try {
      await write(events, abort);
    } catch (error) {
      const failures = failuresOf(sinkErrorOf(error), events.length);
      if (failures !== undefined && failures.length < events.length) {
        const lost = failures.reduce((sum, { index }) => sum + (events[index]?.size ?? 0), 0);
        onDelivered(events.length - failures.length, bytesOf(events) - lost);
      }
      throw error;
    }
    onDelivered(events.length, bytesOf(events));
  };
}
