import fc from 'fast-check';
import type { Attributes, GroupResources, Policy, PolicyRule } from '../../src/audit/policy/policy.ts';

const USERS = ['', 'alice', 'bob', '*', 'system:admin'];
const GROUPS = ['', 'dev', 'ops', '*', 'system:masters'];
const VERBS = ['', 'get', 'list', 'create', '*'];
const NAMESPACES = ['', 'a', 'b', '*'];
const API_GROUPS = ['', 'apps', '*', 'example.com'];
const RESOURCES = ['', 'pods', 'nodes', '*', 'a/b', '/'];
const SUBRESOURCES = ['', '', 'log', 'status', '*', 'a/b'];
const NAMES = ['', 'x', 'y', '*'];
const PATHS = ['', '/', '/a', '/a/', '/ab', '/a/b', '*', '//a', 'a', '/a*', '/é'];
const SPELLINGS = [...RESOURCES, '*/*', '*/log', 'pods/*', 'pods/log', '/log', '/*', '*/', '**', 'a/b/*', '*/a/b'];
const URLS = [...PATHS, '**', '/*', '/a**', '/a*b'];

/** A list of a few of the values; or what stands for no restriction; a null in a list is "". */
function list<T>(values: readonly T[] | fc.Arbitrary<T>): fc.Arbitrary<readonly T[] | null | undefined> {
  const value = values instanceof fc.Arbitrary ? values : fc.constantFrom(...values);
  return fc.oneof(
    { weight: 5, arbitrary: fc.constantFrom(null, undefined) },
    { weight: 4, arbitrary: fc.array(fc.option(value, { freq: 30 }) as fc.Arbitrary<T>, { maxLength: 3 }) },
  );
}

const entry = fc.record(
  { group: fc.constantFrom(...API_GROUPS), resources: list(SPELLINGS), resourceNames: list(NAMES) },
  { requiredKeys: [] },
) as fc.Arbitrary<GroupResources>;

const stages = list(['RequestReceived', 'ResponseStarted', 'ResponseComplete', 'Panic']);
const omitManagedFields = fc.constantFrom(true, false, null);

const rule = fc.record(
  {
    level: fc.constantFrom('None', 'Metadata', 'Request', 'RequestResponse'),
    users: list(USERS),
    userGroups: list(GROUPS),
    verbs: list(VERBS),
    namespaces: list(NAMESPACES),
    resources: list(entry),
    nonResourceURLs: list(URLS),
    omitStages: stages,
    omitManagedFields,
  },
  { requiredKeys: [] },
) as fc.Arbitrary<PolicyRule>;

/** Policies that need not load, with many rules that nearly match `attributes`. */
export function policies({ maxRules }: { maxRules: number }): fc.Arbitrary<Policy> {
  return fc.record(
    { rules: fc.array(rule, { maxLength: maxRules, size: 'max' }), omitStages: stages, omitManagedFields },
    { requiredKeys: ['rules'] },
  ) as fc.Arbitrary<Policy>;
}

export const attributes = fc.record({
  isResourceRequest: fc.boolean(),
  path: fc.constantFrom(...PATHS),
  verb: fc.constantFrom(...VERBS),
  namespace: fc.constantFrom(...NAMESPACES),
  apiGroup: fc.constantFrom(...API_GROUPS),
  apiVersion: fc.constant('v1'),
  resource: fc.constantFrom(...RESOURCES),
  subresource: fc.constantFrom(...SUBRESOURCES),
  name: fc.constantFrom(...NAMES),
  user: fc.option(
    fc.record({
      username: fc.constantFrom(...USERS),
      groups: fc.option(fc.array(fc.constantFrom(...GROUPS), { maxLength: 3 })),
    }),
  ),
}) as fc.Arbitrary<Attributes>;
