import { type BigIntStats, constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Bytes } from '../../core/bytes.ts';
import { syncData, syncFolder, writeAll } from '../../core/disk.ts';
import { mendTail } from './torn-line.ts';

export interface RegularFileOptions {
  /** When what was appended is forced to disk: before each append resolves, or when the file is closed. */
  readonly sync: 'batch' | 'end';
  /** Empty the file when it is opened for the first time. */
  readonly truncate: boolean;
  /** A last line without its end is completed if it is an object of at most so many bytes, and put aside otherwise. */
  readonly maxLineBytes: number;
}

/** The file as it was opened; the path may come to mean another one. */
interface Opened {
  readonly handle: FileHandle;
  readonly identity: string;
  /** Length to which the file must be cut back before anything else is written: a failed write lies behind it. */
  cutTo: number | undefined;
  unsynced: boolean;
}

/**
 * Appends to the file that a path means at the moment, which is made if there is none, and leaves whole appends only:
 * one that failed is cut off before the next. One call at a time. The caller looks at the path first, once for each
 * call, and says what it `found` there: a regular file, or nothing.
 */
export class RegularFile {
  private readonly path: string;
  private readonly options: RegularFileOptions;
  private opened: Opened | undefined;
  private emptied: boolean;

  constructor(path: string, options: RegularFileOptions) {
    this.path = path;
    this.options = options;
    this.emptied = !options.truncate;
  }

  /** Opens the file, unless it is open. */
  async open(found: BigIntStats | undefined): Promise<void> {
    await this.follow(found);
  }

  /** When this rejects nothing was appended, or what was will be cut off. */
  async append(bytes: Bytes, found: BigIntStats | undefined): Promise<void> {
    const { opened, size } = await this.follow(found);
    const { sync } = this.options;
    opened.cutTo = size;
    try {
      await writeAll(opened.handle.fd, bytes);
      if (sync === 'batch') await syncData(opened.handle);
    } catch (error) {
      await cutBack(opened).catch(() => undefined);
      throw error;
    }
    opened.cutTo = undefined;
    opened.unsynced = sync === 'end';
  }

  /** Safe twice. */
  async close(): Promise<void> {
    const { opened } = this;
    if (opened === undefined) return;
    this.opened = undefined;
    try {
      await cutBack(opened);
      if (opened.unsynced) await syncData(opened.handle);
    } finally {
      await opened.handle.close();
    }
  }

  /** The file to append to, and its size. It is another one after a rotation, or when it was removed. */
  private async follow(found: BigIntStats | undefined): Promise<{ readonly opened: Opened; readonly size: number }> {
    const { opened } = this;
    if (opened !== undefined) {
      const { cutTo } = opened;
      // Before it is closed: a file that cannot be cut now stays open and is tried again.
      await cutBack(opened);
      if (found !== undefined && identityOf(found) === opened.identity) {
        return { opened, size: Math.min(Number(found.size), cutTo ?? Number.POSITIVE_INFINITY) };
      }
      await this.close();
    }
    return await this.openPath(found);
  }

  private async openPath(found: BigIntStats | undefined): Promise<{ readonly opened: Opened; readonly size: number }> {
    const { path, emptied } = this;
    const { sync, maxLineBytes } = this.options;
    const handle = await open(path, constants.O_RDWR | constants.O_APPEND | constants.O_CREAT, 0o600);
    try {
      if (!emptied) await handle.truncate(0);
      else await mendTail(handle, path, maxLineBytes);
      if (found === undefined && sync === 'batch') await syncFolder(dirname(path));
      const stats = await handle.stat({ bigint: true });
      const opened = { handle, identity: identityOf(stats), cutTo: undefined, unsynced: false };
      this.opened = opened;
      this.emptied = true;
      return { opened, size: Number(stats.size) };
    } catch (error) {
      await handle.close();
      throw error;
    }
  }
}

async function cutBack(file: Opened): Promise<void> {
  if (file.cutTo === undefined) return;
  const { size } = await file.handle.stat();
  if (size > file.cutTo) await file.handle.truncate(file.cutTo);
  file.cutTo = undefined;
}

function identityOf({ dev, ino }: BigIntStats): string {
  return `${dev}:${ino}`;
}
