import type { AuditEvent } from './event.ts';

/**
 * Tells a source what became of a batch. Without an argument: every event is safe. With an error: offer the batch
 * again later. A second call is ignored and counted.
 */
export type Ack = (error?: Error) => void;

/**
 * The unit that flows and is confirmed. A source makes the ack, the pipeline calls it exactly once, and neither
 * transforms nor sinks ever see it.
 */
export interface Batch {
  readonly events: readonly AuditEvent[];
  readonly ack: Ack;
  /** The source reads on only when one of its batches is acknowledged: nothing may wait for a fuller write now. */
  readonly full?: boolean;
}

/** The bytes of all events together. */
export function bytesOf(events: readonly AuditEvent[]): number {
  let bytes = 0;
  for (const event of events) bytes += event.size;
  return bytes;
}
