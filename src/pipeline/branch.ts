import type { Rejected } from '../core/dead-letter.ts';
import type { AuditEvent } from '../core/event.ts';
import type { Batching } from '../delivery/batching.ts';
import type { Ledger } from './books.ts';
import type { Stage } from './stage.ts';

/** The way from the fan-out to one sink: the sink's own transforms, and its delivery. */
export interface Branch {
  readonly ledger: Ledger;
  readonly stages: readonly Stage[];
  readonly delivery: Batching;
}

/** What all branches together refuse of a batch. */
export interface Refusals {
  /** By a branch's own transforms. */
  readonly rejected: Rejected[];
  /** Not whole: the same event is the same refusal, whichever branch meets it. */
  readonly broken: Set<AuditEvent>;
}

/**
 * Applies the branch's transforms from number `from` on and checks that what remains is whole. Returns the events to
 * deliver, and how many are refused.
 */
export function sortEvents(
  events: readonly AuditEvent[],
  { branch, from, refusals }: { readonly branch: Branch; readonly from: number; readonly refusals: Refusals },
): { readonly events: readonly AuditEvent[]; readonly refused: number } {
  const { stages } = branch;
  const before = refusals.rejected.length;
  let passed = events;
  for (let i = from; i < stages.length && passed.length > 0; i++) {
    passed = (stages[i] as Stage).apply(passed, refusals.rejected);
  }
  const whole = wholeOnes(passed, refusals.broken);
  return { events: whole, refused: refusals.rejected.length - before + passed.length - whole.length };
}

/** The events that are whole; the same array if all are. */
function wholeOnes(events: readonly AuditEvent[], broken: Set<AuditEvent>): readonly AuditEvent[] {
  let whole: AuditEvent[] | undefined;
  for (let i = 0; i < events.length; i++) {
    const event = events[i] as AuditEvent;
    if (event.check() === undefined) {
      if (whole !== undefined) whole.push(event);
      continue;
    }
    whole ??= events.slice(0, i);
    broken.add(event);
  }
  return whole ?? events;
}
