import test from 'ava';
import fc from 'fast-check';
import { eventOf } from '../../../src/audit/bytes-event.ts';
import type { Policy } from '../../../src/audit/policy/policy.ts';
import type { AuditEvent } from '../../../src/core/event.ts';
import { type Decide, decideBy } from '../../../src/transforms/policy-match/decide.ts';
import { recordedEvents } from '../../support/policy-fixtures.ts';
import { holds } from '../../support/property.ts';

const DROP = { onUnmatched: 'drop' } as const;
const KEEP = { onUnmatched: 'keep' } as const;

interface Fields {
  readonly level?: string;
  readonly stage?: string;
  readonly uri?: string;
  readonly verb?: string;
  readonly user?: object;
}

const pods = '/api/v1/namespaces/t1/pods';

function event({
  level = 'RequestResponse',
  stage = 'ResponseComplete',
  uri = pods,
  ...rest
}: Fields = {}): AuditEvent {
  const { verb = 'list', user = { username: 'alice', groups: ['dev'] } } = rest;
  const head = {
    kind: 'Event',
    apiVersion: 'audit.k8s.io/v1',
    level,
    auditID: 'a',
    stage,
    requestURI: uri,
    verb,
    user,
  };
  const objectRef = { resource: 'pods', namespace: 't1', apiVersion: 'v1' };
  const responseStatus = { metadata: {}, code: 200 };
  const bodies = { requestObject: { n: 1.0 }, responseObject: { kind: 'List', metadata: { managedFields: [] } } };
  return eventOf(JSON.stringify({ ...head, objectRef, responseStatus, ...bodies }));
}

const levelOf = (decide: Decide, fields: Fields): string | undefined => decide(event(fields))?.head.level;

test('the first rule that matches decides, and its number and level are labels', (t) => {
  const decide = decideBy({ rules: [{ level: 'Request', verbs: ['watch'] }, { level: 'Metadata' }] }, DROP);
  const left = decide(event());
  t.is(left?.head.level, 'Metadata');
  t.false(left?.raw.includes('Object'));
  t.deepEqual(left?.labels, { 'policy.rule': '1', 'policy.level': 'Metadata' });
  t.is(decide(event({ verb: 'watch' }))?.labels['policy.rule'], '0');
});

test('other labels stay, and what cannot be restored is one', (t) => {
  const decide = decideBy({ rules: [{ level: 'RequestResponse' }] }, DROP);
  const recorded = event({ level: 'Metadata', verb: 'create' }).label({ cluster: 'east' });
  const left = decide(recorded);
  t.true(left?.raw.equals(recorded.raw));
  t.deepEqual(left?.labels, {
    cluster: 'east',
    'policy.unrestored': 'requestObject,responseObject',
    'policy.rule': '0',
    'policy.level': 'RequestResponse',
  });
});

test('None, an omitted stage and no rule at all leave nothing', (t) => {
  const policy: Policy = {
    omitStages: ['RequestReceived'],
    rules: [
      { level: 'None', verbs: ['watch'] },
      { level: 'Metadata', verbs: ['list'], omitStages: ['Panic'] },
    ],
  };
  const decide = decideBy(policy, DROP);
  t.is(levelOf(decide, { verb: 'watch' }), undefined);
  t.is(levelOf(decide, { verb: 'get' }), undefined);
  t.is(levelOf(decide, { stage: 'RequestReceived' }), undefined);
  t.is(levelOf(decide, { stage: 'Panic' }), undefined);
  t.is(levelOf(decide, { stage: 'ResponseStarted' }), 'Metadata');
});

test('unmatched events can be kept as they are; what holds for the whole policy holds for them too', (t) => {
  const rules = [{ level: 'Metadata', verbs: ['get'] }];
  const kept = decideBy({ rules }, KEEP)(event());
  t.true(kept?.raw.equals(event().raw));
  t.deepEqual(kept?.labels, { 'policy.rule': '-1', 'policy.level': 'RequestResponse' });

  const decide = decideBy({ rules, omitStages: ['RequestReceived'], omitManagedFields: true }, KEEP);
  t.is(decide(event({ stage: 'RequestReceived' })), undefined);
  t.deepEqual(decide(event())?.json.responseObject, { kind: 'List', metadata: {} });
  t.is(decideBy({ rules: [{ level: 'None' }] }, KEEP)(event()), undefined);
});

test('the group "*" is a wildcard since Kubernetes 1.36', (t) => {
  const policy: Policy = { rules: [{ level: 'Request', resources: [{ group: '*' }] }, { level: 'Metadata' }] };
  const ruleFor = (kubernetesVersion?: string) =>
    decideBy(policy, { ...DROP, kubernetesVersion })(event())?.labels['policy.rule'];
  t.deepEqual([undefined, '1.36', 'v1.37.1', '1.35', '1.9'].map(ruleFor), ['0', '0', '0', '1', '1']);
});

const admission = (operation: string) =>
  eventOf(
    JSON.stringify({
      kind: 'AdmissionReview',
      apiVersion: 'admission.k8s.io/v1',
      request: {
        uid: 'u',
        resource: { group: 'apps', version: 'v1', resource: 'deployments' },
        subResource: operation === 'CONNECT' ? 'proxy' : undefined,
        name: 'web',
        namespace: 't1',
        operation,
        userInfo: { username: 'alice', groups: ['dev'] },
        object: { spec: {} },
        oldObject: null,
        options: { kind: 'CreateOptions' },
      },
    }),
  );

test('an AdmissionReview is matched by what its request says', (t) => {
  const at = (rule: object) => decideBy({ rules: [{ level: 'Metadata', ...rule }] }, DROP);
  const resources = [{ group: 'apps', resources: ['deployments'], resourceNames: ['web'] }];
  t.deepEqual(at({ resources, verbs: ['update'], namespaces: ['t1'] })(admission('UPDATE'))?.json, {
    kind: 'AdmissionReview',
    apiVersion: 'admission.k8s.io/v1',
    request: {
      uid: 'u',
      resource: { group: 'apps', version: 'v1', resource: 'deployments' },
      name: 'web',
      namespace: 't1',
      operation: 'UPDATE',
      userInfo: { username: 'alice', groups: ['dev'] },
    },
  });
  t.is(at({ resources, verbs: ['create'] })(admission('UPDATE')), undefined);
  t.truthy(at({ resources: [{ group: 'apps', resources: ['*/proxy'] }], verbs: ['create'] })(admission('CONNECT')));
  t.is(at({ omitStages: ['RequestReceived'] })(admission('CREATE')), undefined);
  const whole = decideBy({ rules: [{ level: 'Request', users: ['alice'] }] }, DROP)(admission('CREATE'));
  t.true(whole?.raw.equals(admission('CREATE').raw));
});

test('throws for an event whose head is not JSON', (t) => {
  const decide = decideBy({ rules: [{ level: 'Metadata', users: ['alice'] }] }, DROP);
  const torn = eventOf(
    '{"kind":"Event","apiVersion":"audit.k8s.io/v1","level":"Metadata","verb":"get","user":{"userna',
  );
  t.throws(() => decide(torn), { code: 'torn-line' });
});

const some = <T>(...values: readonly T[]) => fc.subarray([...values], { maxLength: 2 });
const rule = fc.record(
  {
    level: fc.constantFrom('None', 'Metadata', 'Request', 'RequestResponse'),
    verbs: some('get', 'list', 'create', 'patch', 'watch', 'delete'),
    userGroups: some('system:masters', 'system:authenticated', 'system:serviceaccounts', 'system:nodes'),
    resources: fc.constantFrom(
      [],
      [{ group: '*', resources: ['*/status', 'pods/*'] }],
      [{ group: '', resources: ['*'] }],
      [{ group: 'apps' }],
    ),
    omitStages: some('RequestReceived', 'ResponseStarted'),
    omitManagedFields: fc.boolean(),
  },
  { requiredKeys: ['level'] },
);
const policy: fc.Arbitrary<Policy> = fc.record({
  rules: fc.array(rule, { maxLength: 5 }),
  omitManagedFields: fc.boolean(),
});
const events = recordedEvents();

test('applying a policy twice is applying it once', async (t) => {
  await holds(
    t,
    fc.property(policy, fc.nat(events.length - 1), fc.constantFrom(DROP, KEEP), (policy, from, options) => {
      const decide = decideBy(policy, options);
      for (const line of events.slice(from, from + 20)) {
        const once = decide(eventOf(line));
        const twice = once === undefined ? undefined : decide(once);
        t.is(twice?.raw.toString(), once?.raw.toString());
        const reread = once === undefined ? undefined : decide(eventOf(once.raw));
        t.is(reread?.raw.toString(), once?.raw.toString());
        t.is(once?.check(), undefined);
      }
    }),
  );
});

test('an event that is not whole is never made to look whole', async (t) => {
  await holds(
    t,
    fc.property(
      policy,
      fc.nat(events.length - 1),
      fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
      (policy, at, share) => {
        const line = Buffer.from(events[at] as string);
        const decide = decideBy(policy, KEEP);
        const torn = eventOf(line.subarray(0, Math.floor(line.length * share)));
        try {
          t.true(decide(torn)?.check() !== undefined || decide(torn) === undefined);
        } catch (error) {
          t.regex(String(error), /^EventError: /);
        }
      },
    ),
  );
});
