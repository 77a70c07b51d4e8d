import test from 'ava';
import fc from 'fast-check';
import { quoted, whyText } from '../../../../src/audit/policy/explain/why-text.ts';
import { mismatches } from '../../../../src/audit/policy/explain.ts';
import { whyNot } from '../../../../src/audit/policy/match.ts';
import type { Attributes, PolicyRule } from '../../../../src/audit/policy/policy.ts';
import { attributes, policies } from '../../../support/policy-arbitrary.ts';
import { holds } from '../../../support/property.ts';

const getLog: Attributes = {
  isResourceRequest: true,
  path: '/api/v1/namespaces/shop/pods/web/log',
  verb: 'get',
  namespace: 'shop',
  apiGroup: '',
  apiVersion: 'v1',
  resource: 'pods',
  subresource: 'log',
  name: 'web',
  user: { username: 'alice', groups: ['dev'] },
};
const listNodes: Attributes = {
  ...getLog,
  path: '/api/v1/nodes',
  verb: 'list',
  namespace: '',
  resource: 'nodes',
  subresource: '',
  name: '',
  user: null,
};
const getHealth: Attributes = { ...listNodes, isResourceRequest: false, path: '/healthz', verb: 'get', resource: '' };
const pods = { group: '', resources: ['pods/log'], resourceNames: ['db'] };

const TABLE: readonly (readonly [PolicyRule, Attributes, string])[] = [
  [{ users: ['bob'] }, getLog, 'users: "alice" is not "bob"'],
  [{ users: ['bob', ''] }, getLog, 'users: "alice" is none of "bob" and ""'],
  [{ users: ['bob'] }, listNodes, 'users: nobody was authenticated'],
  [{ userGroups: ['ops'] }, getLog, 'userGroups: the user is not in "ops" but in "dev"'],
  [{ userGroups: ['ops'] }, listNodes, 'userGroups: nobody was authenticated'],
  [{ userGroups: ['a', 'b'] }, { ...getLog, user: {} }, 'userGroups: the user has no group, wanted "a" or "b"'],
  [{ verbs: ['list', 'watch', 'create'] }, getLog, 'verbs: "get" is none of "list", "watch" and "create"'],
  [{ verbs: [...'abcdefgh'] }, getLog, 'verbs: "get" is none of "a", "b", "c", "d", "e" and 3 more'],
  [{ namespaces: ['a', 'b'] }, getLog, 'namespaces: "shop" is none of "a" and "b"'],
  [{ namespaces: ['a', 'b'] }, listNodes, 'namespaces: the request is in no namespace, wanted "a" or "b"'],
  [{ namespaces: ['a'] }, getHealth, 'namespaces: the path "/healthz" is about no resource'],
  [
    { resources: [{ group: 'apps' }, { group: '*', resources: ['pods'] }] },
    getLog,
    'resources: "pods/log" of the core group is not among all of group "apps", "pods" of any group',
  ],
  [{ resources: [{}] }, getHealth, 'resources: the path "/healthz" is about no resource'],
  [{ resources: [pods] }, getLog, 'resourceNames: "web" is another name, the name is wanted to be "db"'],
  [
    { resources: [pods] },
    { ...getLog, name: '' },
    'resourceNames: the request names no object, the name is wanted to be "db"',
  ],
  [
    { resources: [pods] },
    { ...getLog, name: '', verb: 'create' },
    'resourceNames: a create has no name in its path, the name is wanted to be "db"',
  ],
  [{ nonResourceURLs: ['/a'] }, getLog, 'nonResourceURLs: the request is about a resource'],
  [{ nonResourceURLs: ['/a', '/b*'] }, getHealth, 'nonResourceURLs: "/healthz" is none of "/a" and "/b*"'],
];

for (const [rule, request, expected] of TABLE) {
  test(`${JSON.stringify(rule)} does not match: ${expected}`, (t) => {
    const field = whyNot(rule, request);
    t.is(field === undefined ? undefined : whyText(rule, field, request), expected);
  });
}

test('every rule that does not match has a text of one line', async (t) => {
  await holds(
    t,
    fc.property(policies({ maxRules: 6 }), attributes, (policy, request) => {
      const rules = policy.rules ?? [];
      for (const { rule, field } of mismatches(rules, request, { before: -1 })) {
        const text = whyText(rules[rule] ?? null, field, request);
        if (!/^[a-zA-Z]+: .*[^ ]$/.test(text)) throw new Error(text);
      }
    }),
  );
});

test('a value cannot break the line, move the cursor or turn the writing', async (t) => {
  t.is(quoted('a\nb\x1b[2J\u202e\u009b"'), String.raw`"a\nb\u001b[2J\u202e\u009b\""`);
  await holds(
    t,
    fc.property(fc.array(fc.integer({ max: 0x10ffff, min: 0 }), { maxLength: 150 }), (codes) => {
      const text = String.fromCodePoint(...codes);
      return !/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u.test(quoted(text));
    }),
  );
});

test('a long value is shortened, not in the middle of a character', (t) => {
  t.is(quoted('x'.repeat(500)), `"${'x'.repeat(119)}…"`);
  t.is(quoted('x'.repeat(118) + '😀'.repeat(5)), `"${'x'.repeat(118)}…"`);
});
