import test from 'ava';
import type { FindingId } from '../../../../src/audit/policy/lint/findings.ts';
import { found, idsOf } from './found.ts';

const GROUP = 'resources: [{ group: "", resources: [pods] }]';

/** Entries of a rule, what they are found to be, and what is said to write instead. */
const CASES: readonly (readonly [string, FindingId, RegExp])[] = [
  ['verb: [get]', 'unknown-key', /^write verbs: /],
  ['Verbs: [get]', 'key-case', /^write verbs: /],
  ['user: [a]', 'unknown-key', /^write users: /],
  ['username: a', 'unknown-key', /^write users: /],
  ['groups: [a]', 'unknown-key', /^write userGroups: /],
  ['usergroups: [a]', 'key-case', /^write userGroups: /],
  ['namespace: [a]', 'unknown-key', /^write namespaces: /],
  ['nonResourceUrls: [/a]', 'key-case', /^write nonResourceURLs: /],
  ['omitStage: [Panic]', 'unknown-key', /^write omitStages: /],
  ['resourceNames: [a]', 'names-outdented', /^move it in, .* beside "group"/],
  ['resourceName: [a]', 'names-outdented', /and write "resourceNames"$/],
  ['group: apps', 'misplaced-key', /^move it in, .* beside "group"/],
  ['apiVersion: v1', 'misplaced-key', /^move it out, .* at the top/],
  ['requestBody: true', 'unknown-key', /^remove it; the keys in the rule are level, users/],
  ['toString: [a]', 'unknown-key', /^remove it/],
  ['__proto__: [a]', 'unknown-key', /^remove it/],
];

for (const [entry, id, instead] of CASES) {
  test(`in a rule, ${entry.split(':')[0]} is ${id}`, (t) => {
    const [finding, ...others] = found(`- level: Metadata\n  ${GROUP}\n  ${entry}`).filter(
      ({ severity }) => severity === 'error',
    );
    t.is(finding?.id, id);
    t.deepEqual([finding?.line, finding?.column], [6, 3]);
    t.regex(finding?.instead ?? '', instead);
    t.deepEqual(others, []);
  });
}

const NESTED: readonly (readonly [string, FindingId, RegExp])[] = [
  ['verbs: [get]', 'verbs-nested', /^move it out, to stand in the rule/],
  ['verb: [get]', 'verbs-nested', /and write "verbs"$/],
  ['namespaces: [a]', 'misplaced-key', /^move it out, to stand in the rule/],
  ['omitStages: [Panic]', 'misplaced-key', /^move it out, to stand in the rule/],
  ['level: None', 'misplaced-key', /^move it out, to stand in the rule/],
  ['apiGroups: [apps]', 'unknown-key', /^write group: /],
  ['Group: apps', 'key-case', /^write group: /],
  ['resourcenames: [a]', 'key-case', /^write resourceNames: /],
  ['names: [a]', 'unknown-key', /^write resourceNames: /],
  [
    'scope: Cluster',
    'unknown-key',
    /^remove it; the keys in an entry of "resources" are group, resources, resourceNames$/,
  ],
];

for (const [entry, id, instead] of NESTED) {
  test(`in an entry of resources, ${entry.split(':')[0]} is ${id}`, (t) => {
    const rules = `- level: Metadata\n  resources:\n  - resources: [pods]\n    ${entry}`;
    const [finding, ...others] = found(rules).filter(({ severity }) => severity === 'error');
    t.is(finding?.id, id);
    t.deepEqual([finding?.line, finding?.column], [7, 5]);
    t.regex(finding?.instead ?? '', instead);
    t.deepEqual(others, []);
  });
}

test('says what the rule does without the key, and at which level', (t) => {
  const [finding] = found('- level: RequestResponse\n  resources:\n  - resources: [pods]\n    verbs: [create]');
  t.is(
    finding?.message,
    'kube-apiserver drops "verbs" here, so the rule matches every verb, get, list and watch included, at the level RequestResponse: it belongs in the rule, beside "level" and "resources"',
  );
});

test('what is dropped takes no part in what the rule matches', (t) => {
  t.deepEqual(idsOf('- level: None\n  user: [alice]'), [
    'warning nothing-recorded',
    'error unknown-key',
    'warning unreachable-rule',
  ]);
});

test('keys that the policy has stay as they are', (t) => {
  const rule = `- level: Request\n  users: [a]\n  userGroups: [b]\n  verbs: [get]\n  namespaces: [c]\n  ${GROUP}\n  omitStages: [Panic]\n  omitManagedFields: true`;
  t.deepEqual(idsOf(rule), []);
});
