import test from 'ava';
import fc from 'fast-check';
import { matchPolicy, whyNot } from '../../../src/audit/policy/match.ts';
import type { Attributes, Decision, Policy, PolicyRule } from '../../../src/audit/policy/policy.ts';
import { attributes, policies } from '../../support/policy-arbitrary.ts';
import { policyCases } from '../../support/policy-fixtures.ts';
import { holds } from '../../support/property.ts';

const getPod: Attributes = {
  isResourceRequest: true,
  path: '/api/v1/namespaces/shop/pods/cart',
  verb: 'get',
  namespace: 'shop',
  apiGroup: '',
  apiVersion: 'v1',
  resource: 'pods',
  subresource: '',
  name: 'cart',
  user: { username: 'alice', groups: ['dev', 'system:authenticated'] },
};
const getPodLog: Attributes = { ...getPod, path: `${getPod.path}/log`, subresource: 'log' };
const getHealth: Attributes = {
  ...getPod,
  isResourceRequest: false,
  path: '/healthz/etcd',
  namespace: '',
  resource: '',
  name: '',
};

function matches(rule: PolicyRule, request: Attributes): boolean {
  return matchPolicy({ rules: [{ level: 'Metadata', ...rule }] }, request).rule === 0;
}

/** Which spellings of a resource take in a request. */
function spellings(request: Attributes, all: readonly string[]): readonly string[] {
  return all.filter((spelling) => matches({ resources: [{ group: '', resources: [spelling] }] }, request));
}

test('decides as upstream does', (t) => {
  const cases = policyCases<{ policy: Policy; attributes: Attributes; expected: Decision }>('match-cases');
  t.true(cases.length >= 2000);
  for (const { policy, attributes, expected } of cases) t.deepEqual(matchPolicy(policy, attributes), expected);
});

test('the first rule that matches decides', (t) => {
  const rules = [{ level: 'None', users: ['bob'] }, { level: 'Request' }, { level: 'Metadata' }];
  t.deepEqual(matchPolicy({ rules }, getPod), {
    rule: 1,
    level: 'Request',
    omitStages: [],
    omitManagedFields: false,
  });
});

test('what no rule matches is not recorded, and the policy says the rest', (t) => {
  const policy = { rules: [{ level: 'Request', users: ['bob'] }], omitStages: ['Panic'], omitManagedFields: true };
  const unmatched = { rule: -1, level: 'None', omitStages: ['Panic'], omitManagedFields: true };
  t.deepEqual(matchPolicy(policy, getPod), unmatched);
  t.deepEqual(matchPolicy({}, getPod), { ...unmatched, omitStages: [], omitManagedFields: false });
  t.is(matchPolicy({ rules: null }, getPod).rule, -1);
});

test('stages are those of the policy and of the rule, managed fields those of the rule if it says', (t) => {
  const rule = { level: 'Request', omitStages: ['Panic', 'RequestReceived'], omitManagedFields: false };
  const policy = { omitStages: ['ResponseStarted', 'Panic'], omitManagedFields: true };
  const decision = matchPolicy({ ...policy, rules: [rule] }, getPod);
  t.deepEqual(decision.omitStages, ['RequestReceived', 'ResponseStarted', 'Panic']);
  t.false(decision.omitManagedFields);
  t.true(matchPolicy({ ...policy, rules: [{ ...rule, omitManagedFields: null }] }, getPod).omitManagedFields);
});

test('resources: a star takes in subresources, and pods/* the pods too', (t) => {
  const all = ['pods', 'pods/*', '*', '*/*', '*/log', 'pods/log', 'pods/log/x', 'log', 'Pods', 'po*', ''];
  t.deepEqual(spellings(getPod, all), ['pods', 'pods/*', '*']);
  t.deepEqual(spellings(getPodLog, all), ['pods/*', '*', '*/log', 'pods/log']);
});

test('names count only where resources are named', (t) => {
  t.true(matches({ resources: [{ group: '', resources: ['pods'], resourceNames: ['cart'] }] }, getPod));
  t.false(matches({ resources: [{ group: '', resources: ['pods'], resourceNames: ['till'] }] }, getPod));
  t.true(matches({ resources: [{ group: '', resourceNames: ['till'] }] }, getPod));
});

test('a rule for namespaces is not about paths, a rule for paths not about resources', (t) => {
  t.true(matches({ namespaces: ['shop'] }, getPod));
  t.false(matches({ namespaces: ['*'] }, getPod));
  t.false(matches({ namespaces: [''] }, getHealth));
  t.true(matches({ nonResourceURLs: ['/healthz*'] }, getHealth));
  t.true(matches({ nonResourceURLs: ['/health***'] }, getHealth));
  t.false(matches({ nonResourceURLs: ['/healthz', '/', '/healthz/'] }, getHealth));
  t.false(matches({ nonResourceURLs: ['*'] }, getPod));
  t.false(matches({ nonResourceURLs: ['/healthz*'], namespaces: [''] }, getHealth));
});

test('nobody matches no rule that asks who it is', (t) => {
  for (const user of [null, undefined]) {
    t.false(matches({ users: [''] }, { ...getPod, user } as Attributes));
    t.false(matches({ userGroups: [''] }, { ...getPod, user } as Attributes));
  }
  t.true(matches({ users: [''] }, { ...getPod, user: {} }));
});

test('a null in a list is read as an empty one', (t) => {
  const policy = JSON.parse('{"rules":[{"users":[null]},{"resources":[null]},null]}');
  t.is(matchPolicy(policy, { ...getPod, user: { username: '' } }).rule, 0);
  t.is(matchPolicy(policy, getPod).rule, 1);
  t.is(matchPolicy(policy, getHealth).rule, 2);
  t.is(matchPolicy(policy, getHealth).level, '');
});

test('before Kubernetes 1.36 a group spelled * was no wildcard', (t) => {
  const policy = { rules: [{ level: 'Metadata', resources: [{ group: '*' }] }] };
  const rule = (kubernetesVersion?: string) => matchPolicy(policy, getPod, { kubernetesVersion }).rule;
  for (const version of ['1.35', 'v1.35', '1.35.9', '1.4', '1']) t.is(rule(version), -1, version);
  for (const version of [undefined, '1.36', 'v1.36.2', '1.40', '2.0']) t.is(rule(version), 0, version);
  t.is(matchPolicy(policy, { ...getPod, apiGroup: '*' }, { kubernetesVersion: '1.30' }).rule, 0);
});

test('says which restriction fails first', (t) => {
  const pods = { group: '', resources: ['pods'] };
  const rule: PolicyRule = {
    users: ['bob'],
    userGroups: ['ops'],
    verbs: ['list'],
    namespaces: ['a'],
    resources: [pods],
  };
  t.is(whyNot(rule, getPod), 'users');
  t.is(whyNot({ ...rule, users: null }, getPod), 'userGroups');
  t.is(whyNot({ ...rule, users: [], userGroups: ['dev'] }, getPod), 'verbs');
  t.is(whyNot({ namespaces: ['a'], resources: [pods] }, getPod), 'namespaces');
  t.is(whyNot({ resources: [pods] }, getPodLog), 'resources');
  t.is(whyNot({ resources: [{ ...pods, resourceNames: ['till'] }, { group: 'apps' }] }, getPod), 'resourceNames');
  t.is(whyNot({ resources: [{ ...pods, resourceNames: ['till'] }, pods] }, getPod), undefined);
  t.is(whyNot({ namespaces: ['a'] }, getHealth), 'namespaces');
  t.is(whyNot({ resources: [pods] }, getHealth), 'resources');
  t.is(whyNot({ nonResourceURLs: ['*'] }, getPod), 'nonResourceURLs');
  t.is(whyNot({ nonResourceURLs: ['/a'] }, getHealth), 'nonResourceURLs');
  t.is(whyNot({}, getPod), undefined);
});

test('a rule without the restriction that failed does not fail there', async (t) => {
  await holds(
    t,
    fc.property(policies({ maxRules: 1 }), attributes, ({ rules }, request) => {
      const rule = rules?.[0] ?? {};
      const reason = whyNot(rule, request);
      if (reason === undefined || reason === 'resourceNames') return;
      t.not(whyNot({ ...rule, [reason]: [] }, request), reason);
    }),
  );
});
