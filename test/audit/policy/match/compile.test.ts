import test from 'ava';
import fc from 'fast-check';
import { compilePolicy } from '../../../../src/audit/policy/match/compile.ts';
import { matchPolicy } from '../../../../src/audit/policy/match.ts';
import type { Attributes, Decision, Policy } from '../../../../src/audit/policy/policy.ts';
import { attributes, policies } from '../../../support/policy-arbitrary.ts';
import { policyCases } from '../../../support/policy-fixtures.ts';
import { holds } from '../../../support/property.ts';

test('decides as upstream does', (t) => {
  const cases = policyCases<{ policy: Policy; attributes: Attributes; expected: Decision }>('match-cases');
  for (const { policy, attributes, expected } of cases) t.deepEqual(compilePolicy(policy)(attributes), expected);
});

test('gives the answers of matchPolicy, also where rules fill several blocks', async (t) => {
  await holds(
    t,
    fc.property(
      policies({ maxRules: 100 }),
      fc.array(attributes, { minLength: 20, maxLength: 20 }),
      fc.constantFrom(undefined, '1.35'),
      (policy, requests, kubernetesVersion) => {
        const options = { kubernetesVersion };
        const match = compilePolicy(policy, options);
        for (const request of requests) t.deepEqual(match(request), matchPolicy(policy, request, options));
      },
    ),
    { runs: 150 },
  );
});

test('a rule at any place of any block is found', (t) => {
  const rules = Array.from({ length: 100 }, (_, index) => ({ level: 'Metadata', users: [`user-${index}`] }));
  const match = compilePolicy({ rules });
  for (let index = 0; index < 101; index++) {
    t.is(match(requestOf({ user: { username: `user-${index}` } })).rule, index < 100 ? index : -1);
  }
});

test('the same answer is the same object', (t) => {
  const match = compilePolicy({ rules: [{ level: 'None', verbs: ['get'] }] });
  t.is(match(requestOf({ verb: 'get' })), match(requestOf({ verb: 'get', name: 'x' })));
  t.is(match(requestOf({ verb: 'list' })), match(requestOf({ verb: 'watch' })));
});

test('no policy is too large', (t) => {
  const names = Array.from({ length: 1000 }, (_, index) => `name-${index}`);
  const rules = Array.from({ length: 5000 }, (_, index) => ({
    level: 'Metadata',
    namespaces: ['shop', `ns-${index}`],
    userGroups: ['dev', `group-${index}`],
    resources: [
      { group: '', resources: [`things-${index}`, '*/status', 'pods/*'], resourceNames: ['x'] },
      { group: '*', resources: [`pods-${index}`] },
    ],
  }));
  const crowded = { level: 'Request', resources: [{ group: '', resources: names, resourceNames: names }] };
  const paths = { level: 'Request', nonResourceURLs: names.map((name) => `/${name}/${'a'.repeat(1000)}*`) };
  const before = performance.now();
  const match = compilePolicy({ rules: [crowded, paths, ...rules] });
  t.is(match(requestOf({ resource: 'pods-4999' })).rule, 5001);
  t.is(match(requestOf({ resource: 'name-7', name: 'name-999' })).rule, 0);
  t.is(match(requestOf({ isResourceRequest: false, path: `/name-7/${'a'.repeat(65_536)}` })).rule, 1);
  for (let i = 0; i < 1000; i++) t.is(match(requestOf({ resource: `none-${i}` })).rule, -1);
  t.true(performance.now() - before < 5000);
});

function requestOf(known: Partial<Attributes>): Attributes {
  return {
    isResourceRequest: true,
    path: '',
    verb: 'get',
    namespace: 'shop',
    apiGroup: '',
    apiVersion: 'v1',
    resource: 'pods',
    subresource: '',
    name: '',
    user: { username: 'alice', groups: ['dev'] },
    ...known,
  };
}
