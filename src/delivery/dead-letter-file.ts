import { isUtf8 } from 'node:buffer';
import { type FileHandle, mkdir, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { type Clock, sleep, systemClock } from '../core/clock.ts';
import type { DeadLetter, Rejected } from '../core/dead-letter.ts';
import { syncData, syncFolder, writeAll } from '../core/disk.ts';
import { EventError, KauditError } from '../core/errors.ts';
import type { Log } from '../core/log.ts';
import { explainSystemError } from '../core/system-errors.ts';
import { backoff } from './backoff.ts';

/**
 * Rejected events as NDJSON, one line each, appended:
 *
 *   {time, pipeline, component, code, message, source, line, offset, raw}
 *
 * `rawBase64` stands in the place of `raw` where the bytes are not UTF-8. Of a record that was too large to keep, `raw`
 * is the beginning, and `bytes` and `sha256` tell the length and digest of the whole. Each call of `keep` is one write
 * and one fsync. A write that failed is cut off again before the next attempt; what a crash left of a line stays, on a
 * line of its own, and its events come again, because their batch was not acknowledged.
 */
export interface DeadLetterFileOptions {
  readonly path: string;
  readonly pipeline: string;
  /** What to do when the file cannot be written: try again until it can, or reject. */
  readonly onFailure: 'wait' | 'fail';
  readonly log: Log;
  readonly clock?: Clock;
  readonly random?: () => number;
}

export function deadLetterFile(options: DeadLetterFileOptions): DeadLetter {
  const { path, pipeline, onFailure, log, clock = systemClock, random = Math.random } = options;
  const closing = new AbortController();
  let last: Promise<void> = Promise.resolve();

  const keep = async (lines: Buffer) => {
    let failing = false;
    for (let attempt = 0; ; attempt++) {
      try {
        await append(path, lines);
        if (failing) log.info(`the dead letter ${path} can be written again`);
        return;
      } catch (cause) {
        const message = `cannot write rejected events to ${path}: ${explainSystemError(cause, path, REMEDIES)}`;
        if (onFailure === 'fail' || closing.signal.aborted) throw new KauditError('dead-letter', message, { cause });
        if (!failing) log.error(`${message}; waiting until it can be written`);
        failing = true;
        await sleep(clock, backoff(attempt, { baseMs: 100, capMs: 30_000, random }), closing.signal);
      }
    }
  };

  return {
    keep(rejected) {
      const lines = Buffer.from(rejected.map((entry) => `${JSON.stringify(record(entry, pipeline))}\n`).join(''));
      const kept = last.then(() => keep(lines));
      last = kept.catch(() => {});
      return kept;
    },
    async close() {
      closing.abort();
      await last;
    },
  };
}

function record({ event, component, error }: Rejected, pipeline: string): Record<string, unknown> {
  const { source, line, offset } = event.origin;
  const raw = event.raw;
  const content = isUtf8(raw) ? { raw: raw.toString() } : { rawBase64: raw.toString('base64') };
  const excerpt = error instanceof EventError ? error.excerpt : undefined;
  const { code, message } = error;
  return {
    time: new Date().toISOString(),
    ...{ pipeline, component, code, message, source, line, offset },
    ...content,
    ...(excerpt === undefined ? {} : { bytes: excerpt.bytes, sha256: excerpt.sha256 }),
  };
}

/** Opened anew each time, so that the file may be moved or removed at any moment. */
async function append(path: string, lines: Buffer): Promise<void> {
  await makeFolder(dirname(path));
  const file = await open(path, 'a+', 0o600);
  try {
    const status = await file.stat();
    if (status.isFIFO()) throw new Error('it is a pipe, name a file');
    if (!status.isFile()) await writeAll(file.fd, lines);
    else await appendLines(file, lines, status.size);
    if (status.isFile() && status.size === 0) await syncFolder(dirname(path));
  } finally {
    await file.close();
  }
}

/** Level by level: the system's own recursion does not end where a folder cannot be made, such as below /proc. */
async function makeFolder(path: string): Promise<void> {
  const unlessThere = (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
  };
  try {
    await mkdir(path, { mode: 0o700 }).catch(unlessThere);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT' || dirname(path) === path) throw error;
    await makeFolder(dirname(path));
    await mkdir(path, { mode: 0o700 }).catch(unlessThere);
  }
}

async function appendLines(file: FileHandle, lines: Buffer, size: number): Promise<void> {
  const torn = size > 0 && !(await endsWithNewline(file, size));
  const bytes = torn ? Buffer.concat([Buffer.from('\n'), lines]) : lines;
  let written = 0;
  try {
    await writeAll(file.fd, bytes, (count) => {
      written += count;
    });
    await syncData(file);
  } catch (error) {
    await cutBack(file, { from: size + written, to: size });
    throw error;
  }
}

async function endsWithNewline(file: FileHandle, size: number): Promise<boolean> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(1), 0, 1, size - 1);
  return bytesRead === 1 && buffer[0] === 0x0a;
}

/** Another process may have appended to the same file in between: then nothing is cut. */
async function cutBack(file: FileHandle, { from, to }: { from: number; to: number }): Promise<void> {
  try {
    if ((await file.stat()).size === from) await file.truncate(to);
  } catch {
    // The line stays torn; the next attempt begins a new one.
  }
}

const REMEDIES: Readonly<Record<string, string>> = {
  ENOSPC: 'make room',
  EDQUOT: 'make room',
  EISDIR: 'name a file',
  ENOTDIR: 'choose another place',
  EEXIST: 'choose another place',
};
