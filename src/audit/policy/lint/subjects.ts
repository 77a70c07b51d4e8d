import { type Desk, quote, type RuleSource, type Word } from './source.ts';

/** Users among groups, groups among users, and names that nobody can have. */
export function checkSubjects({ users, userGroups }: RuleSource, desk: Desk): void {
  for (const user of users?.items ?? []) {
    if (checkWildcard(user, { of: 'users', desk })) continue;
    if (isGroup(user.value)) sayGroup(user, desk);
    else if (SERVICE_ACCOUNT.test(user.value)) checkServiceAccount(user, desk);
  }
  for (const group of userGroups?.items ?? []) {
    if (!checkWildcard(group, { of: 'groups', desk }) && isUser(group.value)) sayUser(group, desk);
  }
}

const GROUPS: ReadonlySet<string> = new Set([
  'system:authenticated',
  'system:bootstrappers',
  'system:masters',
  'system:monitoring',
  'system:nodes',
  'system:serviceaccounts',
  'system:unauthenticated',
  'kubeadm:cluster-admins',
]);
const USERS: ReadonlySet<string> = new Set([
  'kube-apiserver-kubelet-client',
  'kubernetes-admin',
  'kubernetes-super-admin',
  'system:admin',
  'system:anonymous',
  'system:apiserver',
  'system:kube-controller-manager',
  'system:kube-proxy',
  'system:kube-scheduler',
]);
const SERVICE_ACCOUNT = /^(system:)?service-?accounts?:/i;

function isGroup(name: string): boolean {
  return GROUPS.has(name) || /^system:serviceaccounts:[^:]+$/.test(name) || /^system:bootstrappers:/.test(name);
}

function isUser(name: string): boolean {
  return USERS.has(name) || /^system:(node|bootstrap):[^:]+$/.test(name) || /^system:serviceaccount:[^:]+:/.test(name);
}

function checkWildcard(word: Word, { of, desk }: { readonly of: 'users' | 'groups'; readonly desk: Desk }): boolean {
  if (!word.value.includes('*')) return false;
  const groupOf = { 'system:node:': 'system:nodes', 'system:serviceaccount:': 'system:serviceaccounts' };
  const group = Object.entries(groupOf).find(([beginning]) => word.value.startsWith(beginning))?.[1];
  const namespace = /^system:serviceaccount:(?<name>[^:*]+):\*$/.exec(word.value)?.groups?.name;
  desk.report('subject-wildcard', word, {
    message: `${of} have no wildcards: ${quote(word.value)} is compared letter by letter and matches nobody`,
    instead: insteadOf(word.value, { of, group: namespace === undefined ? group : `${group}:${namespace}` }),
  });
  return true;
}

function insteadOf(name: string, { of, group }: { readonly of: string; readonly group: string | undefined }): string {
  if (group !== undefined && of === 'users') return `write userGroups: [${quote(group)}]`;
  if (name !== '*') return 'write each name, or a group that they all are in';
  return of === 'users'
    ? 'leave the list out to match everybody, or write userGroups: ["system:authenticated"]'
    : 'leave the list out to match everybody, or write "system:authenticated"';
}

function sayGroup(word: Word, desk: Desk): void {
  desk.report('group-in-users', word, {
    message: `${quote(word.value)} is a group: no user has this name, so the entry matches nobody`,
    instead: `write userGroups: [${quote(word.value)}]; a rule with users and userGroups wants both to match`,
  });
}

function sayUser(word: Word, desk: Desk): void {
  desk.report('user-in-groups', word, {
    message: `${quote(word.value)} is a user: no group has this name, so the entry matches nobody`,
    instead: `write users: [${quote(word.value)}]; a rule with users and userGroups wants both to match`,
  });
}

function checkServiceAccount(word: Word, desk: Desk): void {
  if (/^system:serviceaccount:[^:]+:[^:]+$/.test(word.value)) return;
  const [namespace, name] = word.value.replace(SERVICE_ACCOUNT, '').split(':');
  const known = namespace !== undefined && namespace !== '' && name !== undefined && name !== '';
  desk.report('service-account-name', word, {
    message: `no service account is called ${quote(word.value)}: the entry matches nobody`,
    instead: `write ${quote(`system:serviceaccount:${known ? `${namespace}:${name}` : 'NAMESPACE:NAME'}`)}`,
  });
}
