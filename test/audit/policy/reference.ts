import type { Decision } from '../../../src/audit/policy/policy.ts';

type Json = Record<string, unknown>;

const RANKS: Readonly<Record<string, number>> = { None: 0, Metadata: 1, Request: 2, RequestResponse: 3 };

/** What trimming comes to for an event that was parsed: plain deletion. `undefined` if nothing is written. */
export function trimmedObject(event: Json, { level, omitStages, omitManagedFields }: Decision): Json | undefined {
  if (level === 'None' || omitStages.includes(event.stage as string)) return undefined;
  const wanted = RANKS[level] as number;
  const recorded = RANKS[event.level as string] ?? 3;
  const rank = Math.min(wanted, recorded);
  if (wanted < recorded) {
    if ('level' in event) event.level = level;
    if (rank < 2) delete event.requestObject;
    if (rank < 3) delete event.responseObject;
    if (rank < 2) withoutPatches(event);
  }
  if (omitManagedFields && rank >= 2) {
    if (event.verb !== 'patch') event.requestObject = stripped(event, 'requestObject');
    event.responseObject = stripped(event, 'responseObject');
    for (const name of ['requestObject', 'responseObject']) if (event[name] === undefined) delete event[name];
  }
  return event;
}

function withoutPatches(event: Json): void {
  if (!isObject(event.annotations)) return;
  const patches = Object.keys(event.annotations).filter((key) => key.startsWith('patch.webhook.admission.k8s.io/'));
  for (const key of patches) delete event.annotations[key];
  if (patches.length > 0 && Object.keys(event.annotations).length === 0) delete event.annotations;
}

function stripped(event: Json, name: string): unknown {
  const body = event[name];
  if (!isObject(body)) return body;
  if (Array.isArray(body.items) && !body.items.every(isObject)) return body;
  const objects: unknown[] = [body];
  if (Array.isArray(body.items)) objects.push(...body.items);
  if (body.kind === 'Table' && String(body.apiVersion).startsWith('meta.k8s.io/') && Array.isArray(body.rows)) {
    objects.push(...body.rows.map((row) => (isObject(row) ? row.object : undefined)));
  }
  for (const object of objects) {
    if (isObject(object) && isObject(object.metadata)) delete object.metadata.managedFields;
  }
  return body;
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
