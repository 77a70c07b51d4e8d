import { createInflateRaw } from 'node:zlib';

/** One call of zlib gives at most this much, and each costs a way to another thread and back. */
const OUTPUT_BYTES = 256 * 1024;

/**
 * zlib's inflate, a piece at a time. Of the call of zlib that ends in an error Node.js hands out nothing, although
 * zlib has unpacked what stands before the fault.
 */
export class Inflater {
  /** Whether the deflate data ended in what was written; known only when something follows it. */
  ended = false;
  private readonly stream = createInflateRaw({ chunkSize: OUTPUT_BYTES });
  private output: Buffer[] = [];
  private failure: Error | undefined;
  private settle = () => {};

  constructor() {
    const settle = () => this.settle();
    this.stream
      .on('data', (bytes: Buffer) => this.output.push(bytes))
      .on('end', () => {
        this.ended = true;
        settle();
      })
      .on('error', (error) => {
        this.failure = error;
        settle();
      });
  }

  /** How many packed bytes were used; those of a piece that failed do not count. */
  get used(): number {
    return this.stream.bytesWritten;
  }

  /** Resolves with the error of zlib, if there is one. One piece at a time, and none after the end or an error. */
  write(piece: Buffer): Promise<Error | undefined> {
    return new Promise((resolve) => {
      this.settle = () => resolve(this.failure);
      this.stream.write(piece, () => this.settle());
    });
  }

  /** What was unpacked since the last call. */
  take(): readonly Buffer[] {
    const { output } = this;
    this.output = [];
    return output;
  }

  close(): void {
    this.stream.destroy();
  }
}
