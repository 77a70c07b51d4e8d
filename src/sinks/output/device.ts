import { type BigIntStats, closeSync, constants, fstatSync, openSync } from 'node:fs';
import { Socket } from 'node:net';
import { isatty } from 'node:tty';
import { type Bytes, byteLength } from '../../core/bytes.ts';
import { writeSome } from '../../core/disk.ts';

/** What an outlet writes to. */
export interface Device {
  /** Resolves with the number of bytes that the kernel took. */
  write(bytes: Bytes): Promise<number>;
  /** Closes a descriptor of our own; absent where others need it. */
  close?(): void;
  /** Gives up a write that waits, and with it the descriptor. */
  abandon?(): void;
}

/**
 * Writes without blocking where the descriptor can make one wait; a blocked call would keep the process from ending.
 * A pipe is opened a second time: then not blocking concerns us alone and not the programs that share the descriptor,
 * and it can be closed. Where another user made the pipe that is not allowed, and the descriptor itself is used.
 */
export function openDevice(fd: number): Device {
  const stats = fstatSync(fd);
  if (fd === 1 && isatty(fd)) {
    process.stdout.on('error', ignore);
    return { write: (bytes) => writeStream(process.stdout, bytes) };
  }
  if (!stats.isFIFO() && !stats.isSocket()) return { write: (bytes) => writeSome(fd, bytes) };
  if (stats.isSocket()) return socketDevice(fd, 'lent');
  try {
    return socketDevice(openSync(`/dev/fd/${fd}`, constants.O_WRONLY | constants.O_NONBLOCK), 'own');
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENXIO' ? brokenPipe(error) : socketDevice(fd, 'lent');
  }
}

/** Whether what a path means is written to as a stream; a folder is not, so that opening it says what is wrong. */
export function isDevice(path: string, stats: BigIntStats): boolean {
  return !stats.isDirectory() && (!stats.isFile() || DESCRIPTOR.test(path));
}

/** Names of descriptors that this process was given: what they lead to is not ours to cut or to empty. */
const DESCRIPTOR = /^\/dev\/(stdout|stderr|fd\/\d+)$|^\/proc\/(self|thread-self|\d+)\/fd\/\d+$/;

/** A device, a pipe with a name or a descriptor, as `isDevice` tells. */
export function openNamedDevice(path: string, stats: BigIntStats): Device {
  const fd = openSync(path, constants.O_WRONLY | constants.O_APPEND | constants.O_NONBLOCK);
  if (stats.isFIFO()) return socketDevice(fd, 'own');
  return { write: (bytes) => writeSome(fd, bytes), close: () => closeSync(fd) };
}

/** A pipe without a reader. */
function brokenPipe(cause: unknown): Device {
  const error = Object.assign(new Error('write EPIPE', { cause }), { code: 'EPIPE' });
  return { write: () => Promise.reject(error), close: ignore };
}

/** A pipe or socket; one that is `lent` is left open for others unless a write is stuck in it. */
export function socketDevice(fd: number, owner: 'own' | 'lent'): Device {
  const socket = new Socket({ fd, readable: false, writable: true });
  let failure: Error | undefined;
  socket.on('error', (error) => {
    failure ??= error;
  });
  socket.unref();
  const device: Device = {
    async write(bytes) {
      if (failure !== undefined) throw failure;
      return await writeStream(socket, bytes);
    },
    abandon: () => void socket.destroy(),
  };
  return owner === 'lent' ? device : { ...device, close: () => void socket.destroy() };
}

function writeStream(stream: NodeJS.WritableStream & { cork(): void; uncork(): void }, bytes: Bytes): Promise<number> {
  return new Promise((resolve, reject) => {
    const views = Buffer.isBuffer(bytes) ? [bytes] : bytes;
    const done = (error?: Error | null) => (error ? reject(error) : resolve(byteLength(bytes)));
    stream.cork();
    for (const [index, view] of views.entries()) stream.write(view, index === views.length - 1 ? done : undefined);
    stream.uncork();
  });
}

function ignore(): void {}
