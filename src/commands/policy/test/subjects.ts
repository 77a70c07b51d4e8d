import { eventOf } from '../../../audit/bytes-event.ts';
import { attributesOf } from '../../../audit/policy/attributes.ts';
import type { Attributes } from '../../../audit/policy/policy.ts';
import { messageOf } from '../../../core/errors.ts';
import type { AuditEvent } from '../../../core/event.ts';
import { parser, readEvents } from '../read-events.ts';
import { writtenAttributes } from './requests.ts';
import type { TestCase } from './schema.ts';

/** A request that a case is about, at one of its stages. */
export interface Subject {
  readonly attributes: Attributes;
  readonly stage: string;
  /** Where it stands in the eventFile. */
  readonly line?: number;
}

/** What a case cannot be about, and the key in it that is to be mended. */
export class SubjectError extends Error {
  readonly key: keyof TestCase;

  constructor(key: keyof TestCase, message: string) {
    super(message);
    this.key = key;
  }
}

/**
 * Calls `look` with everything that a case is about, one after the other: a log may hold very many. `pathOf` turns a path
 * in the test file into one that can be opened. Rejects with a SubjectError.
 */
export async function eachSubject(
  { request, event, eventFile, expect }: TestCase,
  { pathOf, look }: { readonly pathOf: (path: string) => string; readonly look: (subject: Subject) => void },
): Promise<void> {
  const { stage } = expect;
  if (request !== undefined) look({ attributes: writtenAttributes(request), stage: stage ?? 'ResponseComplete' });
  if (event !== undefined) for (const one of eventsOf(event)) look(subjectOf(one, stage));
  if (eventFile !== undefined) {
    await eachEvent(pathOf(eventFile), (one) => look({ ...subjectOf(one, stage), line: one.origin.line }));
  }
}

function subjectOf(event: AuditEvent, stage: string | undefined): Subject {
  return { attributes: attributesOf(event), stage: stage ?? event.head.stage ?? '' };
}

/** Kind and version may be left out, as in the items of an EventList. */
function eventsOf(value: Readonly<Record<string, unknown>>): readonly AuditEvent[] {
  const kind = { kind: 'Event', apiVersion: 'audit.k8s.io/v1' };
  try {
    const event = eventOf(JSON.stringify({ ...kind, ...value }));
    const events = [parser.apply(event) ?? []].flat();
    if (events.length === 0) throw new Error('is a list without an event');
    return events;
  } catch (error) {
    throw new SubjectError('event', messageOf(error));
  }
}

async function eachEvent(path: string, look: (event: AuditEvent) => void): Promise<void> {
  let problem: string | undefined;
  let count = 0;
  const reader = readEvents([path], ({ event, error }) => {
    problem ??= `line ${event.origin.line}: ${error.message}`;
  });
  try {
    await reader.open();
    for await (const events of reader.batches()) {
      if (problem !== undefined) break;
      for (const event of events) look(event);
      count += events.length;
    }
  } catch (error) {
    problem = messageOf(error);
  }
  if (problem === undefined && count === 0) problem = `${path} holds no event`;
  if (problem !== undefined) throw new SubjectError('eventFile', problem);
}
