import { Socket } from 'node:net';
import { type ByteReader, READ_ROOM } from './reader.ts';

/** How long what has arrived is held back for more to come. */
const GATHER_MS = 1;

/**
 * Reads a pipe or socket: half the CPU of process.stdin, and nothing is left blocked in the thread pool when the
 * process wants to exit. What arrives within one turn of the event loop is given out together, so that a fast writer
 * makes few large reads and a slow one is not waited for.
 *
 * Bytes land in a small buffer of our own and are copied from there (it stays in the processor's cache). Reading
 * straight into the caller's would be unsafe: Node chooses the place of the next read before it can be paused, and
 * by then the caller has given that memory to somebody else.
 */
export function pipeReader(fd: number): ByteReader {
  const landing = Buffer.allocUnsafe(READ_ROOM);
  let target: { readonly buffer: Buffer; at: number; readonly from: number } | undefined;
  let settle: { resolve(bytes: number): void; reject(error: Error): void } | undefined;
  let failure: Error | undefined;
  let ended = false;

  const socket = new Socket({
    fd,
    readable: true,
    writable: false,
    onread: {
      buffer: landing,
      callback: (bytes) => {
        if (target === undefined) return false;
        const first = target.at === target.from;
        target.at += landing.copy(target.buffer, target.at, 0, bytes);
        if (first) setTimeout(whenFull, GATHER_MS);
        if (target.buffer.length - target.at >= READ_ROOM) return true;
        give();
        return false;
      },
    },
  } as ConstructorParameters<typeof Socket>[0]);
  socket.pause();
  socket
    .on('error', (error) => finish(error))
    .on('end', () => finish())
    .on('close', () => finish());

  function whenFull(): void {
    if (target === undefined || target.at === target.from) return;
    socket.pause();
    give();
  }

  function give(): void {
    if (target === undefined) return;
    const bytes = target.at - target.from;
    const { resolve } = settle as NonNullable<typeof settle>;
    target = undefined;
    settle = undefined;
    resolve(bytes);
  }

  function finish(error?: Error): void {
    failure ??= error;
    ended = true;
    if (target !== undefined && (target.at > target.from || failure === undefined)) give();
    else if (failure !== undefined) settle?.reject(failure);
  }

  return {
    get bytes() {
      return socket.bytesRead;
    },
    read(buffer, at) {
      if (failure !== undefined) return Promise.reject(failure);
      if (ended) return Promise.resolve(0);
      return new Promise((resolve, reject) => {
        target = { buffer, at, from: at };
        settle = { resolve, reject };
        socket.resume();
      });
    },
    async close() {
      socket.destroy();
      finish();
    },
  };
}
