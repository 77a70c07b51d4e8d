import { type Clock, sleep, systemClock } from '../core/clock.ts';
import type { Progress } from '../core/component.ts';
import { addCounts, emptyCounts } from '../core/counts.ts';
import type { DeadLetter } from '../core/dead-letter.ts';
import { KauditError, messageOf, OutputClosedError } from '../core/errors.ts';
import { formatDuration } from '../core/units.ts';
import type { SinkBooks } from './books.ts';
import { createPipeline, type Pipeline, type PipelineEnv } from './pipeline.ts';
import type { PipelinePlan } from './plan.ts';

const FIRST_RESTART_MS = 1000;
const LAST_RESTART_MS = 30_000;

export interface SupervisorEnv extends Omit<PipelineEnv, 'deadLetter'> {
  /** Asked once for each pipeline; closed with it. */
  readonly deadLetterFor: (plan: PipelinePlan) => DeadLetter;
  /** Whether a pipeline that fails is started again, after 1 s and then ever later up to 30 s; the default. */
  readonly restart?: boolean;
}

export interface PipelineStatus {
  readonly name: string;
  /** waiting: failed, and about to be started again. */
  readonly state: 'running' | 'waiting' | 'ended' | 'failed';
  /** Over all runs; events that a failed run did not deliver are read again, and then counted again. */
  readonly sinks: ReadonlyMap<string, SinkBooks>;
  readonly progress: Progress | undefined;
}

/** Runs the pipelines of a process. */
export interface Supervisor {
  /** Starts a pipeline for each plan. If one cannot start, stops them all and rejects. Called once. */
  apply(plans: readonly PipelinePlan[]): Promise<void>;
  /** Resolves when every pipeline has ended; rejects with the first error that failed one for good. */
  readonly done: Promise<void>;
  /** Stops every pipeline; resolves with whether all was safe. May be called again with less time. */
  stop(graceMs: number): Promise<boolean>;
  status(): readonly PipelineStatus[];
}

export function createSupervisor(env: SupervisorEnv): Supervisor {
  const finished = Promise.withResolvers<void>();
  finished.promise.catch(() => {});
  let runs: readonly Run[] = [];
  return {
    done: finished.promise,
    async apply(plans) {
      if (runs.length > 0) throw new KauditError('pipeline', 'pipelines are running already, stop them first');
      runs = plans.map((plan) => new Run(plan, env));
      const started = await Promise.allSettled(runs.map((run) => run.start()));
      const failure = started.find((outcome) => outcome.status === 'rejected');
      if (failure !== undefined) await Promise.all(runs.map((run) => run.stop(0)));
      void settle(runs.map((run) => run.done)).then(finished.resolve, finished.reject);
      if (failure !== undefined) throw failure.reason;
    },
    async stop(graceMs) {
      const safe = await Promise.all(runs.map((run) => run.stop(graceMs)));
      return safe.every(Boolean);
    },
    status: () => runs.map((run) => run.status()),
  };
}

/** Waits for all, also when one rejects. */
async function settle(ends: readonly Promise<void>[]): Promise<void> {
  await Promise.allSettled(ends);
  await Promise.all(ends);
}

/** One plan, for as long as it is wanted: a pipeline, and another one after each failure. */
class Run {
  readonly done: Promise<void>;
  private readonly plan: PipelinePlan;
  private readonly env: SupervisorEnv;
  private readonly clock: Clock;
  private readonly deadLetter: DeadLetter;
  private readonly stopping = new AbortController();
  private readonly ended = Promise.withResolvers<void>();
  private readonly earlier = new Map<string, SinkBooks>();
  private pipeline: Pipeline;
  private state: PipelineStatus['state'] = 'running';

  constructor(plan: PipelinePlan, env: SupervisorEnv) {
    this.plan = plan;
    this.env = env;
    this.clock = env.clock ?? systemClock;
    this.deadLetter = env.deadLetterFor(plan);
    this.pipeline = this.create();
    this.done = this.ended.promise;
    this.done.catch(() => {});
  }

  async start(): Promise<void> {
    try {
      await this.pipeline.start();
    } catch (error) {
      await this.end('failed', error);
      throw error;
    }
    void this.follow();
  }

  async stop(graceMs: number): Promise<boolean> {
    this.stopping.abort();
    const safe = await this.pipeline.stop(graceMs);
    await this.deadLetter.close();
    return safe;
  }

  status(): PipelineStatus {
    const sinks = new Map(this.pipeline.sinks.map((name) => [name, this.books(name)]));
    return { name: this.plan.name, state: this.state, sinks, progress: this.pipeline.progress() };
  }

  private create(): Pipeline {
    return createPipeline(this.plan, { ...this.env, deadLetter: this.deadLetter });
  }

  /** Waits for the pipeline's end, and starts another one if it failed. */
  private async follow(): Promise<void> {
    for (let attempt = 0; ; attempt++) {
      const startedAt = this.clock.now();
      try {
        await this.pipeline.done;
        return await this.end('ended');
      } catch (error) {
        if (this.isFinal(error)) return await this.end('failed', error);
        if (this.clock.now() - startedAt > LAST_RESTART_MS) attempt = 0;
        await this.restart(error, attempt);
        if (this.stopping.signal.aborted && this.state === 'waiting') return await this.end('failed', error);
      }
    }
  }

  private isFinal(error: unknown): boolean {
    const { env, plan, stopping } = this;
    if (env.restart === false || plan.source.spec.once === true) return true;
    return stopping.signal.aborted || error instanceof OutputClosedError;
  }

  private async restart(error: unknown, attempt: number): Promise<void> {
    const waitMs = Math.min(LAST_RESTART_MS, FIRST_RESTART_MS * 2 ** Math.min(attempt, 10));
    const { log } = this.env;
    log.error(`pipeline ${this.plan.name} failed: ${messageOf(error)}; starting again in ${formatDuration(waitMs)}`);
    this.state = 'waiting';
    await sleep(this.clock, waitMs, this.stopping.signal);
    if (this.stopping.signal.aborted) return;
    for (const name of this.pipeline.sinks) this.earlier.set(name, withoutBuffered(this.books(name)));
    this.pipeline = this.create();
    this.state = 'running';
    // A start that fails rejects `done` as well, and is met there.
    await this.pipeline.start().catch(() => {});
  }

  private async end(state: 'ended' | 'failed', error?: unknown): Promise<void> {
    this.state = state;
    await this.deadLetter.close();
    if (state === 'ended') this.ended.resolve();
    else this.ended.reject(error);
  }

  private books(name: string): SinkBooks {
    return addBooks(this.earlier.get(name) ?? NOTHING, this.pipeline.books(name));
  }
}

const NOTHING: SinkBooks = { ...emptyCounts(), bytesRead: 0, bytesDelivered: 0 };

function addBooks(first: SinkBooks, second: SinkBooks): SinkBooks {
  return {
    ...addCounts(first, second),
    bytesRead: first.bytesRead + second.bytesRead,
    bytesDelivered: first.bytesDelivered + second.bytesDelivered,
  };
}

/** What a failed run had not delivered counts as never read: the next run reads it. */
function withoutBuffered(books: SinkBooks): SinkBooks {
  return { ...books, read: books.read - books.buffered, buffered: 0 };
}
