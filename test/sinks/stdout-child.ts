import { fstatSync, writeSync } from 'node:fs';
import { KauditError } from '../../src/core/errors.ts';
import sink from '../../src/sinks/stdout.ts';
import { eventsFrom } from '../contracts/sink.ts';
import { testContext } from '../contracts/transform.ts';

// Writes batches to the real standard output and says on stderr what became of them. Must end by itself.
const { format, batches, abortAfterMs } = JSON.parse(process.argv[2] ?? '{}') as {
  format: 'json' | 'text';
  batches: number;
  abortAfterMs?: number;
};
const abort = abortAfterMs === undefined ? new AbortController().signal : AbortSignal.timeout(abortAfterMs);
const stdout = sink.create({ format }, testContext());
try {
  await stdout.open?.();
  for (let batch = 0; batch < batches; batch++) {
    await stdout.write(eventsFrom(batch * 100 + 1, 100, { padding: 2000 }), abort);
  }
  writeSync(2, 'written');
} catch (error) {
  const { name, message, code } = error as KauditError;
  const descriptor = isOpen(1) ? 'open' : 'closed';
  writeSync(2, JSON.stringify({ descriptor, name, message, code, reason: reasonOf(error) }));
}
await stdout.close?.();

function isOpen(fd: number): boolean {
  try {
    return fstatSync(fd) !== undefined;
  } catch {
    return false;
  }
}

/** The code or name of the first cause that is no error of our own. */
function reasonOf(error: unknown): string | undefined {
  if (error instanceof KauditError) return reasonOf(error.cause);
  return error instanceof DOMException ? error.name : (error as NodeJS.ErrnoException | undefined)?.code;
}
