import type { AckWindow } from '../../core/ack-window.ts';
import type { Batch } from '../../core/batch.ts';
import { CHUNK_BYTES, type ChunkPool } from '../../core/chunk-pool.ts';
import { Framer } from '../../formats/framer.ts';
import { type ByteReader, READ_ROOM } from './reader.ts';

/** What the inputs of a source share. */
export interface Shared {
  readonly window: AckWindow<void>;
  readonly pool: ChunkPool;
  readonly maxEventBytes: number;
  /** Counts events that lost their bodies. */
  truncated: number;
}

/**
 * Reads one input to its end and yields its records in batches, a batch for each chunk that was read. A record that
 * does not end in its chunk is carried over to the front of the next one; a chunk grows for a record that does not
 * fit, up to `maxEventBytes`. An input that cannot be read further gives its last record as if it ended there, torn,
 * and only then the error.
 */
export async function* framedBatches(
  { reader, name }: { readonly reader: ByteReader; readonly name: string },
  shared: Shared,
  stop: AbortSignal,
): AsyncGenerator<Batch> {
  const { window, pool, maxEventBytes } = shared;
  const framer = new Framer(name, { maxEventBytes });
  let chunk = pool.take();
  let release = sharedRelease(pool, chunk);
  let from = 0;
  let filled = 0;
  let more = false;
  let failure: { readonly error: unknown } | undefined;
  const fail = (error: unknown) => {
    failure = { error };
    return 0;
  };
  for (;;) {
    await window.room(1, stop);
    const bytes = stop.aborted || more || failure ? 0 : await reader.read(chunk, filled).catch(fail);
    if (stop.aborted) return;
    filled += bytes;
    const last = bytes === 0 && !more;
    const truncated = framer.truncated;
    const { events, rest, ...found } = framer.frame(chunk, from, filled, { last });
    more = found.more;
    shared.truncated += framer.truncated - truncated;
    if (more) {
      const ack = window.add(undefined, rest - from, release.another());
      from = rest;
      yield { events, ack, full: window.full };
      continue;
    }
    if (events.length === 0 && rest === 0 && chunk.length - filled >= READ_ROOM && !last) continue;

    const read = chunk;
    const size = filled;
    const done = release.last;
    const begin = from;
    if (!last) {
      filled -= rest;
      chunk = pool.take(filled + READ_ROOM <= CHUNK_BYTES / 2 ? CHUNK_BYTES : 2 * filled + CHUNK_BYTES);
      read.copy(chunk, 0, rest, size);
      release = sharedRelease(pool, chunk);
      from = 0;
    }
    if (events.length === 0) {
      done();
    } else {
      const ack = window.add(undefined, size - begin, done);
      yield { events, ack, full: window.full };
    }
    if (!last) continue;
    if (failure !== undefined) throw failure.error;
    return;
  }
}

/** Gives a chunk back once for several batches: when the one that is read last, and each of the others, let go of it. */
function sharedRelease(pool: ChunkPool, chunk: Buffer) {
  let users = 1;
  const last = () => {
    if (--users === 0) pool.give(chunk);
  };
  const another = () => {
    users++;
    return last;
  };
  return { last, another };
}
