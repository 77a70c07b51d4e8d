import { access, close, constants, fstatSync, open, read, stat } from 'node:fs';
import { promisify } from 'node:util';
import { KauditError, messageOf } from '../../core/errors.ts';
import { pipeReader } from './pipe-reader.ts';
import type { ByteReader } from './reader.ts';
import { streamReader } from './stream-reader.ts';

/** Standard input, whatever it is connected to. */
export function openStdin(): ByteReader {
  const kind = fstatSync(0);
  if (kind.isFIFO() || kind.isSocket()) return pipeReader(0);
  return process.stdin.isTTY ? streamReader(process.stdin) : fileReader(0);
}

/** The size of standard input; `undefined` if it has none. Throws with the reason and the remedy. */
export function stdinSize(): number | undefined {
  const kind = fstatSync(0);
  if (kind.isDirectory()) throw isDirectory('stdin');
  return kind.isFile() ? kind.size : undefined;
}

/** The size of a file that can be read; `undefined` for a pipe with a name. Rejects with the reason and the remedy. */
export async function fileSize(path: string): Promise<number | undefined> {
  const kind = await promisify(stat)(path).catch((cause) => cannotOpen(path, cause));
  if (kind.isDirectory()) throw isDirectory(path);
  await promisify(access)(path, constants.R_OK).catch((cause) => cannotOpen(path, cause));
  return kind.isFile() ? kind.size : undefined;
}

/**
 * A file, or a pipe with a name. Rejects with the reason and the remedy. A pipe is opened without waiting for its
 * writer: a thread that waited could not be called back when the process wants to exit.
 */
export async function openFile(path: string): Promise<ByteReader> {
  const kind = await promisify(stat)(path).catch((cause) => cannotOpen(path, cause));
  const isPipe = kind.isFIFO() || kind.isSocket();
  const flags = isPipe ? constants.O_RDONLY | constants.O_NONBLOCK : constants.O_RDONLY;
  const fd = await promisify(open)(path, flags).catch((cause) => cannotOpen(path, cause));
  return isPipe ? pipeReader(fd) : fileReader(fd);
}

const PERMISSION_DENIED =
  "permission denied; kube-apiserver's log is readable by its own user only: run as that user or with CAP_DAC_READ_SEARCH";

function isDirectory(name: string): KauditError {
  return new KauditError('source-open', `cannot read ${name}: it is a directory, name the files in it`);
}

function cannotOpen(path: string, cause: unknown): never {
  throw new KauditError('source-open', `cannot open ${path}: ${reasonOf(cause)}`, { cause });
}

function reasonOf(cause: unknown): string {
  const code = (cause as NodeJS.ErrnoException).code;
  if (code === 'ENOENT') return 'no such file';
  if (code === 'EACCES') return PERMISSION_DENIED;
  return messageOf(cause);
}

/** Reads what never blocks: a file, /dev/null. Descriptor 0 is left open. */
function fileReader(fd: number): ByteReader {
  const readBytes = promisify(read);
  let pending: Promise<unknown> | undefined;
  let closed = false;
  let bytes = 0;
  return {
    get bytes() {
      return bytes;
    },
    async read(buffer, at) {
      if (closed) return 0;
      const reading = readBytes(fd, buffer, at, buffer.length - at, null);
      pending = reading;
      const { bytesRead } = await reading;
      bytes += bytesRead;
      return bytesRead;
    },
    async close() {
      if (closed) return;
      closed = true;
      // The number of a descriptor that is closed too early may already belong to another file.
      await pending?.catch(() => {});
      if (fd !== 0) await promisify(close)(fd);
    },
  };
}
