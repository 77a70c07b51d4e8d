import { addCounts, type Counts, emptyCounts } from '../core/counts.ts';

/** What became of a pipeline's events at one of its sinks. */
export interface SinkBooks extends Counts {
  /** Bytes of the events that were read. */
  readonly bytesRead: number;
  /** Bytes of the events that were delivered. */
  readonly bytesDelivered: number;
}

/** One place where events are counted: the part before the fan-out, or one sink's part behind it. */
export interface Ledger {
  readonly counts: Counts;
  bytesRead: number;
  bytesDelivered: number;
}

export function emptyLedger(): Ledger {
  return { counts: emptyCounts(), bytesRead: 0, bytesDelivered: 0 };
}

/**
 * Events in motion stand under `buffered` of the place where they are, from the moment they are read; so each step
 * moves them from one word to another and the books balance at every moment.
 */
export class Books {
  readonly shared: Ledger = emptyLedger();
  private readonly bySink: ReadonlyMap<string, Ledger>;

  constructor(sinks: readonly string[]) {
    this.bySink = new Map(sinks.map((name) => [name, emptyLedger()]));
  }

  sink(name: string): Ledger {
    const ledger = this.bySink.get(name);
    if (ledger === undefined) throw new Error(`no sink ${name} in this pipeline`);
    return ledger;
  }

  /** The whole way from the source to this sink. */
  of(name: string): SinkBooks {
    const { counts, bytesRead, bytesDelivered } = this.sink(name);
    return {
      ...addCounts(this.shared.counts, counts),
      bytesRead: this.shared.bytesRead + bytesRead,
      bytesDelivered: this.shared.bytesDelivered + bytesDelivered,
    };
  }
}

/** These many events left the books' `buffered` for the dead letter. */
export function countDeadLettered(counts: Counts, events: number): void {
  counts.deadLettered += events;
  counts.buffered -= events;
}
