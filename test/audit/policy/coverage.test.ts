import { readFileSync } from 'node:fs';
import test from 'ava';
import { eventOf } from '../../../src/audit/bytes-event.ts';
import { attributesOf } from '../../../src/audit/policy/attributes.ts';
import { Coverage, targetOf } from '../../../src/audit/policy/coverage.ts';
import type { Policy } from '../../../src/audit/policy/policy.ts';
import { policyFile, recordedEvents } from '../../support/policy-fixtures.ts';

function covered(policy: Policy, events: readonly string[], options = {}): Coverage {
  const coverage = new Coverage(policy, options);
  for (const event of events) coverage.add(eventOf(event));
  return coverage;
}

function event(fields: Record<string, unknown>): string {
  const { level = 'RequestResponse', stage = 'ResponseComplete', ...rest } = fields;
  return JSON.stringify({ kind: 'Event', apiVersion: 'audit.k8s.io/v1', level, stage, ...rest });
}

for (const name of ['docs', 'podsec', 'tricky1-subresource-globs']) {
  test(`${name}.yaml leaves as many events and bytes as upstream wrote`, (t) => {
    const written = readFileSync(new URL(`../../fixtures/policy/written/${name}.jsonl`, import.meta.url));
    const events = recordedEvents();
    const { total } = covered(policyFile(name), events);
    t.is(total.events, events.length);
    t.is(total.bytesIn, Buffer.byteLength(`${events.join('\n')}\n`));
    t.is(total.bytesOut, written.length);
    t.is(total.written, written.toString().trimEnd().split('\n').length);
  });
}

test('each event is counted with the rule that decides it', (t) => {
  const policy = {
    rules: [{ level: 'None', verbs: ['get'] }, { level: 'Metadata', verbs: ['list'] }, { level: 'None' }],
  };
  const events = ['get', 'list', 'list'].map((verb) => event({ verb, requestURI: '/a' }));
  const { rules, unmatched, total } = covered(policy, events);
  t.deepEqual(
    rules.map((rule) => rule.events),
    [1, 2, 0],
  );
  t.is(unmatched.events, 0);
  t.like(rules[0], { written: 0, bytesOut: 0, bytesIn: Buffer.byteLength(events[0] as string) + 1 });
  t.is(total.bytesIn, Buffer.byteLength(`${events.join('\n')}\n`));
  t.is(total.bytesOut, (rules[1]?.bytesIn ?? 0) - 2 * ('RequestResponse'.length - 'Metadata'.length));
});

test('what no rule matches is counted by itself', (t) => {
  const { unmatched, rules } = covered({ rules: [{ level: 'Metadata', users: ['a'] }] }, [event({ verb: 'get' })]);
  t.like(unmatched, { events: 1, written: 0 });
  t.is(rules[0]?.events, 0);
});

test('events that are dropped for their stage are told from those dropped for their level', (t) => {
  const policy = {
    rules: [
      { level: 'None', verbs: ['get'] },
      { level: 'Metadata', omitStages: ['RequestReceived'] },
    ],
  };
  const received = { stage: 'RequestReceived' };
  const { total } = covered(policy, [
    event({ ...received, verb: 'get' }),
    event({ verb: 'get' }),
    event(received),
    event({}),
  ]);
  t.like(total, { events: 4, written: 1, stageDropped: 1 });
});

test('events that the recording cut are counted', (t) => {
  const fields = { level: 'Metadata', verb: 'create', objectRef: { resource: 'pods' } };
  t.is(covered({ rules: [{ level: 'Request' }] }, [event(fields)]).total.unrestored, 1);
  t.is(covered({ rules: [{ level: 'Metadata' }] }, [event(fields)]).total.unrestored, 0);
});

test('users, verbs and resources are counted for each rule', (t) => {
  const policy = { rules: [{ level: 'Metadata', verbs: ['get'] }, { level: 'None' }] };
  const user = { username: 'alice' };
  const { rules } = covered(policy, [
    event({ verb: 'get', user, requestURI: '/apis/apps/v1/namespaces/a/deployments/b/scale' }),
    event({ verb: 'get', user: {}, requestURI: '/apis/apps/v1/namespaces/a/deployments/b/scale' }),
    event({ verb: 'get', user, requestURI: '/healthz?verbose' }),
    event({ verb: 'list', user, requestURI: '/api/v1/pods' }),
  ]);
  t.deepEqual(rules[0]?.users.top(9), [
    { value: 'alice', events: 2 },
    { value: '(nobody)', events: 1 },
  ]);
  t.deepEqual(rules[0]?.resources.top(9), [
    { value: 'deployments.apps/scale', events: 2 },
    { value: '/healthz', events: 1 },
  ]);
  t.deepEqual(rules[1]?.verbs.top(9), [{ value: 'list', events: 1 }]);
});

test('an older version of Kubernetes decides otherwise', (t) => {
  const policy = { rules: [{ level: 'Metadata', resources: [{ group: '*' }] }] };
  const events = [event({ verb: 'list', requestURI: '/api/v1/pods' })];
  t.is(covered(policy, events).unmatched.events, 0);
  t.is(covered(policy, events, { kubernetesVersion: '1.35' }).unmatched.events, 1);
});

test('the core group has no name in what a request is about', (t) => {
  const target = (requestURI: string) => targetOf(attributesOf(eventOf(event({ requestURI, verb: 'get' }))));
  t.is(target('/api/v1/namespaces/a/pods/b/log'), 'pods/log');
  t.is(target('/apis/apps/v1/deployments'), 'deployments.apps');
  t.is(target('/version'), '/version');
});
