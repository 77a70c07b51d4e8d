import type { KauditError } from './errors.ts';
import type { AuditEvent } from './event.ts';

/** An event that was refused for its content. */
export interface Rejected {
  readonly event: AuditEvent;
  /** Who refused it, `parse` or `sinks.archive`. */
  readonly component: string;
  readonly error: KauditError;
}

/** Keeps refused events. `keep` resolves when they are on disk, and is called before their batch is acknowledged. */
export interface DeadLetter {
  keep(rejected: readonly Rejected[]): Promise<void>;
  close(): Promise<void>;
}
