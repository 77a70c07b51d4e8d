/** Bytes of an input, in order. One call of `read` at a time. */
export interface ByteReader {
  /** How many bytes were read so far. */
  readonly bytes: number;
  /**
   * Reads into the buffer from `at` on, as much as is there without waiting for more, and resolves with the number of
   * bytes; 0 means the end. Needs READ_ROOM bytes of room. After `close` it resolves with 0.
   */
  read(buffer: Buffer, at: number): Promise<number>;
  /** Safe twice, and while a read is pending. */
  close(): Promise<void>;
}

/** The room that a read needs: as much as a pipe gives at once. */
export const READ_ROOM = 64 * 1024;
