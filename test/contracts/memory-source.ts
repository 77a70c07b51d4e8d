import { eventOver } from '../../src/audit/bytes-event.ts';
import { unlessAborted } from '../../src/core/abort.ts';
import { AckWindow, type AckWindowOptions } from '../../src/core/ack-window.ts';
import type { Batch } from '../../src/core/batch.ts';
import { ChunkPool } from '../../src/core/chunk-pool.ts';
import { type Clock, sleep } from '../../src/core/clock.ts';
import type { Source } from '../../src/core/component.ts';

export interface MemorySourceOptions extends Pick<AckWindowOptions<number>, 'maxBatches' | 'maxBytes'> {
  readonly clock?: Clock;
  /** How long to wait before each batch. */
  readonly delayMs?: number;
  /** Thrown after the last batch. */
  readonly failure?: Error;
  /** Stays open after the last batch, until it is told to stop. */
  readonly endless?: boolean;
  readonly openFailure?: Error;
  /** Called at each ack, before the chunk is overwritten. */
  readonly onAnswer?: (batch: number, error: Error | undefined) => void;
}

export interface MemorySource extends Source {
  /** The answer to each batch, in the order of the answers: its number, and whether it was good. */
  readonly answers: { readonly batch: number; readonly good: boolean }[];
  /** How many batches the position has passed. */
  readonly position: () => number;
  readonly calls: string[];
}

/** Offers batches of records, cut from chunks that are overwritten when they come back. */
export function memorySource(batches: readonly (readonly string[])[], options: MemorySourceOptions = {}): MemorySource {
  const { clock, delayMs, failure, endless = false, openFailure, onAnswer, ...limits } = options;
  const answers: { batch: number; good: boolean }[] = [];
  const calls: string[] = [];
  let position = 0;
  const pool = new ChunkPool({ chunkBytes: 4096, poison: true });
  const window = new AckWindow<number>({
    ...limits,
    onAdvance: (to) => {
      position = to;
    },
  });

  const batchOf = (number: number, records: readonly string[]): Batch => {
    const bytes = Buffer.from(records.join('\n'));
    const chunk = pool.take(bytes.length);
    bytes.copy(chunk);
    let at = 0;
    const events = records.map((record, index) => {
      const start = at;
      at += Buffer.byteLength(record) + 1;
      return eventOver(chunk.subarray(start, at - 1), { source: 'memory', line: index + 1, offset: start });
    });
    const ack = window.add(number + 1, bytes.length, () => pool.give(chunk));
    return {
      events,
      full: window.full,
      ack(error) {
        answers.push({ batch: number, good: error === undefined });
        onAnswer?.(number, error);
        ack(error);
      },
    };
  };

  return {
    answers,
    calls,
    position: () => position,
    async open() {
      calls.push('open');
      if (openFailure !== undefined) throw openFailure;
    },
    async *batches(stop) {
      for (const [number, records] of batches.entries()) {
        if (clock !== undefined && delayMs !== undefined) await sleep(clock, delayMs, stop);
        await window.room(Buffer.byteLength(records.join('\n')), stop);
        if (stop.aborted) return;
        yield batchOf(number, records);
      }
      if (endless) await unlessAborted(new Promise(() => {}), stop).catch(() => {});
      if (failure !== undefined) throw failure;
    },
    async close() {
      calls.push('close');
    },
  };
}
