import { relative } from 'node:path';
import { AckWindow } from '../../core/ack-window.ts';
import type { Batch } from '../../core/batch.ts';
import { ChunkPool } from '../../core/chunk-pool.ts';
import type { ComponentContext, Source } from '../../core/component.ts';
import { KauditError, messageOf } from '../../core/errors.ts';
import { framedBatches } from './framed-batches.ts';
import { unpackingReader } from './gzip/unpacking-reader.ts';
import { fileSize, openFile, openStdin, stdinSize } from './open.ts';
import type { ByteReader } from './reader.ts';

/**
 * A source over inputs that end, read one after the other; `-` is standard input. All are looked at before the first
 * is read, so that a wrong name stops the start. One that cannot be read to its end does not keep the others from
 * being read; the source fails when all is done.
 */
export function readInputs(paths: readonly string[], { maxEventBytes }: ComponentContext): Source {
  const shared = { window: new AckWindow<void>(), pool: new ChunkPool(), maxEventBytes, truncated: 0 };
  let total: number | undefined = 0;
  let finished = 0;
  let reader: ByteReader | undefined;

  async function* readOne(path: string, stop: AbortSignal): AsyncGenerator<Batch> {
    const name = nameOf(path);
    const opened = unpackingReader(path === '-' ? openStdin() : await openFile(path), name);
    reader = opened;
    const onStop = () => void opened.close();
    stop.addEventListener('abort', onStop, { once: true });
    try {
      yield* framedBatches({ reader: opened, name }, shared, stop);
    } finally {
      stop.removeEventListener('abort', onStop);
      finished += opened.bytes;
      reader = undefined;
      await opened.close();
    }
  }

  return {
    async open() {
      const sizes = await Promise.all(paths.map((path) => (path === '-' ? stdinSize() : fileSize(path))));
      total = sizes.reduce((sum, size) => (sum === undefined || size === undefined ? undefined : sum + size), 0);
    },
    async *batches(stop) {
      const failures: string[] = [];
      for (const path of paths) {
        if (stop.aborted) break;
        try {
          yield* readOne(path, stop);
        } catch (error) {
          if (stop.aborted) break;
          failures.push(
            error instanceof KauditError ? error.message : `cannot read ${nameOf(path)}: ${messageOf(error)}`,
          );
        }
      }
      if (failures.length > 0) throw new KauditError('source-read', failures.join('\n'));
    },
    async close() {
      await reader?.close();
    },
    progress: () => ({ bytes: finished + (reader?.bytes ?? 0), total, truncated: shared.truncated }),
  };
}

/** A path as a person would write it: relative where it lies below the current directory. */
function nameOf(path: string): string {
  if (path === '-') return 'stdin';
  const below = relative(process.cwd(), path);
  return below === '' || below.startsWith('..') ? path : below;
}
