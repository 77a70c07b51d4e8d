import { MAX_BATCHES_IN_FLIGHT, MAX_BYTES_IN_FLIGHT } from '../core/ack-window.ts';
import type { Ack, Batch } from '../core/batch.ts';

/** The batches of a pipeline that were read and not yet answered. Each is answered exactly once. */
export class OpenBatches {
  private readonly open = new Set<Ack>();
  private bytes = 0;
  private nacked = false;

  /** As much as a source keeps in flight by default: it may be waiting for an ack now. */
  get full(): boolean {
    return this.open.size >= MAX_BATCHES_IN_FLIGHT || this.bytes >= MAX_BYTES_IN_FLIGHT / 2;
  }

  /** Whether everything that was read so far was acknowledged. */
  get allSafe(): boolean {
    return this.open.size === 0 && !this.nacked;
  }

  /** The same batch, with an ack of which only the first call reaches the source. Keeps no hold of the events. */
  enter({ events, ack }: Batch, bytes: number): Batch {
    const answer: Ack = (error) => {
      if (!this.open.delete(answer)) return;
      this.bytes -= bytes;
      if (error !== undefined) this.nacked = true;
      ack(error);
    };
    this.open.add(answer);
    this.bytes += bytes;
    return { events, ack: answer };
  }

  nackAll(error: Error): void {
    for (const answer of [...this.open]) answer(error);
  }
}
