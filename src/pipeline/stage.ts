import type { DropReason, Transform } from '../core/component.ts';
import type { Counts } from '../core/counts.ts';
import type { Rejected } from '../core/dead-letter.ts';
import { EventError, KauditError, messageOf } from '../core/errors.ts';
import type { AuditEvent } from '../core/event.ts';

export interface StageOptions {
  readonly transform: Transform;
  /** As it appears in the dead letter: `parse`, or `sinks.admins.forbidden` for a sink's own transform. */
  readonly component: string;
  readonly drops?: DropReason | undefined;
  readonly counts: Counts;
}

/** A transform applied to whole batches, with its drops and splits counted. */
export class Stage {
  private readonly transform: Transform;
  private readonly component: string;
  private readonly drops: DropReason;
  private readonly counts: Counts;

  constructor({ transform, component, drops = 'filtered', counts }: StageOptions) {
    this.transform = transform;
    this.component = component;
    this.drops = drops;
    this.counts = counts;
  }

  /**
   * What the transform makes of the events: the same array if nothing changed. Events that it refuses are added to
   * `rejected`; they stay counted as buffered until the caller has put them into the dead letter.
   */
  apply(events: readonly AuditEvent[], rejected: Rejected[]): readonly AuditEvent[] {
    let kept: AuditEvent[] | undefined;
    let dropped = 0;
    for (let i = 0; i < events.length; i++) {
      const event = events[i] as AuditEvent;
      let result: ReturnType<Transform['apply']>;
      try {
        result = this.transform.apply(event);
      } catch (thrown) {
        kept ??= events.slice(0, i);
        rejected.push({ event, component: this.component, error: this.errorOf(thrown) });
        continue;
      }
      if (result === event) {
        if (kept !== undefined) kept.push(event);
        continue;
      }
      kept ??= events.slice(0, i);
      if (result === undefined) dropped++;
      else if (isEvent(result)) kept.push(result);
      else this.addParts(result, kept, rejected);
    }
    if (dropped > 0) {
      this.counts[this.drops] += dropped;
      this.counts.buffered -= dropped;
    }
    return kept ?? events;
  }

  /** Events of the transform's own making. */
  flush(reason: 'tick' | 'stop'): readonly AuditEvent[] {
    const events = this.transform.flush?.(reason) ?? [];
    this.counts.made += events.length;
    this.counts.buffered += events.length;
    return events;
  }

  private addParts(parts: readonly AuditEvent[], kept: AuditEvent[], rejected: Rejected[]): void {
    if (parts.length === 0) {
      this.counts.filtered++;
      this.counts.buffered--;
      return;
    }
    this.counts.made += parts.length - 1;
    this.counts.buffered += parts.length - 1;
    for (const event of parts) {
      if (event.fault === undefined) kept.push(event);
      else rejected.push({ event, component: this.component, error: event.fault });
    }
  }

  private errorOf(thrown: unknown): KauditError {
    if (thrown instanceof KauditError) return thrown;
    return new EventError('transform', `${this.component} failed on this event: ${messageOf(thrown)}`, {
      cause: thrown,
    });
  }
}

function isEvent(result: AuditEvent | readonly AuditEvent[]): result is AuditEvent {
  return !Array.isArray(result);
}
