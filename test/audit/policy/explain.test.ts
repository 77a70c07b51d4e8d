import test from 'ava';
import fc from 'fast-check';
import { eventOf } from '../../../src/audit/bytes-event.ts';
import { explainBy, mismatches } from '../../../src/audit/policy/explain.ts';
import { matchPolicy, whyNot } from '../../../src/audit/policy/match.ts';
import { attributes, policies } from '../../support/policy-arbitrary.ts';
import { policyCases, policyFile, recordedEvents } from '../../support/policy-fixtures.ts';
import { holds } from '../../support/property.ts';

const event = (fields: Record<string, unknown>) =>
  eventOf(JSON.stringify({ kind: 'Event', apiVersion: 'audit.k8s.io/v1', ...fields }));

test('names the rule, what follows from it, and what keeps each rule above from matching', (t) => {
  const policy = {
    omitStages: ['RequestReceived'],
    rules: [{ level: 'None', users: ['bob'] }, { level: 'None', verbs: ['list'] }, { level: 'Metadata' }, {}],
  };
  const explain = explainBy(policy);
  const explained = explain(event({ requestURI: '/api/v1/pods/x', verb: 'get', stage: 'Panic' }));
  t.is(explained.attributes.resource, 'pods');
  t.like(explained.decision, { rule: 2, level: 'Metadata', omitStages: ['RequestReceived'] });
  t.is(explained.outcome, 'write');
  t.deepEqual(explained.why, [
    { rule: 0, field: 'users' },
    { rule: 1, field: 'verbs' },
  ]);
});

test('where no rule matches, all of them have a reason', (t) => {
  const explain = explainBy({ rules: [{ level: 'Metadata', namespaces: ['a'] }, { nonResourceURLs: ['/a'] }] });
  const { decision, outcome, why } = explain(event({ requestURI: '/b', verb: 'get' }));
  t.is(decision.rule, -1);
  t.is(outcome, 'drop-level');
  t.deepEqual(why, [
    { rule: 0, field: 'namespaces' },
    { rule: 1, field: 'nonResourceURLs' },
  ]);
});

test('tells a stage that is omitted from a level that records nothing', (t) => {
  const explain = explainBy({ rules: [{ level: 'Metadata', omitStages: ['Panic'] }] });
  t.is(explain(event({ stage: 'Panic' })).outcome, 'drop-stage');
  t.is(explain(event({ stage: 'ResponseComplete' })).outcome, 'write');
});

test('an older version of Kubernetes has other reasons', (t) => {
  const policy = { rules: [{ level: 'Metadata', resources: [{ group: '*' }] }] };
  const pod = event({ requestURI: '/api/v1/pods', verb: 'list' });
  t.deepEqual(explainBy(policy)(pod).why, []);
  t.deepEqual(explainBy(policy, { kubernetesVersion: '1.35' })(pod).why, [{ rule: 0, field: 'resources' }]);
});

test('every rule above the one that decides has a reason, which is its own', async (t) => {
  await holds(
    t,
    fc.property(policies({ maxRules: 12 }), attributes, (policy, request) => {
      const { rule } = matchPolicy(policy, request);
      const rules = policy.rules ?? [];
      const why = mismatches(rules, request, { before: rule });
      const above = rules.slice(0, rule < 0 ? rules.length : rule);
      t.deepEqual(
        why,
        above.map((one, index) => ({ rule: index, field: whyNot(one, request) as (typeof why)[number]['field'] })),
      );
      t.true(why.every(({ field }) => field !== undefined));
    }),
  );
});

test('explains recorded events as upstream decides about them', (t) => {
  const verdicts = policyCases<Record<string, Record<string, unknown>>>('verdicts');
  const events = recordedEvents().map((line) => eventOf(line));
  for (const name of ['docs', 'podsec', 'tricky1-subresource-globs']) {
    const explain = explainBy(policyFile(name));
    const decisions = events.map((one) => explain(one).decision);
    t.deepEqual(
      decisions as unknown[],
      verdicts.map((verdict) => verdict[name]),
    );
  }
});
