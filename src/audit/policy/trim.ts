import type { AuditEvent } from '../../core/event.ts';
import { BytesEvent, eventOf } from '../bytes-event.ts';
import { FIELD } from '../fields.ts';
import { BytesHead } from '../head.ts';
import { seek } from '../member-table.ts';
import { type Decision, LEVELS } from './policy.ts';
import { admissionCuts } from './trim/admission-cuts.ts';
import { type Keep, levelCuts } from './trim/level-cuts.ts';
import { mayHoldManagedFields } from './trim/managed-fields.ts';
import { METADATA, REQUEST, REQUEST_RESPONSE, rankOf } from './trim/ranks.ts';
import { TrimmedEvent } from './trim/trimmed-event.ts';
import { missing, UNRESTORED } from './trim/unrestored.ts';

export type Outcome = 'write' | 'drop-level' | 'drop-stage';

/** Whether kube-apiserver would have written this event, had it decided so about the request. */
export function outcomeOf(event: AuditEvent, { level, omitStages }: Decision): Outcome {
  if (level === 'None') return 'drop-level';
  const stage = omitStages.length === 0 ? undefined : event.head.stage;
  return stage !== undefined && omitStages.includes(stage) ? 'drop-stage' : 'write';
}

/**
 * What kube-apiserver would have written of an event that was recorded at a higher level; `undefined` where it would
 * have written nothing. Bytes are only cut out, and the level's value replaced. The same object if nothing changes,
 * labels included.
 *
 * A level is never raised: an event recorded below the decision's level keeps its own, and the label `policy.unrestored`
 * tells what it may lack. Of an AdmissionReview, which has no level, Metadata leaves neither `object`, `oldObject` nor
 * `options`, and any higher level all of them.
 *
 * Throws an EventError where the bytes are not JSON as far as it has to look; anything wrong behind that is told by
 * `check()`, which every event goes through before it is delivered.
 */
export function trim(event: AuditEvent, decision: Decision): AuditEvent | undefined {
  if (outcomeOf(event, decision) !== 'write') return undefined;
  const wanted = rankOf(decision.level) ?? METADATA;
  const { head } = event;
  if (head.kind === 'AdmissionReview') return trimReview(event, wanted, decision);

  const recorded = rankOf(head.level) ?? REQUEST_RESPONSE;
  const rest = recorded > wanted ? lowered(event, wanted, decision) : withoutManagedFields(event, recorded, decision);
  const lacks = missing(head, recorded, wanted);
  return lacks === '' || rest.labels[UNRESTORED] === lacks ? rest : rest.label({ [UNRESTORED]: lacks });
}

/** Always a change, unless the event does not say its level. */
function lowered(event: AuditEvent, rank: number, { omitManagedFields }: Decision): AuditEvent {
  const original = bytesOf(event);
  const { head } = original;
  const managedFields = !omitManagedFields;
  if (head instanceof BytesHead && seek(head, FIELD.level) > 0) {
    return new TrimmedEvent(original, { rank, level: LEVELS[rank], managedFields }, { labels: event.labels });
  }
  return cutNow(event, original, { rank, level: undefined, managedFields });
}

function withoutManagedFields(event: AuditEvent, recorded: number, { omitManagedFields }: Decision): AuditEvent {
  if (!omitManagedFields || recorded < REQUEST) return event;
  const original = bytesOf(event);
  if (!mayHoldManagedFields(original.raw)) return event;
  return cutNow(event, original, { rank: REQUEST_RESPONSE, level: undefined, managedFields: false });
}

function trimReview(event: AuditEvent, rank: number, { omitManagedFields }: Decision): AuditEvent {
  if (rank >= REQUEST && !omitManagedFields) return event;
  return cutNow(event, bytesOf(event), { rank, level: undefined, managedFields: !omitManagedFields });
}

/** Where only looking tells whether anything changes. What is not whole stays as it is: `check()` refuses it later. */
function cutNow(event: AuditEvent, original: BytesEvent, keep: Keep): AuditEvent {
  if (original.check() !== undefined) return event;
  const { head } = original;
  const edits = head instanceof BytesHead ? levelCuts(head, keep) : admissionCuts(original, keep);
  return edits.length === 0 ? event : new TrimmedEvent(original, keep, { labels: event.labels, edits });
}

function bytesOf(event: AuditEvent): BytesEvent {
  if (event instanceof BytesEvent) return event;
  return event instanceof TrimmedEvent ? event.content : eventOf(event.raw, event.origin);
}
