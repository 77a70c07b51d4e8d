import { type ByteReader, READ_ROOM } from '../../../src/sources/input/reader.ts';

export interface InputOptions {
  /** How many bytes each read gives at most, over and over. */
  readonly sizes?: readonly number[];
  /** Called before each read. */
  readonly wait?: () => Promise<void>;
  /** Thrown when the input was read to its end. */
  readonly failure?: Error;
}

/** An input that is read in these sizes. After `close` it has ended. */
export function readerOf(
  input: Buffer,
  { sizes = [1 << 20], wait = async () => {}, failure }: InputOptions = {},
): ByteReader {
  let at = 0;
  let calls = 0;
  let closed = false;
  return {
    get bytes() {
      return at;
    },
    async read(buffer, to) {
      if (buffer.length - to < READ_ROOM) throw new Error(`no room to read: ${buffer.length - to} bytes`);
      const size = Math.min(sizes[calls++ % sizes.length] as number, buffer.length - to);
      await wait();
      if (closed) return 0;
      const bytes = input.copy(buffer, to, at, at + size);
      at += bytes;
      if (bytes === 0 && failure !== undefined) throw failure;
      return bytes;
    },
    async close() {
      closed = true;
    },
  };
}

/** An input that gives these bytes and then nothing, until it is closed. */
export function silentReader(input: Buffer): ByteReader {
  const closing = Promise.withResolvers<void>();
  let given = false;
  return {
    bytes: input.length,
    async read(buffer, at) {
      if (given) await closing.promise;
      if (given) return 0;
      given = true;
      return input.copy(buffer, at);
    },
    async close() {
      closing.resolve();
    },
  };
}

/** Reads to the end in rooms of this size, or until it fails: then what came before is in `into`. */
export async function all(
  reader: ByteReader,
  { room = READ_ROOM, into = [] }: { room?: number; into?: Buffer[] } = {},
): Promise<Buffer> {
  for (;;) {
    const buffer = Buffer.alloc(room + 3);
    const bytes = await reader.read(buffer, 3);
    if (bytes === 0) return Buffer.concat(into);
    into.push(buffer.subarray(3, 3 + bytes));
  }
}
