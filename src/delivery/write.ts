import type { AuditEvent } from '../core/event.ts';

/**
 * One step of the delivery chain: resolves when every event is safe at the sink or in the dead letter. From the retry
 * step outwards it rejects only when aborted, or when the configured retry time is over and nothing could be kept.
 */
export type Write = (events: readonly AuditEvent[], abort: AbortSignal) => Promise<void>;
