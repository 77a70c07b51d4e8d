import { Budget, covers } from './cover.ts';
import type { FindingId } from './findings.ts';
import { matchesObject, OTHER, type RequestObject, type ResourceSet, type RuleMatch, setsOf } from './request-sets.ts';
import { type Desk, quote } from './source.ts';

/** Rules with the level None for those whose doings one wants to see. */
export function checkHidden(matches: readonly RuleMatch[], desk: Desk): void {
  const budget = new Budget();
  for (const [index, match] of matches.entries()) {
    if (match.rule.level?.value !== 'None' || budget.spent) continue;
    for (const id of Object.keys(WHO) as (keyof typeof WHO)[]) {
      const found = personsOf(match, id).filter((person) =>
        isHidden(person, { match, above: matches.slice(0, index), budget }),
      );
      const [first] = found;
      if (first === undefined) continue;
      const names = found.map(({ name }) => quote(name)).join(', ');
      const { doings, instead } = WHO[id];
      const reads = writesOf(match).length === 0;
      desk.report(id, first.at, {
        ...(reads || isNarrow(match) ? { severity: 'note' as const } : {}),
        message: `the level None for ${names}: ${doings} is not recorded${reads ? ', as far as it reads' : ''}, be it allowed or refused`,
        instead,
      });
    }
  }
}

interface Person {
  readonly name: string;
  readonly at: { readonly start: number; readonly end: number };
  readonly user: string;
  readonly groups: readonly string[];
}

interface Who {
  readonly users: readonly string[];
  readonly groups: readonly string[];
  readonly doings: string;
  readonly instead: string;
}

const WHO = {
  'admins-hidden': {
    users: ['admin', 'cluster-admin', 'kube:admin', 'kubernetes-admin', 'kubernetes-super-admin', 'system:admin'],
    groups: ['kubeadm:cluster-admins', 'system:authenticated', 'system:cluster-admins', 'system:masters'],
    doings: 'what administrators do, and whoever took over their credentials,',
    instead:
      'record them at Metadata; to leave out noise, name the users that make it, such as "system:kube-scheduler", or the verbs get, list and watch',
  },
  'workloads-hidden': {
    users: [],
    groups: ['system:serviceaccounts'],
    doings: 'what is done with the token of any service account, a stolen one too,',
    instead: 'name the service accounts that make noise: users: ["system:serviceaccount:NAMESPACE:NAME"]',
  },
  'anonymous-hidden': {
    users: ['system:anonymous'],
    groups: ['system:unauthenticated'],
    doings: 'what is tried without credentials',
    instead:
      'leave out the paths of health checks alone: nonResourceURLs: ["/healthz*", "/livez*", "/readyz*", "/version"]',
  },
} as const satisfies Partial<Record<FindingId, Who>>;

/** Those whom the rule names itself. */
function personsOf(match: RuleMatch, id: keyof typeof WHO): readonly Person[] {
  const { rule } = match;
  const who: Who = WHO[id];
  const own = id === 'anonymous-hidden' ? 'system:unauthenticated' : 'system:authenticated';
  const users = (rule.users?.items ?? [])
    .filter(({ value }) => who.users.includes(value))
    .map((word) => ({ name: word.value, at: word, user: word.value, groups: [own] }));
  if (match.users !== undefined) return users.filter((person) => fits(match, person));
  return (rule.userGroups?.items ?? [])
    .filter(({ value }) => who.groups.includes(value))
    .map((word) => ({ name: word.value, at: word, user: OTHER, groups: [word.value, own] }));
}

function fits({ users, groups }: RuleMatch, person: Person): boolean {
  return (
    (users?.has(person.user) ?? true) && (groups === undefined || person.groups.some((group) => groups.has(group)))
  );
}

/** What a cluster is taken over with. */
const TARGETS: readonly RequestObject[] = [
  { group: '', resource: 'pods', subresource: '', name: OTHER },
  { group: '', resource: 'secrets', subresource: '', name: OTHER },
  { group: 'rbac.authorization.k8s.io', resource: 'clusterrolebindings', subresource: '', name: OTHER },
];
const WRITES = ['create', 'update', 'patch', 'delete', 'deletecollection'];
const READS = ['get', 'list'];

function writesOf({ verbs }: RuleMatch): readonly string[] {
  return WRITES.filter((verb) => verbs?.has(verb) ?? true);
}

function isNarrow(match: RuleMatch): boolean {
  return match.namespaces !== undefined || !TARGETS.every((target) => matchesObject(match, target));
}

/** Some of these requests are left for the rule by those above that match the person. */
function isHidden(
  person: Person,
  {
    match,
    above,
    budget,
  }: { readonly match: RuleMatch; readonly above: readonly RuleMatch[]; readonly budget: Budget },
): boolean {
  const set = setsOf(match).find((one): one is ResourceSet => one.of === 'resources');
  const objects = TARGETS.filter((target) => matchesObject(match, target));
  const writes = writesOf(match);
  const verbs = writes.length > 0 ? writes : READS.filter((verb) => match.verbs?.has(verb));
  if (set === undefined || objects.length === 0 || verbs.length === 0) return false;
  const anybody = { users: undefined, groups: undefined };
  budget.left -= above.length;
  const rules = above.filter((one) => fits(one, person)).map((one) => ({ ...one, ...anybody }));
  return !covers(rules, { ...set, users: [OTHER], groups: [OTHER], verbs, objects }, budget);
}
