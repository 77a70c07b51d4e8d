import { Writable } from 'node:stream';
import type { Ack, Batch } from '../core/batch.ts';
import type { Counts } from '../core/counts.ts';
import type { Rejected } from '../core/dead-letter.ts';
import type { EventError } from '../core/errors.ts';
import type { AuditEvent } from '../core/event.ts';
import { countDeadLettered } from './books.ts';
import { type Branch, type Refusals, sortEvents } from './branch.ts';
import { errorOf } from './failure.ts';

export interface FanOutOptions {
  readonly branches: readonly Branch[];
  /** The counts of the part before the fan-out. */
  readonly shared: Counts;
  readonly keep: (rejected: readonly Rejected[]) => Promise<void>;
  /** Ends every delivery; what is not safe by then is nacked. */
  readonly abort: AbortSignal;
}

export interface FanOut {
  /**
   * Takes every batch at once, so that a slow sink delays no other while the source has room; finishes when all is
   * safe. A delivery that fails nacks its batch and fails the stream.
   */
  readonly stream: Writable;
  /** Asks the sinks' own transforms for events of their making. */
  tick(): void;
}

/** Hands each batch to every branch, and acknowledges it when all of them are done with it. */
export function fanOut({ branches, shared, keep, abort }: FanOutOptions): FanOut {
  let inFlight = 0;
  let onIdle: (() => void) | undefined;

  const accept = ({ events, ack }: Batch) => {
    shared.buffered -= events.length;
    const round = new Round(keep);
    for (const branch of branches) {
      branch.ledger.counts.buffered += events.length;
      round.add(branch, events, { from: 0, abort });
    }
    send(round, ack);
  };

  const flush = (reason: 'tick' | 'stop') => {
    const round = new Round(keep);
    for (const branch of branches) {
      for (const [index, stage] of branch.stages.entries()) {
        round.add(branch, stage.flush(reason), { from: index + 1, abort });
      }
    }
    send(round, () => {});
  };

  const send = (round: Round, ack: Ack) => {
    const safe = round.send();
    if (safe === undefined) {
      ack();
      return;
    }
    inFlight++;
    safe.then(
      () => {
        ack();
        if (--inFlight === 0) onIdle?.();
      },
      (thrown: unknown) => {
        const error = errorOf(thrown);
        ack(error);
        stream.destroy(error);
      },
    );
  };

  const hurry = () => {
    for (const { delivery } of branches) delivery.flush();
  };

  const stream = new Writable({
    objectMode: true,
    highWaterMark: 1,
    write(batch: Batch, _encoding, done) {
      try {
        accept(batch);
        if (batch.full) hurry();
      } catch (error) {
        done(errorOf(error));
        return;
      }
      done();
    },
    final(done) {
      try {
        flush('stop');
      } catch (error) {
        done(errorOf(error));
        return;
      }
      hurry();
      if (inFlight === 0) done();
      else onIdle = done;
    },
  });

  return {
    stream,
    tick() {
      if (stream.writable) flush('tick');
    },
  };
}

/** One batch on its way through all branches. */
class Round {
  private readonly keep: FanOutOptions['keep'];
  private readonly refusals: Refusals = { rejected: [], broken: new Set() };
  private readonly refusers: { readonly counts: Counts; readonly refused: number }[] = [];
  private readonly writes: Promise<void>[] = [];

  constructor(keep: FanOutOptions['keep']) {
    this.keep = keep;
  }

  add(branch: Branch, events: readonly AuditEvent[], { from, abort }: { from: number; abort: AbortSignal }): void {
    const sorted = sortEvents(events, { branch, from, refusals: this.refusals });
    if (sorted.refused > 0) this.refusers.push({ counts: branch.ledger.counts, refused: sorted.refused });
    if (sorted.events.length > 0) this.writes.push(branch.delivery.write(sorted.events, abort));
  }

  /** Resolves when everything is safe; `undefined` if there was nothing to do. */
  send(): Promise<unknown> | undefined {
    if (this.refusers.length > 0) this.writes.push(this.keepRefused());
    return this.writes.length === 0 ? undefined : Promise.all(this.writes);
  }

  private async keepRefused(): Promise<void> {
    const { rejected, broken } = this.refusals;
    for (const event of broken) {
      rejected.push({ event, component: 'parse', error: event.check() as EventError });
    }
    await this.keep(rejected);
    for (const { counts, refused } of this.refusers) countDeadLettered(counts, refused);
  }
}
