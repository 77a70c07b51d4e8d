import { z } from 'zod';
import { eventOf } from '../../src/audit/bytes-event.ts';
import type { ComponentSpec, DropReason, Instances, Kind, Sink, Source, Transform } from '../../src/core/component.ts';
import { createPipeline, type PipelineEnv } from '../../src/pipeline/pipeline.ts';
import type { Configured, DeliveryPlan, PipelinePlan } from '../../src/pipeline/plan.ts';
import { eventText, idOf, ManualClock, memoryDeadLetter, recordingLog } from './testing.ts';

/** A component of a plan that gives out the instances of `create` in turn; a single instance again and again. */
export function planned<K extends Kind>(
  kind: K,
  name: string,
  create: Instances[K] | (() => Instances[K]),
  drops?: DropReason,
): Configured<K> {
  const spec: ComponentSpec<K> = {
    kind,
    type: name,
    summary: 'for tests',
    config: z.strictObject({}),
    example: `type: ${name}\n`,
    ...(drops === undefined ? {} : { drops }),
    create: () => (typeof create === 'function' ? create() : create),
  };
  return { name, spec, config: {} };
}

const testDelivery: DeliveryPlan = {
  batch: { maxEvents: 1000, maxBytes: 4 * 1024 * 1024, maxWaitMs: 0 },
  timeoutMs: 30_000,
  retry: { maxElapsedMs: undefined },
};

export interface PlanParts {
  readonly source: Source | (() => Source);
  readonly transforms?: readonly Configured<'transform'>[];
  readonly sinks: Readonly<Record<string, PlannedSink>>;
}

interface PlannedSink {
  readonly sink: Sink | (() => Sink);
  readonly transforms?: readonly Configured<'transform'>[];
  readonly delivery?: Partial<DeliveryPlan>;
}

export function planOf({ source, transforms = [], sinks }: PlanParts): PipelinePlan {
  return {
    name: 'test',
    source: planned('source', 'memory', source),
    transforms,
    sinks: Object.entries(sinks).map(([name, { sink, transforms = [], delivery }]) => ({
      ...planned('sink', name, sink),
      transforms,
      delivery: { ...testDelivery, ...delivery },
    })),
    maxEventBytes: 16 * 1024 * 1024,
  };
}

/** A transform that does this to each id: keep, drop, split into that many, or refuse. */
export function transformBy(decide: (id: string) => 'keep' | 'drop' | 'refuse' | number): Transform {
  return {
    apply(event) {
      const id = idOf(event);
      const decision = decide(id);
      if (decision === 'keep') return event;
      if (decision === 'drop') return undefined;
      if (decision === 'refuse') throw new Error(`cannot read ${id}`);
      return Array.from({ length: decision }, (_, part) => eventOf(eventText(`${id}.${part}`)));
    },
  };
}

/** A pipeline that runs this plan in a world of its own. */
export function pipelineOf(plan: PipelinePlan, env: Partial<PipelineEnv> & { readonly clock?: ManualClock } = {}) {
  const { clock = new ManualClock() } = env;
  const log = recordingLog();
  const deadLetter = memoryDeadLetter();
  const pipeline = createPipeline(plan, { dataDir: '/data', log, deadLetter, random: () => 1, ...env, clock });
  return { pipeline, clock, log, deadLetter };
}
