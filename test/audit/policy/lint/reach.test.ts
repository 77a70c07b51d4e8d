import test from 'ava';
import fc from 'fast-check';
import { lintPolicy } from '../../../../src/audit/policy/lint/lint.ts';
import { matchPolicy } from '../../../../src/audit/policy/match.ts';
import type { Attributes, PolicyRule } from '../../../../src/audit/policy/policy.ts';
import { suggest } from '../../../../src/config/suggest.ts';
import { holds } from '../../../support/property.ts';

/** Everything that the rules below can tell apart, and of each property something that they do not name. */
const USERS = [
  undefined,
  ...['', 'u', 'v', 'w'].flatMap((username) => groupsOf().map((groups) => ({ username, groups }))),
];
const VERBS = ['get', 'create', 'watch'];
const OBJECTS = ['', 'apps', 'other.example'].flatMap((apiGroup) =>
  ['pods', 'secrets', 'others'].flatMap((resource) =>
    ['', 'log', 'status'].flatMap((subresource) =>
      ['n', 'm'].flatMap((name) =>
        ['', 's', 't'].map((namespace) => ({ apiGroup, resource, subresource, name, namespace })),
      ),
    ),
  ),
);
const PATHS = ['/', '/a', '/ab', '/abc', '/ac', '/b', '/zz'];

function groupsOf(): string[][] {
  return [[], ['g'], ['h'], ['g', 'h'], ['i']];
}

const NO_OBJECT = { apiGroup: '', apiVersion: '', resource: '', subresource: '', name: '', namespace: '' };
const REQUESTS: readonly Attributes[] = USERS.flatMap((user) =>
  VERBS.flatMap((verb) => {
    const who = { verb, ...(user === undefined ? {} : { user }) };
    return [
      ...OBJECTS.map((object) => ({ ...who, ...object, isResourceRequest: true, path: '/api/v1/x', apiVersion: 'v1' })),
      ...PATHS.map((path) => ({ ...who, ...NO_OBJECT, isResourceRequest: false, path })),
    ];
  }),
);

const some = (...values: string[]) =>
  fc.option(fc.uniqueArray(fc.constantFrom(...values), { maxLength: 3 }), { nil: undefined });
const subjects = {
  level: fc.constantFrom('None', 'Metadata', 'Request'),
  users: some('u', 'v'),
  userGroups: some('g', 'h'),
  verbs: some('get', 'create'),
};
const groupResources = fc.record(
  {
    group: fc.constantFrom('', 'apps', '*'),
    resources: fc.uniqueArray(
      fc.constantFrom('pods', 'secrets', '*', 'pods/log', 'pods/*', '*/log', 'secrets/status'),
      {
        minLength: 1,
        maxLength: 3,
      },
    ),
    resourceNames: fc.uniqueArray(fc.constantFrom('n'), { maxLength: 1 }),
  },
  { requiredKeys: ['group', 'resources'] },
);
const aboutResources = fc.record(
  {
    ...subjects,
    namespaces: fc.uniqueArray(fc.constantFrom('', 's'), { maxLength: 2 }),
    resources: fc.array(
      fc.oneof(
        { weight: 4, arbitrary: groupResources },
        { weight: 1, arbitrary: fc.record({ group: fc.constantFrom('', '*') }) },
      ),
      {
        maxLength: 2,
      },
    ),
  },
  { requiredKeys: ['level'] },
);
const aboutUrls = fc.record(
  { ...subjects, nonResourceURLs: fc.uniqueArray(fc.constantFrom('/a', '/a*', '/ab*', '/b', '*'), { maxLength: 2 }) },
  { requiredKeys: ['level'] },
);
const policies = fc.array(fc.oneof(aboutResources, aboutUrls), { minLength: 1, maxLength: 6 });

const FIRST_LINE = 4;

/** A rule on each line, so that the line of a finding is its rule. */
function textOf(rules: readonly PolicyRule[]): string {
  return [
    'apiVersion: audit.k8s.io/v1',
    'kind: Policy',
    'rules:',
    ...rules.map((rule) => `- ${JSON.stringify(rule)}`),
  ].join('\n');
}

function rulesWith(ids: readonly string[], text: string): number[] {
  const lines = lintPolicy(text, { suggest }).flatMap(({ id, line }) => (ids.includes(id) ? [line - FIRST_LINE] : []));
  return [...new Set(lines)].sort((a, b) => a - b);
}

test('a rule is called unreachable exactly if no request is decided by it', async (t) => {
  await holds(
    t,
    fc.property(policies, (rules) => {
      const policy = { rules } as { rules: PolicyRule[] };
      const deciding = new Set(REQUESTS.map((request) => matchPolicy(policy, request).rule));
      const idle = policy.rules.flatMap((_, index) => (deciding.has(index) ? [] : [index]));
      const text = textOf(policy.rules);
      t.deepEqual(rulesWith(['unreachable-rule', 'redundant-rule'], text), idle, text);
      t.is(rulesWith(['no-catch-all'], text).length > 0, deciding.has(-1), text);
    }),
    { runs: 25 },
  );
});

test('an entry that is called unreachable can be removed', async (t) => {
  await holds(
    t,
    fc.property(policies, (rules) => {
      const policy = { rules } as { rules: PolicyRule[] };
      for (const { line, column } of lintPolicy(textOf(policy.rules), { suggest }).filter(isEntry)) {
        const index = line - FIRST_LINE;
        const source = JSON.stringify(policy.rules[index]);
        const changed = JSON.parse(replaceWord(source, column - 3)) as PolicyRule;
        const without = { rules: policy.rules.with(index, changed) };
        for (const request of REQUESTS) {
          const [before, after] = [matchPolicy(policy, request), matchPolicy(without, request)];
          if (before.rule !== after.rule) return t.fail(`${source} at ${column}: ${JSON.stringify(request)}`);
        }
      }
      return t.pass();
    }),
    { runs: 25 },
  );
});

function isEntry({ id }: { readonly id: string }): boolean {
  return id === 'unreachable-entry';
}

/** Puts a word that matches nothing where one begins. */
function replaceWord(text: string, offset: number): string {
  const end = text.indexOf('"', offset + 1);
  const isUrl = text.charAt(offset + 1) === '/' || text.slice(offset, end + 1) === '"*"';
  return `${text.slice(0, offset)}"${isUrl ? '/' : ''}none"${text.slice(end + 1)}`;
}

test('says which rule is in the way, and whether it makes a difference', (t) => {
  const found = (text: string) =>
    lintPolicy(`apiVersion: audit.k8s.io/v1\nkind: Policy\nrules:\n${text}`, { suggest }).filter(({ id }) =>
      /rule$/.test(id),
    );
  const [first] = found('- {level: Metadata}\n- {level: None, users: [a]}\n');
  t.is(first?.id, 'unreachable-rule');
  t.is(first?.line, 5);
  t.regex(first?.message ?? '', /rules\[0\] \(line 4\) matches everything .* with the level Metadata/);
  t.regex(first?.instead ?? '', /^move it above rules\[0\] \(line 4\)/);
  t.deepEqual(
    found('- {level: Metadata}\n- {level: Metadata, users: [a]}\n').map(({ id }) => id),
    ['redundant-rule'],
  );
  const stages = found('- {level: Metadata}\n- {level: Metadata, omitStages: [Panic]}\n');
  t.deepEqual(
    stages.map(({ id }) => id),
    ['unreachable-rule'],
  );
  const managed = found('- {level: Metadata}\n- {level: Metadata, omitManagedFields: true}\n');
  t.deepEqual(
    managed.map(({ id }) => id),
    ['unreachable-rule'],
  );
});

test('sees rules that cover another only together', (t) => {
  const text = textOf([
    { level: 'None', verbs: ['get'], users: ['u'] },
    { level: 'None', verbs: ['create'] },
    { level: 'None', userGroups: ['g'] },
    { level: 'Metadata', users: ['u'], verbs: ['get', 'create'] },
    { level: 'Metadata', users: ['u', 'v'], verbs: ['get', 'create'] },
  ]);
  t.deepEqual(rulesWith(['unreachable-rule'], text), [3]);
});

test('a policy of thousands of rules is looked at to an end', (t) => {
  const rules = Array.from({ length: 2000 }, (_, index) => ({
    level: 'Metadata',
    users: [`a${index % 5}`, `a${index % 3}`],
    verbs: [`v${index % 7}`, `v${index % 4}`],
    namespaces: [`n${index % 11}`],
  }));
  t.true(rulesWith(['redundant-rule'], textOf([...rules, ...rules])).length > 1900);
});

test('where the search was given up it says so', (t) => {
  const rules = Array.from({ length: 3000 }, (_, index) => ({
    level: 'Metadata',
    resources: [{ group: 'example.com', resources: [`r${index}`] }],
  }));
  t.is(rulesWith(['too-many-rules'], textOf(rules)).length, 1);
});
