import { write, writev } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { promisify } from 'node:util';
import { type Bytes, byteLength, skipBytes } from './bytes.ts';

/** One call to the system; resolves with the number of bytes it took. */
export async function writeSome(fd: number, bytes: Bytes): Promise<number> {
  const { bytesWritten } = Buffer.isBuffer(bytes) ? await writeAsync(fd, bytes) : await writevAsync(fd, bytes);
  return bytesWritten;
}

/** Calls the system until it has all. `onWritten` learns of each part, so that one that fails can be taken back. */
export async function writeAll(fd: number, bytes: Bytes, onWritten?: (count: number) => void): Promise<void> {
  for (let rest = bytes; byteLength(rest) > 0; ) {
    const count = await writeSome(fd, rest);
    onWritten?.(count);
    rest = skipBytes(rest, count);
  }
}

/** Forces what was written to the disk. Some file systems cannot do it and say so; that is no failure. */
export async function syncData(handle: FileHandle): Promise<void> {
  await handle.sync().catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EINVAL' && error.code !== 'ENOTSUP') throw error;
  });
}

/** Without this a new file's name may be lost when the machine crashes. */
export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  await syncData(handle).finally(() => handle.close());
}

const writeAsync = promisify(write);
const writevAsync = promisify(writev);
