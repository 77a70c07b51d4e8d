import type { ComponentSpec, Kind } from '../core/component.ts';

/** A component and its checked configuration. */
export interface Configured<K extends Kind> {
  /** Unique within its pipeline; the component's type unless the user named it. */
  readonly name: string;
  readonly spec: ComponentSpec<K>;
  /** What `spec.config` made of the user's text. */
  readonly config: unknown;
}

/** How a sink's writes are grouped, limited and repeated. */
export interface DeliveryPlan {
  readonly batch: { readonly maxEvents: number; readonly maxBytes: number; readonly maxWaitMs: number };
  readonly timeoutMs: number;
  /** `undefined`: for ever. 0: never. */
  readonly retry: { readonly maxElapsedMs: number | undefined };
}

export interface SinkPlan extends Configured<'sink'> {
  /** Applied to this sink's events only. */
  readonly transforms: readonly Configured<'transform'>[];
  readonly delivery: DeliveryPlan;
}

/** A pipeline file, resolved: plain data, nothing started. */
export interface PipelinePlan {
  readonly name: string;
  readonly source: Configured<'source'>;
  /** Begins with parse. */
  readonly transforms: readonly Configured<'transform'>[];
  readonly sinks: readonly SinkPlan[];
  /** Limit of one event, in bytes, from the parse transform; the source's framer holds it. */
  readonly maxEventBytes: number;
}
