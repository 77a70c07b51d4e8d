import fc from 'fast-check';
import { FIELDS } from '../../src/audit/fields.ts';

const text = fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('get', 'Panic', 'alice', '', '{"kind":"Event"'));

const user = fc.record(
  { username: text, uid: text, groups: fc.array(text), extra: fc.dictionary(fc.string(), fc.array(text)) },
  { requiredKeys: [] },
);

/** The members of an audit event as plain data, any of them missing, in any order, among foreign ones. */
export const eventObject: fc.Arbitrary<Record<string, unknown>> = fc
  .record(
    {
      kind: fc.constantFrom('Event', 'Event', 'Event', 'event'),
      apiVersion: fc.constantFrom('audit.k8s.io/v1', 'audit.k8s.io/v1beta1'),
      level: fc.constantFrom('Metadata', 'Request', 'RequestResponse'),
      auditID: text,
      stage: fc.constantFrom('RequestReceived', 'ResponseStarted', 'ResponseComplete', 'Panic'),
      requestURI: text,
      verb: text,
      user,
      impersonatedUser: user,
      sourceIPs: fc.array(text),
      userAgent: text,
      objectRef: fc.record({ resource: text, namespace: text, name: text, subresource: text }, { requiredKeys: [] }),
      responseStatus: fc.record(
        { metadata: fc.constant({}), status: text, message: text, details: fc.jsonValue(), code: fc.nat({ max: 599 }) },
        { requiredKeys: [] },
      ),
      requestObject: fc.jsonValue(),
      responseObject: fc.jsonValue(),
      requestReceivedTimestamp: text,
      stageTimestamp: text,
      annotations: fc.dictionary(fc.constantFrom('authorization.k8s.io/decision', 'x', '"', 'é'), text),
      foreign: fc.jsonValue(),
      'verb ': text,
    },
    { requiredKeys: [] },
  )
  .chain((event) => fc.shuffledSubarray(Object.entries(event), { minLength: Object.keys(event).length }))
  .map((entries) => Object.fromEntries(entries));

/** The same members in the order in which kube-apiserver writes them. */
export function inUpstreamOrder(event: Record<string, unknown>): Record<string, unknown> {
  const ordered = FIELDS.filter((name) => name in event).map((name) => [name, event[name]]);
  return Object.fromEntries(ordered);
}
