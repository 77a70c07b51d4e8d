import { type FileHandle, open } from 'node:fs/promises';
import { eventOf } from '../../audit/bytes-event.ts';
import { syncData } from '../../core/disk.ts';

/**
 * Makes a file end in a newline: a last line that is a whole JSON object of at most `maxBytes` lacks only that;
 * anything else is the beginning of a line that was never acknowledged, and moves to `<path>.torn`.
 */
export async function mendTail(handle: FileHandle, path: string, maxBytes: number): Promise<void> {
  const { size } = await handle.stat();
  const start = await lastLineStart(handle, size);
  if (start === size) return;
  if (size - start <= maxBytes) {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(size - start), 0, size - start, start);
    if (eventOf(buffer.subarray(0, bytesRead)).check() === undefined) return void (await handle.write('\n'));
  }
  const aside = await open(`${path}.torn`, 'a', 0o600);
  try {
    for (let at = start; at < size; ) {
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(PIECE_BYTES), 0, PIECE_BYTES, at);
      await aside.appendFile(buffer.subarray(0, bytesRead));
      at += bytesRead;
    }
    await aside.appendFile('\n');
    await syncData(aside);
  } finally {
    await aside.close();
  }
  await handle.truncate(start);
}

async function lastLineStart(handle: FileHandle, size: number): Promise<number> {
  for (let end = size; end > 0; ) {
    const start = Math.max(0, end - PIECE_BYTES);
    const { buffer } = await handle.read(Buffer.alloc(end - start), 0, end - start, start);
    const newline = buffer.lastIndexOf('\n');
    if (newline >= 0) return start + newline + 1;
    end = start;
  }
  return 0;
}

const PIECE_BYTES = 64 * 1024;
