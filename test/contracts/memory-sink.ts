import { type Clock, sleep } from '../../src/core/clock.ts';
import type { Sink } from '../../src/core/component.ts';
import { type Failure, SinkError } from '../../src/core/errors.ts';
import type { AuditEvent } from '../../src/core/event.ts';
import { idOf } from './testing.ts';

/** What a sink does with one call of `write`. */
export interface Answer {
  readonly delayMs?: number;
  /** The whole write fails. */
  readonly failure?: Error;
  /** These positions of the write fail and may be retried, the others are delivered. */
  readonly failed?: readonly number[];
  /** Never settles, whatever the abort signal says. */
  readonly hangs?: boolean;
}

export interface MemorySinkOptions {
  readonly clock?: Clock;
  /** For the first call, the second and so on; after them all calls succeed at once. */
  readonly answers?: readonly Answer[];
  /** Ids of events whose content the destination refuses. */
  readonly refuses?: ReadonlySet<string>;
  /** A refusal names the events (`each`), or the whole write is refused with nothing delivered (`whole`). */
  readonly refusal?: 'each' | 'whole';
  readonly openFailure?: Error;
  readonly closeFailure?: Error;
}

export interface MemorySink extends Sink {
  /** Ids in the order in which they were delivered. */
  readonly delivered: string[];
  /** The ids of each call of `write`. */
  readonly writes: string[][];
  /** `open`, `write`, `close` in the order of the calls. */
  readonly calls: string[];
  /** Whether two writes were ever under way at once. */
  readonly overlapped: () => boolean;
}

export function memorySink(options: MemorySinkOptions = {}): MemorySink {
  const { clock, answers = [], refuses = new Set(), refusal = 'each', openFailure, closeFailure } = options;
  const delivered: string[] = [];
  const writes: string[][] = [];
  const calls: string[] = [];
  let active = 0;
  let overlapped = false;

  const take = (events: readonly AuditEvent[], failed: readonly number[]) => {
    const failures: Failure[] = [];
    const taken: string[] = [];
    for (const [index, event] of events.entries()) {
      const id = idOf(event);
      if (refuses.has(id)) failures.push({ index, retryable: false, message: `no ${id} here` });
      else if (failed.includes(index)) failures.push({ index, retryable: true, message: 'busy' });
      else taken.push(id);
    }
    if (refusal === 'whole' && failures.some(({ retryable }) => !retryable)) {
      throw new SinkError('the destination refused the write', { retryable: false });
    }
    delivered.push(...taken);
    if (failures.length > 0) throw new SinkError('a part failed', { failed: failures });
  };

  return {
    delivered,
    writes,
    calls,
    overlapped: () => overlapped,
    async open() {
      calls.push('open');
      if (openFailure !== undefined) throw openFailure;
    },
    async write(events, abort) {
      const answer = answers[writes.length] ?? {};
      calls.push('write');
      writes.push(events.map(idOf));
      if (answer.hangs === true) return new Promise(() => {});
      overlapped ||= active > 0;
      active++;
      try {
        if (clock !== undefined && answer.delayMs !== undefined) await sleep(clock, answer.delayMs, abort);
        if (abort.aborted) throw new SinkError('told to stop', { cause: abort.reason });
        if (answer.failure !== undefined) throw answer.failure;
        take(events, answer.failed ?? []);
      } finally {
        active--;
      }
    },
    async close() {
      calls.push('close');
      if (closeFailure !== undefined) throw closeFailure;
    },
  };
}
