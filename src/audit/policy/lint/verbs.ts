import { type Desk, quote, type RuleSource, type Word } from './source.ts';

const RESOURCE_VERBS: readonly string[] = [
  'get',
  'list',
  'watch',
  'create',
  'update',
  'patch',
  'delete',
  'deletecollection',
];
const METHODS: readonly string[] = ['get', 'head', 'post', 'put', 'patch', 'delete', 'options'];

/** Verbs that no request has: wildcards, methods of HTTP for resources, those that exist in RBAC alone. */
export function checkVerbs(rule: RuleSource, desk: Desk): void {
  const { verbs, resources, namespaces, nonResourceURLs } = rule;
  const known: string[] = [];
  const aboutResources = isSet(resources) || isSet(namespaces);
  if (aboutResources || !isSet(nonResourceURLs)) known.push(...RESOURCE_VERBS, 'proxy');
  if (!aboutResources) known.push(...METHODS);
  for (const verb of verbs?.items ?? []) {
    if (verb.value.includes('*')) sayWildcard(verb, desk);
    else if (verb.value !== '' && !known.includes(verb.value)) sayUnknown(verb, { known, desk });
  }
}

function isSet(list: { readonly items: readonly unknown[] } | undefined): boolean {
  return list !== undefined && list.items.length > 0;
}

function sayWildcard(verb: Word, desk: Desk): void {
  desk.report('verb-wildcard', verb, {
    message: `verbs have no wildcards: ${quote(verb.value)} is compared letter by letter and matches nothing`,
    instead: 'leave "verbs" out to match every verb, or name them all',
  });
}

/** By what people write: what requests have instead. */
const MEANT: Readonly<Record<string, readonly string[]>> = {
  post: ['create'],
  put: ['update'],
  head: ['get'],
  create: ['post'],
  update: ['put'],
  list: ['get'],
  read: ['get', 'list', 'watch'],
  write: ['create', 'update', 'patch', 'delete', 'deletecollection'],
  edit: ['update', 'patch'],
  modify: ['update', 'patch'],
  change: ['update', 'patch'],
  apply: ['create', 'patch'],
  remove: ['delete', 'deletecollection'],
  deletecollections: ['deletecollection'],
  exec: ['create', 'get'],
  connect: ['create', 'get'],
  view: ['get', 'list', 'watch'],
};
const OF_RBAC: readonly string[] = ['approve', 'attest', 'bind', 'escalate', 'impersonate', 'sign', 'use'];

function sayUnknown(verb: Word, { known, desk }: { readonly known: readonly string[]; readonly desk: Desk }): void {
  const lower = verb.value.trim().toLowerCase();
  const meant = MEANT[lower]?.filter((one) => known.includes(one)) ?? [];
  const guess = known.includes(lower) ? lower : meant.length > 0 ? undefined : desk.suggest(lower, known);
  const isPermission = OF_RBAC.includes(lower);
  desk.report('unknown-verb', verb, {
    message: isPermission
      ? `${quote(verb.value)} is a permission, no request has it for a verb: the entry matches nothing`
      : `no such request has the verb ${quote(verb.value)}: the entry matches nothing`,
    instead: isPermission
      ? `remove it, and name the requests that need the permission: ${known.join(', ')}`
      : `write ${guess ?? (meant.length > 0 ? meant.join(', ') : `one of ${known.join(', ')}`)}`,
  });
}
