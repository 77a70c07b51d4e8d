import { z } from 'zod';
import { defineComponent } from '../core/component.ts';
import type { AuditEvent } from '../core/event.ts';
import { size } from '../core/units.ts';
import { notAnAuditEvent, splitEventList } from '../formats/event-list.ts';

export default defineComponent({
  kind: 'transform',
  type: 'parse',
  summary: 'unwraps and checks records: an Event stays as it is, an EventList becomes its events',
  config: z.strictObject({
    maxEventBytes: size()
      .prefault('16MiB')
      .describe('a larger event loses requestObject and responseObject while it is read, and is marked as truncated'),
  }),
  example: 'type: parse\nmaxEventBytes: 16MiB\n',
  create: () => ({ apply: parse }),
});

/** An Event or AdmissionReview as it is, the events of an EventList; throws an EventError for anything else. */
function parse(event: AuditEvent): AuditEvent | readonly AuditEvent[] {
  if (event.fault !== undefined) throw event.fault;
  const { kind, apiVersion } = event.head;
  if (kind === 'Event' && apiVersion?.startsWith('audit.k8s.io/')) return event;
  if (kind === 'EventList' && apiVersion?.startsWith('audit.k8s.io/')) {
    const fault = event.check();
    if (fault !== undefined) throw fault;
    return splitEventList(event, apiVersion);
  }
  if (kind === 'AdmissionReview' && apiVersion?.startsWith('admission.k8s.io/')) return event;
  throw event.check() ?? notAnAuditEvent(event);
}
