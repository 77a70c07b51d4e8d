import { join } from 'node:path';
import type { ComponentContext, Instances, Kind, Sink, Source, Transform } from '../core/component.ts';
import type { Log } from '../core/log.ts';
import type { Configured, PipelinePlan } from './plan.ts';

/** The instances of a plan's components, in the order of the plan. */
export interface Parts {
  readonly source: Source;
  readonly transforms: readonly Transform[];
  readonly sinks: readonly { readonly sink: Sink; readonly transforms: readonly Transform[] }[];
}

/** Makes an instance of every component; opens nothing. */
export function createParts(plan: PipelinePlan, { dataDir, log }: { dataDir: string; log: Log }): Parts {
  const make = <K extends Kind>({ name, spec, config }: Configured<K>, place: string): Instances[K] => {
    const context: ComponentContext = {
      pipeline: plan.name,
      dataDir: join(dataDir, plan.name, place, name),
      maxEventBytes: plan.maxEventBytes,
      log,
    };
    return spec.create(config, context);
  };
  return {
    source: make(plan.source, 'source'),
    transforms: plan.transforms.map((transform) => make(transform, 'transforms')),
    sinks: plan.sinks.map((sink) => ({
      sink: make(sink, 'sinks'),
      transforms: sink.transforms.map((transform) => make(transform, join('sinks', sink.name, 'transforms'))),
    })),
  };
}

/** Opens the sinks first and the source last, one after the other, until `stop` aborts. Rejects at the first failure. */
export async function openParts(parts: Parts, stop: AbortSignal): Promise<void> {
  for (const part of inOpeningOrder(parts)) {
    if (stop.aborted) return;
    await part.open?.();
  }
}

/** Closes every part, opened or not, the source first and the sinks last; rejects with the first error afterwards. */
export async function closeParts(parts: Parts): Promise<void> {
  let failure: { readonly error: unknown } | undefined;
  for (const part of inOpeningOrder(parts).reverse()) {
    try {
      await part.close?.();
    } catch (error) {
      failure ??= { error };
    }
  }
  if (failure !== undefined) throw failure.error;
}

function inOpeningOrder({ source, transforms, sinks }: Parts): (Source | Transform | Sink)[] {
  return [...sinks.map(({ sink }) => sink), ...sinks.flatMap((sink) => sink.transforms), ...transforms, source];
}
