import type { Ack, Batch } from '../core/batch.ts';

/** The batches of a pipeline that were read and not yet answered. Each is answered exactly once. */
export class OpenBatches {
  private readonly open = new Set<Ack>();
  private nacked = false;

  /** Whether everything that was read so far was acknowledged. */
  get allSafe(): boolean {
    return this.open.size === 0 && !this.nacked;
  }

  /** The same batch, with an ack of which only the first call reaches the source. Keeps no hold of the events. */
  enter({ ack, ...batch }: Batch): Batch {
    const answer: Ack = (error) => {
      if (!this.open.delete(answer)) return;
      if (error !== undefined) this.nacked = true;
      ack(error);
    };
    this.open.add(answer);
    return { ...batch, ack: answer };
  }

  nackAll(error: Error): void {
    for (const answer of [...this.open]) answer(error);
  }
}
