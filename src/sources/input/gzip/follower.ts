import { Inflater } from './inflater.ts';

/** As much as a log of about 150 MB is packed to. */
const KEPT_BYTES = 16 * 1024 * 1024;

/** What deflate data says in front of a fault. */
export interface BeforeFault {
  readonly output: readonly Buffer[];
  /** How many bytes of the piece with the fault were unpacked: the next one is the one that cannot be. */
  readonly good: number;
}

/**
 * Finds what an inflater has unpacked but could not hand out when it failed: unpacks the same data once more, the piece
 * with the fault byte by byte. It keeps the packed data for that; in a member with more than `keptBytes` of it, it
 * follows the inflater at that distance.
 */
export class Follower {
  private inflater: Inflater | undefined;
  private readonly keptBytes: number;
  private readonly kept: Buffer[] = [];
  private waiting = 0;
  private unpacked = 0;
  private failed = false;

  constructor(keptBytes: number = KEPT_BYTES) {
    this.keptBytes = keptBytes;
  }

  /** Takes note of a piece that was unpacked without an error. */
  async keep(piece: Buffer): Promise<void> {
    this.kept.push(Buffer.from(piece));
    this.waiting += piece.length;
    while (this.waiting > this.keptBytes) {
      const oldest = this.kept.shift() as Buffer;
      this.waiting -= oldest.length;
      await this.unpack(oldest, Number.POSITIVE_INFINITY);
    }
  }

  /** What was unpacked before the fault in this piece, but for the first `given` bytes of the member. */
  async beforeFault(piece: Buffer, given: number): Promise<BeforeFault> {
    const output: Buffer[] = [];
    for (const whole of this.kept.splice(0)) output.push(...(await this.unpack(whole, given)));
    let good = 0;
    while (good < piece.length && !this.failed) {
      output.push(...(await this.unpack(piece.subarray(good, good + 1), given)));
      if (!this.failed) good++;
    }
    return { output, good };
  }

  close(): void {
    this.inflater?.close();
  }

  /** Resolves with what lies behind the first `given` bytes of the member. */
  private async unpack(piece: Buffer, given: number): Promise<readonly Buffer[]> {
    this.inflater ??= new Inflater();
    this.failed = (await this.inflater.write(piece)) !== undefined;
    return this.inflater.take().flatMap((bytes) => {
      const known = Math.max(0, given - this.unpacked);
      this.unpacked += bytes.length;
      return known < bytes.length ? [bytes.subarray(known)] : [];
    });
  }
}
