import { codeOf } from '../../core/system-errors.ts';

/** Text for standard output, handed over in large pieces. */
export interface Output {
  /** Keeps a text until the next `flush`. */
  add(text: string): void;
  /** Enough has come together. */
  readonly isFull: boolean;
  /** Resolves when what was added has been taken. Rejects if it cannot be, other than for the reader being gone. */
  flush(): Promise<void>;
  /** The reader went away: nothing more needs to be made. */
  readonly closed: boolean;
}

const PIECE_LENGTH = 256 * 1024;

export function createOutput(stream: NodeJS.WritableStream): Output {
  let waiting = '';
  let closed = false;
  // Each failure is told by the callback of its write as well.
  stream.on('error', () => {});
  return {
    get closed() {
      return closed;
    },
    add(text) {
      waiting += text;
    },
    get isFull() {
      return waiting.length >= PIECE_LENGTH;
    },
    async flush() {
      const text = waiting;
      waiting = '';
      if (text === '' || closed) return;
      const error = await new Promise<Error | null | undefined>((resolve) => stream.write(text, resolve));
      if (!error) return;
      if (codeOf(error) !== 'EPIPE') throw error;
      closed = true;
    },
  };
}
