export const CHUNK_BYTES = 1024 * 1024;

export interface ChunkPoolOptions {
  readonly chunkBytes?: number;
  /** How many unused chunks are kept; what is given back beyond that is left to the garbage collector. */
  readonly maxKept?: number;
  /** Tests: fills every chunk that comes back with 0xFF, so that a late reader sees that its bytes are gone. */
  readonly poison?: boolean;
}

/**
 * Buffers for reading, used again after the batch that was read into them is acknowledged: fresh memory costs a page
 * fault for every 4 KiB. A chunk comes back only at a good ack; one that is never given back is simply collected.
 */
export class ChunkPool {
  private readonly chunkBytes: number;
  private readonly maxKept: number;
  private readonly poison: boolean;
  private readonly kept: Buffer[] = [];
  private readonly lent = new WeakSet<Buffer>();

  constructor({ chunkBytes = CHUNK_BYTES, maxKept = 16, poison = false }: ChunkPoolOptions = {}) {
    this.chunkBytes = chunkBytes;
    this.maxKept = maxKept;
    this.poison = poison;
  }

  /** Unused chunks at hand. */
  get size(): number {
    return this.kept.length;
  }

  /** A chunk of at least this many bytes, holding whatever was in it before. */
  take(bytes = this.chunkBytes): Buffer {
    const kept = bytes <= this.chunkBytes ? this.kept.pop() : undefined;
    const chunk = kept ?? Buffer.allocUnsafeSlow(Math.max(bytes, this.chunkBytes));
    this.lent.add(chunk);
    return chunk;
  }

  /** Takes back a chunk that nobody looks at any more. A chunk that is not out is ignored. */
  give(chunk: Buffer): void {
    if (!this.lent.delete(chunk) || abandoned.has(chunk.buffer)) return;
    if (this.poison) chunk.fill(0xff);
    if (chunk.length === this.chunkBytes && this.kept.length < this.maxKept) this.kept.push(chunk);
  }
}

const abandoned = new WeakSet<ArrayBufferLike>();

/**
 * No pool will use this memory again: a write that was given up may still be reading it, even if a second attempt
 * succeeded and the batch was acknowledged.
 */
export function neverReuse(chunk: Buffer): void {
  abandoned.add(chunk.buffer);
}
