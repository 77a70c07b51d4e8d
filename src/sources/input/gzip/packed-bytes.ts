import { type ByteReader, READ_ROOM } from '../reader.ts';

/** Bytes of an input that can be looked at before they are taken. */
export class PackedBytes {
  private readonly reader: ByteReader;
  private rest: Buffer = Buffer.alloc(0);
  private taken = 0;
  private ended = false;

  constructor(reader: ByteReader) {
    this.reader = reader;
  }

  /** Where the next byte stands in the input. */
  get position(): number {
    return this.taken;
  }

  /** The next bytes, at least this many, and more if they are there; fewer only if the input ends with them. */
  async peek(atLeast: number): Promise<Buffer> {
    while (this.rest.length < atLeast && !this.ended) {
      const room = Buffer.allocUnsafeSlow(READ_ROOM);
      const bytes = await this.reader.read(room, 0);
      this.ended = bytes === 0;
      this.rest =
        this.rest.length === 0 ? room.subarray(0, bytes) : Buffer.concat([this.rest, room.subarray(0, bytes)]);
    }
    return this.rest;
  }

  /** Takes bytes that were looked at. */
  skip(count: number): void {
    this.rest = this.rest.subarray(count);
    this.taken += count;
  }

  async close(): Promise<void> {
    await this.reader.close();
  }
}
