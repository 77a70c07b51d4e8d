import { constants } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import type { Clock } from './clock.ts';

/**
 * A file that may be replaced while the program runs: a policy, a certificate, a pipeline file. It is looked at by its
 * path every two seconds, so it does not matter how it is replaced: written in place, renamed over, or reached by a
 * symbolic link that is turned to another folder, as Kubernetes does with a ConfigMap.
 *
 * What is new counts once two looks, a moment apart, have found the same: whoever is in the middle of writing is waited
 * for. A file that is gone at one look and there at the next was being replaced, and nobody hears of it. Nothing is
 * called before `open` has resolved or after `close`, and no timer keeps the process alive.
 */
export interface WatchedFile {
  /** Reads the file and begins to watch it; resolves with what it holds, rejects if it cannot be read. Called once. */
  open(): Promise<Buffer>;
  /** Ends the watch at once; also without `open`, and twice. */
  close(): void;
}

export interface WatchedFileOptions {
  /** The file holds something else than before. Must not throw. */
  readonly changed: (content: Buffer) => void;
  /** The file cannot be read any more; said once, until it is back. */
  readonly lost?: (error: unknown) => void;
  /** The file can be read again; `changed` follows if it holds something else than it did. */
  readonly back?: () => void;
  readonly clock?: Clock;
}

export const LOOK_MS = 2000;
/** Between the two looks that must agree; longer each time they do not. */
export const SETTLE_MS = 100;
const MAX_BYTES = 64 * 1024 * 1024;

export function watchFile(path: string, options: WatchedFileOptions): WatchedFile {
  return new Watch(path, options);
}

interface Seen {
  readonly identity: string;
  readonly content: Buffer;
}

class Watch implements WatchedFile {
  private readonly path: string;
  private readonly options: WatchedFileOptions;
  private readonly clock: Clock;
  private known: Seen = { identity: '', content: Buffer.alloc(0) };
  /** What the last look found, if it is to be confirmed. */
  private unsettled: Buffer | undefined;
  private settleMs = SETTLE_MS;
  private failures = 0;
  private closed = false;
  private cancel: () => void = () => {};

  constructor(path: string, options: WatchedFileOptions) {
    this.path = path;
    this.options = options;
    this.clock = options.clock ?? quietClock;
  }

  async open(): Promise<Buffer> {
    const { content } = await read(this.path);
    // Without an identity, so that the next look confirms that this was all of it.
    this.known = { identity: '', content };
    this.lookIn(SETTLE_MS);
    return content;
  }

  close(): void {
    this.closed = true;
    this.cancel();
  }

  private lookIn(ms: number): void {
    if (!this.closed) this.cancel = this.clock.after(ms, () => void this.look());
  }

  private async look(): Promise<void> {
    let seen: Seen;
    try {
      const identity = await identityOf(this.path);
      seen = identity === this.known.identity ? this.known : await read(this.path);
    } catch (error) {
      if (!this.closed) this.missed(error);
      return;
    }
    if (!this.closed) this.found(seen);
  }

  private missed(error: unknown): void {
    this.failures++;
    this.lookIn(LOOK_MS);
    if (this.failures === 2) this.options.lost?.(error);
  }

  private found(seen: Seen): void {
    const wasLost = this.failures >= 2;
    this.failures = 0;
    const isNew = seen !== this.known && !this.unsettled?.equals(seen.content);
    const changed = seen !== this.known && !isNew && !seen.content.equals(this.known.content);
    this.unsettled = isNew ? seen.content : undefined;
    if (!isNew) this.known = seen;
    this.lookIn(isNew ? this.settleMs : LOOK_MS);
    this.settleMs = isNew ? Math.min(this.settleMs * 2, LOOK_MS) : SETTLE_MS;
    if (wasLost) this.options.back?.();
    if (changed) this.options.changed(seen.content);
  }
}

/** Changes whenever the path leads to another file, and whenever the file is written to. */
async function identityOf(path: string): Promise<string> {
  return identity(await stat(path, { bigint: true }));
}

function identity({ dev, ino, size, mtimeNs, ctimeNs }: Stats): string {
  return [dev, ino, size, mtimeNs, ctimeNs].join(' ');
}

interface Stats {
  readonly dev: bigint;
  readonly ino: bigint;
  readonly size: bigint;
  readonly mtimeNs: bigint;
  readonly ctimeNs: bigint;
}

/** What the file holds, and which it was. Opened so that a pipe without a writer does not hold anybody up. */
async function read(path: string): Promise<Seen> {
  const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const stats = await file.stat({ bigint: true });
    if (stats.isDirectory()) throw new Error('it is a folder');
    if (!stats.isFile()) throw new Error('it is not a regular file');
    if (stats.size > MAX_BYTES) throw new Error(`it has ${stats.size} bytes, more than ${MAX_BYTES}`);
    return { identity: identity(stats), content: await file.readFile() };
  } finally {
    await file.close();
  }
}

/** Looking for changes is no reason for a process to live. */
const quietClock: Clock = {
  now: () => performance.now(),
  after(ms, callback) {
    const timer = setTimeout(callback, ms).unref();
    return () => clearTimeout(timer);
  },
};
