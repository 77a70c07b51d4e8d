import { execFileSync } from 'node:child_process';
import { closeSync, constants, mkdtempSync, openSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import type { ExecutionContext } from 'ava';

/** A folder that is gone after the test. */
export function tempFolder(t: ExecutionContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'kaudit-source-'));
  t.teardown(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Records, and the inputs that hold three of them each. */
export function numbered(inputs: number) {
  const records = Array.from({ length: 3 * inputs }, (_, id) => `{"kind":"Event","auditID":"${id}"}`);
  const contents = Array.from({ length: inputs }, (_, input) => records.slice(3 * input, 3 * input + 3).join('\n'));
  return { records, contents };
}

/** Files with these contents, every second one packed. */
export function filesOf(t: ExecutionContext, contents: readonly (string | Buffer)[]): readonly string[] {
  const folder = tempFolder(t);
  return contents.map((content, index) => {
    const path = join(folder, `audit-${index}.log`);
    writeFileSync(path, index % 2 === 1 ? gzipSync(content) : content);
    return path;
  });
}

/** A pipe with a name, and its writing end. */
export interface NamedPipe {
  readonly path: string;
  /** Opens it, if it is not open; false as long as nobody reads. */
  openWriter(): boolean;
  /** Writes all of it, as the reader makes room. */
  write(bytes: string | Buffer): Promise<void>;
  /** Closes it, if it is open. */
  end(): void;
}

export function namedPipe(t: ExecutionContext): NamedPipe {
  const path = join(tempFolder(t), 'pipe');
  execFileSync('mkfifo', [path]);
  let fd: number | undefined;
  const end = () => {
    if (fd !== undefined) closeSync(fd);
    fd = undefined;
  };
  t.teardown(end);
  return {
    path,
    openWriter() {
      try {
        fd ??= openSync(path, constants.O_WRONLY | constants.O_NONBLOCK);
        return true;
      } catch {
        return false;
      }
    },
    async write(bytes) {
      const all = Buffer.from(bytes as string);
      for (let at = 0; at < all.length; ) {
        if (fd === undefined) throw new Error('the pipe has no writer, open it');
        const written = writeSome(fd, all.subarray(at));
        at += written;
        if (written === 0) await setImmediate();
      }
    },
    end,
  };
}

/** 0 if the pipe is full. */
function writeSome(fd: number, bytes: Buffer): number {
  try {
    return writeSync(fd, bytes);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EAGAIN') return 0;
    throw error;
  }
}
