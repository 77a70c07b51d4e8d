import { Readable } from 'node:stream';
import { pipeline as chain } from 'node:stream/promises';
import { unlessAborted } from '../core/abort.ts';
import { type Batch, bytesOf } from '../core/batch.ts';
import { type Clock, systemClock } from '../core/clock.ts';
import type { Progress } from '../core/component.ts';
import type { DeadLetter, Rejected } from '../core/dead-letter.ts';
import { KauditError, messageOf } from '../core/errors.ts';
import type { Log } from '../core/log.ts';
import type { Undelivered } from '../delivery/dead-letter.ts';
import { Books, countDeadLettered, type SinkBooks } from './books.ts';
import { errorOf } from './failure.ts';
import { fanOut } from './fan-out.ts';
import { OpenBatches } from './open-batches.ts';
import { closeParts, createParts, openParts } from './parts.ts';
import type { PipelinePlan } from './plan.ts';
import { stageStream } from './stage-stream.ts';
import { tickEvery } from './ticker.ts';
import { branchesOf, sharedStages } from './wiring.ts';

const TICK_MS = 1000;
/** How long closing may take at least after the deliveries were aborted. */
const CLOSE_MS = 1000;

export interface PipelineEnv {
  /** Under it, each component has a folder of its own. */
  readonly dataDir: string;
  readonly log: Log;
  /** Belongs to the caller, who closes it. */
  readonly deadLetter: DeadLetter;
  /** What becomes of events whose retry time is over: kept in the dead letter (default), or the pipeline fails. */
  readonly undelivered?: Undelivered;
  readonly clock?: Clock;
  readonly random?: () => number;
}

/** A plan at work, once. */
export interface Pipeline {
  readonly name: string;
  readonly sinks: readonly string[];
  /** Opens sinks, transforms and source. If one fails, or `stop` comes first, closes all of them and rejects. */
  start(): Promise<void>;
  /**
   * Resolves when the input ended or was stopped, everything read is safe, and all parts are closed. Rejects with the
   * error that failed the pipeline; what was not safe is then nacked.
   */
  readonly done: Promise<void>;
  /**
   * Stops reading, gives what is in flight 3/4 of the time to get safe, then aborts it and closes. Resolves with whether
   * all that was read is safe and all parts closed in time. May be called again with less time.
   */
  stop(graceMs: number): Promise<boolean>;
  books(sink: string): SinkBooks;
  /** How much of the input was read, if the source can tell. */
  progress(): Progress | undefined;
}

export function createPipeline(plan: PipelinePlan, env: PipelineEnv): Pipeline {
  const { log, deadLetter, clock = systemClock } = env;
  const parts = createParts(plan, env);
  const books = new Books(plan.sinks.map(({ name }) => name));
  const open = new OpenBatches();
  const stopReading = new AbortController();
  const abandon = new AbortController();
  const ended = Promise.withResolvers<void>();
  ended.promise.catch(() => {});
  let readFailure: { readonly error: unknown } | undefined;
  let started = false;
  let unsafe = false;

  const keep = (rejected: readonly Rejected[]) => unlessAborted(deadLetter.keep(rejected), abandon.signal);
  const keepShared = async (rejected: readonly Rejected[]) => {
    await keep(rejected);
    countDeadLettered(books.shared.counts, rejected.length);
  };

  const wiring = { ...env, plan, parts, books };
  const stages = sharedStages(wiring).map((stage) => stageStream(stage, keepShared));
  const end = fanOut({
    branches: branchesOf(wiring),
    shared: books.shared.counts,
    keep,
    abort: abandon.signal,
  });

  /** An input that breaks ends like any other: what was read before is still delivered. */
  async function* entering(): AsyncGenerator<Batch> {
    try {
      for await (const batch of parts.source.batches(stopReading.signal)) {
        books.shared.counts.read += batch.events.length;
        books.shared.counts.buffered += batch.events.length;
        books.shared.bytesRead += bytesOf(batch.events);
        yield open.enter(batch);
      }
    } catch (error) {
      if (!stopReading.signal.aborted) readFailure = { error };
    }
  }

  const run = async () => {
    const streams = [
      Readable.from(entering(), { highWaterMark: 1 }),
      ...stages.map(({ stream }) => stream),
      end.stream,
    ];
    // A chain that fails waits for its source, and the source for this signal.
    for (const stream of streams) stream.once('error', fail);
    const stopTicking = tickEvery(TICK_MS, {
      clock,
      action: () => {
        for (const { tick } of [...stages, end]) tick();
      },
      onError: (error) => end.stream.destroy(errorOf(error)),
    });
    try {
      await chain(streams);
    } catch (error) {
      unsafe = true;
      fail(error);
      throw error;
    } finally {
      stopTicking();
      open.nackAll(new KauditError('pipeline', `pipeline ${plan.name} ended before this was delivered`));
    }
    if (readFailure !== undefined) throw readFailure.error;
  };

  const fail = (error: unknown) => {
    stopReading.abort(error);
    abandon.abort(error);
  };

  const close = async (failure?: unknown) => {
    try {
      await closeParts(parts);
    } catch (error) {
      if (failure === undefined) {
        unsafe = true;
        throw error;
      }
      log.warn(`pipeline ${plan.name}: closing failed too: ${messageOf(error)}`);
    }
    if (failure !== undefined) throw failure;
  };

  return {
    name: plan.name,
    sinks: plan.sinks.map(({ name }) => name),
    done: ended.promise,
    async start() {
      started = true;
      try {
        await openParts(parts, stopReading.signal);
        if (stopReading.signal.aborted) throw new KauditError('pipeline', `pipeline ${plan.name} was stopped`);
      } catch (error) {
        const failed = close(error);
        failed.catch(ended.reject);
        return failed;
      }
      run().then(close, close).then(ended.resolve, ended.reject);
    },
    async stop(graceMs) {
      stopReading.abort();
      if (!started) ended.resolve();
      const patienceMs = graceMs * 0.75;
      const error = new KauditError('pipeline', `pipeline ${plan.name} was stopped before everything was delivered`);
      const cancelAbort = clock.after(patienceMs, () => abandon.abort(error));
      const inTime = Promise.withResolvers<boolean>();
      const settled = () => inTime.resolve(true);
      ended.promise.then(settled, settled);
      const overdueMs = patienceMs + Math.max(graceMs - patienceMs, CLOSE_MS);
      const cancelWait = clock.after(overdueMs, () => inTime.resolve(false));
      const safe = (await inTime.promise) && open.allSafe && !unsafe;
      cancelAbort();
      cancelWait();
      return safe;
    },
    books: (sink) => books.of(sink),
    progress: () => parts.source.progress?.(),
  };
}
