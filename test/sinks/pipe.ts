import { execFileSync } from 'node:child_process';
import { closeSync, constants, mkdtempSync, openSync, readSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import type { ExecutionContext } from 'ava';

/** A folder that is gone after the test. */
export function tempFolder(t: ExecutionContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'kaudit-sink-'));
  t.teardown(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A named pipe of 64 KiB and its reader. */
export interface TestPipe {
  readonly path: string;
  /** For writing, not blocking; closed after the test at the latest. */
  openWriter(): number;
  close(fd: number): void;
  /** Leaves closing to whoever was given the descriptor. */
  giveAway(fd: number): number;
  /** Reads on in the background. */
  flow(): void;
  /** What has come so far; takes what waits in the pipe. */
  taken(): string;
  /** Everything up to the end, which comes when the last writer has closed. */
  rest(): Promise<string>;
  closeReader(): void;
  openReader(): void;
}

export function testPipe(t: ExecutionContext): TestPipe {
  const path = join(tempFolder(t), 'pipe');
  execFileSync('mkfifo', [path]);
  let reader = 0;
  const descriptors = new Set<number>();
  const openReader = () => {
    reader = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    descriptors.add(reader);
  };
  openReader();
  const close = (fd: number) => {
    if (descriptors.delete(fd)) closeSync(fd);
  };
  t.teardown(() => {
    for (const fd of descriptors) close(fd);
  });
  const parts: Buffer[] = [];

  /** Whether the end was reached. */
  const drain = (): boolean => {
    const buffer = Buffer.alloc(1 << 16);
    for (;;) {
      try {
        const length = readSync(reader, buffer);
        if (length === 0) return true;
        parts.push(Buffer.from(buffer.subarray(0, length)));
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'EAGAIN') return false;
        throw error;
      }
    }
  };
  const text = () => Buffer.concat(parts).toString();

  return {
    path,
    openWriter() {
      const fd = openSync(path, constants.O_WRONLY | constants.O_NONBLOCK);
      descriptors.add(fd);
      return fd;
    },
    flow() {
      void (async () => {
        for (; descriptors.has(reader); await setImmediate()) drain();
      })();
    },
    taken() {
      drain();
      return text();
    },
    async rest() {
      while (!drain()) await setImmediate();
      return text();
    },
    closeReader: () => close(reader),
    openReader,
    giveAway(fd) {
      descriptors.delete(fd);
      return fd;
    },
    close,
  };
}
