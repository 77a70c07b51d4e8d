import test from 'ava';
import { idsOf } from './found.ts';

function hiddenBy(rules: string): string[] {
  return idsOf(rules).filter((id) => id.endsWith('-hidden'));
}

const none = (entries: string) => `- level: None\n  ${entries}`;

test('administrators are seen in groups, in users and in everybody', (t) => {
  for (const who of [
    'userGroups: [system:masters]',
    'users: [kubernetes-admin]',
    'users: [a, cluster-admin]',
    'userGroups: [system:authenticated]',
  ]) {
    t.deepEqual(hiddenBy(none(who)), ['warning admins-hidden'], who);
  }
  t.deepEqual(hiddenBy(none('userGroups: [system:nodes]')), []);
  t.deepEqual(hiddenBy(none('users: [system:kube-scheduler]\n  userGroups: [system:authenticated]')), []);
});

test('not where the rule is about health checks or noise', (t) => {
  t.deepEqual(hiddenBy(none('userGroups: [system:masters]\n  nonResourceURLs: ["/healthz*"]')), []);
  t.deepEqual(
    hiddenBy(none('userGroups: [system:masters]\n  resources: [{ group: coordination.k8s.io, resources: [leases] }]')),
    [],
  );
  t.deepEqual(hiddenBy(none('userGroups: [system:masters]\n  verbs: [watch]')), []);
});

test('a note where only reads, a namespace or some resources are hidden', (t) => {
  const group = 'userGroups: [system:masters]';
  t.deepEqual(hiddenBy(none(`${group}\n  verbs: [get, list]`)), ['note admins-hidden']);
  t.deepEqual(hiddenBy(none(`${group}\n  namespaces: [default]`)), ['note admins-hidden']);
  t.deepEqual(hiddenBy(none(`${group}\n  resources: [{ group: "" }]`)), ['note admins-hidden']);
});

test('not where a rule above records what they do', (t) => {
  const writes = 'verbs: [create, update, patch, delete, deletecollection]';
  t.deepEqual(hiddenBy(`- level: Metadata\n  ${writes}\n${none('userGroups: [system:masters]')}`), []);
  t.deepEqual(
    hiddenBy(
      `- level: Metadata\n  userGroups: [system:authenticated]\n  ${writes}\n${none('userGroups: [system:masters]')}`,
    ),
    [],
  );
  t.deepEqual(hiddenBy(`- level: Metadata\n  users: [alice]\n${none('userGroups: [system:masters]')}`), [
    'warning admins-hidden',
  ]);
});

test('service accounts and requests without credentials', (t) => {
  t.deepEqual(hiddenBy(none('userGroups: [system:serviceaccounts]')), ['note workloads-hidden']);
  t.deepEqual(hiddenBy(none('userGroups: ["system:serviceaccounts:kube-system"]')), []);
  t.deepEqual(hiddenBy(none('userGroups: [system:unauthenticated]')), ['warning anonymous-hidden']);
  t.deepEqual(hiddenBy(none('users: [system:anonymous]')), ['warning anonymous-hidden']);
});
