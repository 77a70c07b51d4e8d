import fc from 'fast-check';
import type { Decision } from '../../../src/audit/policy/policy.ts';
import { inUpstreamOrder } from '../../support/event-arbitrary.ts';

/** A decision at some level; nothing is omitted unless it is said. */
export function decision(level: string, also: Partial<Decision> = {}): Decision {
  return { rule: 0, level, omitStages: [], omitManagedFields: false, ...also };
}

export const anyDecision: fc.Arbitrary<Decision> = fc.record({
  rule: fc.constant(0),
  level: fc.constantFrom('None', 'Metadata', 'Request', 'RequestResponse'),
  omitStages: fc.subarray(['RequestReceived', 'Panic']),
  omitManagedFields: fc.boolean(),
});

const anything = fc.jsonValue({ maxDepth: 2 });
const managed = fc.oneof(fc.constant([{ manager: 'kubectl', fieldsV1: { 'f:spec': {} } }]), anything);

/** Its keys in any order. */
function shuffled<T extends object>(record: fc.Arbitrary<T>): fc.Arbitrary<Record<string, unknown>> {
  return record
    .chain((object) => fc.shuffledSubarray(Object.entries(object), { minLength: Object.keys(object).length }))
    .map((entries) => Object.fromEntries(entries));
}

const metadata = fc.oneof(
  {
    weight: 5,
    arbitrary: shuffled(
      fc.record({ name: fc.string(), managedFields: managed, labels: anything }, { requiredKeys: [] }),
    ),
  },
  { weight: 1, arbitrary: anything },
);
const object = shuffled(
  fc.record(
    { kind: fc.string(), metadata, spec: fc.record({ template: fc.record({ metadata }) }) },
    { requiredKeys: [] },
  ),
);
const list = shuffled(
  fc.record(
    {
      kind: fc.constantFrom('PodList', 'Table'),
      metadata,
      items: fc.oneof(fc.array(object), fc.array(fc.oneof({ weight: 4, arbitrary: object }, anything)), anything),
    },
    { requiredKeys: ['items'] },
  ),
);
const table = shuffled(
  fc.record({
    kind: fc.constantFrom('Table', 'Table', 'Other'),
    apiVersion: fc.constantFrom('meta.k8s.io/v1', 'meta.k8s.io/v1beta1', 'example.com/v1'),
    rows: fc.oneof(fc.array(fc.oneof(fc.record({ cells: anything, object }), anything)), anything),
  }),
);

/** What stands in requestObject and responseObject: objects, lists, Tables, and what is none of these. */
export const anyBody: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 3, arbitrary: object },
  { weight: 2, arbitrary: list },
  { weight: 2, arbitrary: table },
  { weight: 1, arbitrary: anything },
);

const annotations = fc.dictionary(
  fc.constantFrom(
    'authorization.k8s.io/decision',
    'patch.webhook.admission.k8s.io/round_0_index_0',
    'patch.webhook.admission.k8s.io/',
    'patch.webhook.admission.k8s.i',
    'mutation.webhook.admission.k8s.io/round_0_index_0',
  ),
  fc.string(),
);

/** An audit event as plain data, its keys in any order. */
export const anyEvent: fc.Arbitrary<Record<string, unknown>> = shuffled(
  fc.record(
    {
      kind: fc.constant('Event'),
      apiVersion: fc.constant('audit.k8s.io/v1'),
      level: fc.constantFrom(
        'Metadata',
        'Request',
        'RequestResponse',
        'RequestResponse',
        'RequestResponse',
        'Odd',
        7,
        null,
      ),
      auditID: fc.string(),
      stage: fc.constantFrom('RequestReceived', 'ResponseStarted', 'ResponseComplete', 'Panic'),
      requestURI: fc.string(),
      verb: fc.constantFrom('create', 'update', 'patch', 'delete', 'get', 'watch'),
      objectRef: fc.record(
        { resource: fc.string(), subresource: fc.constantFrom('log', 'status') },
        { requiredKeys: [] },
      ),
      responseStatus: fc.record({ code: fc.constantFrom(200, 404) }),
      requestObject: anyBody,
      responseObject: anyBody,
      requestReceivedTimestamp: fc.constant('2026-11-21T00:00:00.000522Z'),
      annotations: fc.oneof({ weight: 5, arbitrary: annotations }, { weight: 1, arbitrary: anything }),
      foreign: anything,
    },
    { requiredKeys: [] },
  ),
);

/** The same as kube-apiserver would write it. */
export function asUpstream(event: Record<string, unknown>): string {
  return JSON.stringify(inUpstreamOrder({ ...event, kind: 'Event', apiVersion: 'audit.k8s.io/v1' }));
}
