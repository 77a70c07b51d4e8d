import type { z } from 'zod';
import type { Batch } from './batch.ts';
import type { AuditEvent } from './event.ts';
import type { Log } from './log.ts';

/**
 * Where events come from. `open` is called after every sink and transform is open; `close` after the last ack, also
 * without `open` and twice.
 */
export interface Source {
  /** Checks and acquires what is needed; failing here stops the start. */
  open?(): Promise<void>;
  /**
   * Yields batches until the input ends or `stop` aborts, and settles within 100 ms of the abort. Waits while too much
   * is unacknowledged. Throws when reading is no longer possible.
   */
  batches(stop: AbortSignal): AsyncIterable<Batch>;
  close?(): Promise<void>;
  /** How much of the input has been read so far. */
  progress?(): Progress;
}

export interface Progress {
  /** Bytes read, as they lie in the input (compressed ones where it is compressed). */
  readonly bytes: number;
  /** Bytes there are in all; `undefined` for a pipe. */
  readonly total: number | undefined;
  /** Events that lost their bodies because they were larger than `maxEventBytes`. */
  readonly truncated: number;
}

/** Why events that a transform dropped are gone: the word under which they are counted. */
export type DropReason = 'filtered' | 'policyDropped' | 'deduplicated';

/** Looks at events one by one. Each pipeline has its own instance. */
export interface Transform {
  open?(): Promise<void>;
  close?(): Promise<void>;
  /**
   * The same event: pass it on; another: changed; several: split; `undefined`: drop. Synchronous, and pure but for
   * the transform's own state. A throw sends this one event to the dead letter.
   */
  apply(event: AuditEvent): AuditEvent | readonly AuditEvent[] | undefined;
  /** Events of the transform's own making, asked for once a second and before the end. */
  flush?(reason: 'tick' | 'stop'): readonly AuditEvent[];
}

/**
 * Where events go. Calls to `write` never overlap. A sink connects when needed and drops a broken connection; it does
 * not retry, buffer, batch, time out, count or log: the delivery chain around it does.
 */
export interface Sink {
  open?(): Promise<void>;
  /** Resolves when the destination confirmed all of them; rejects with a SinkError. Ends early when `abort` fires. */
  write(events: readonly AuditEvent[], abort: AbortSignal): Promise<void>;
  close?(): Promise<void>;
}

export type Kind = 'source' | 'transform' | 'sink';

export interface Instances {
  source: Source;
  transform: Transform;
  sink: Sink;
}

/** What a component may know of the process around it. */
export interface ComponentContext {
  /** Name of the pipeline. */
  readonly pipeline: string;
  /** Where this component may keep state; the folder is not made until it is needed. */
  readonly dataDir: string;
  /** Limit of one event, in bytes: the `maxEventBytes` of the pipeline's parse transform. */
  readonly maxEventBytes: number;
  readonly log: Log;
}

/** Everything about a component, in its one file. */
export interface ComponentSpec<K extends Kind = Kind, S extends z.ZodType = z.ZodType> {
  readonly kind: K;
  /** The word users write: `type: tail`. */
  readonly type: string;
  /** One sentence, no full stop. */
  readonly summary: string;
  /** Strict: unknown keys are refused. Every field has a description, and a default where there can be one. */
  readonly config: S;
  /** A component in YAML, ready to be put into a pipeline file. */
  readonly example: string;
  /** Sources only: the input can be read once, so that nothing is gained by starting again after a failure. */
  readonly once?: boolean;
  /** Transforms only: what a dropped event is counted as (default `filtered`). */
  readonly drops?: DropReason;
  /** The files that a source reads or a sink writes, `/dev/stdin` and `/dev/stdout` among them. */
  files?(config: z.output<S>): readonly string[];
  /** The rule that this configuration means, in a few words for a summary; absent where there is none. */
  describe?(config: z.output<S>): string;
  /** Makes an instance; touches neither files nor network. */
  create(config: z.output<S>, context: ComponentContext): Instances[K];
}

/** Types the parts of a spec against each other; returns it as it is. */
export function defineComponent<K extends Kind, S extends z.ZodType>(spec: ComponentSpec<K, S>): ComponentSpec<K, S> {
  return spec;
}
