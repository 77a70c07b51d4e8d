import type { Transform } from 'node:stream';
import { objectTransform } from 'through2';
import type { Batch } from '../core/batch.ts';
import type { Rejected } from '../core/dead-letter.ts';
import { errorOf } from './failure.ts';
import type { Stage } from './stage.ts';

export interface StageStream {
  readonly stream: Transform;
  /** Asks the transform for events of its own; they enter behind it. */
  tick(): void;
}

/**
 * A stage as a stream of batches. What it refuses is kept, by `keep`, before the batch goes on, and so before its ack.
 */
export function stageStream(stage: Stage, keep: (rejected: readonly Rejected[]) => Promise<void>): StageStream {
  const stream = objectTransform(
    { highWaterMark: 1 },
    (batch: Batch, _encoding, done) => {
      const rejected: Rejected[] = [];
      const events = stage.apply(batch.events, rejected);
      const next = events === batch.events ? batch : { ...batch, events };
      if (rejected.length === 0) done(null, next);
      else keep(rejected).then(() => done(null, next), done);
    },
    (done) => {
      try {
        push('stop');
        done();
      } catch (error) {
        done(errorOf(error));
      }
    },
  ) as unknown as Transform;

  const push = (reason: 'tick' | 'stop') => {
    const events = stage.flush(reason);
    if (events.length > 0) stream.push({ events, ack() {} } satisfies Batch);
  };

  return {
    stream,
    tick() {
      if (stream.writable) push('tick');
    },
  };
}
