import { type Attributes, type Decision, type GroupResources, type Policy, type PolicyRule, STAGES } from './policy.ts';

/**
 * Decides as kube-apiserver does what a policy makes of a request: the first rule that matches gives the level. A rule
 * without a value for `omitManagedFields` takes the policy's; stages are those of the policy and the rule together. If no
 * rule matches, the level is None and `rule` is -1.
 *
 * `policy` is a plain object as `loadPolicy` returns it, but it need not have been validated: what is absent or null
 * restricts nothing, and what could never load is compared all the same. Nothing is thrown.
 *
 * ```ts
 * matchPolicy({ rules: [{ level: 'Metadata', resources: [{ group: '', resources: ['pods/*'] }] }] }, attributes);
 * // { rule: 0, level: 'Metadata', omitStages: [], omitManagedFields: false }
 * ```
 *
 * It reads the rules anew on each call. For many requests under one policy use `compilePolicy`.
 */
export function matchPolicy(policy: Policy, attributes: Attributes, options: MatchOptions = {}): Decision {
  const index = (policy.rules ?? []).findIndex((rule) => whyNot(rule, attributes, options) === undefined);
  return decisionOf(policy, index);
}

export interface MatchOptions {
  /**
   * The version of the kube-apiserver to decide like, such as `1.34`; the newest by default. Before 1.36 the group "*"
   * was not a wildcard. An extension: a policy file cannot say this.
   */
  readonly kubernetesVersion?: string | undefined;
}

/** The restrictions of a rule, by their names in a policy. */
export type Restriction = Exclude<keyof PolicyRule, 'level' | 'omitStages' | 'omitManagedFields'> | 'resourceNames';

/**
 * The first restriction of a rule that a request does not meet; `undefined` if the rule matches. `resourceNames` is one
 * whose group and resource fit. What kind of request a rule is for counts as its `namespaces`, `resources` or
 * `nonResourceURLs`.
 */
export function whyNot(
  rule: PolicyRule | null,
  attributes: Attributes,
  options: MatchOptions = {},
): Restriction | undefined {
  const { users, userGroups, verbs, namespaces, resources, nonResourceURLs } = rule ?? {};
  const { user } = attributes;
  if (restricts(users) && !(user && has(users, user.username ?? ''))) return 'users';
  if (restricts(userGroups) && !user?.groups?.some((group) => has(userGroups, group))) return 'userGroups';
  if (restricts(verbs) && !has(verbs, attributes.verb)) return 'verbs';
  if (restricts(namespaces) || restricts(resources)) {
    if (!attributes.isResourceRequest) return restricts(resources) ? 'resources' : 'namespaces';
    if (restricts(namespaces) && !has(namespaces, attributes.namespace)) return 'namespaces';
    return restricts(resources) ? whyNotResources(resources, attributes, options) : undefined;
  }
  if (!restricts(nonResourceURLs)) return undefined;
  const matches =
    !attributes.isResourceRequest && nonResourceURLs.some((url) => matchesPath(url ?? '', attributes.path ?? ''));
  return matches ? undefined : 'nonResourceURLs';
}

/** What follows when the rule at `index` is the one that matches, or none at -1. */
export function decisionOf(policy: Policy, index: number): Decision {
  const rule = policy.rules?.[index] ?? undefined;
  return {
    rule: index,
    level: index < 0 ? 'None' : (rule?.level ?? ''),
    omitStages: unionOf(policy.omitStages ?? [], rule?.omitStages ?? []),
    omitManagedFields: rule?.omitManagedFields ?? policy.omitManagedFields ?? false,
  };
}

/** Whether the group "*" means any; a text that is no version counts as the newest. */
export function knowsAnyGroup({ kubernetesVersion = '' }: MatchOptions): boolean {
  const [major, minor = 0] = kubernetesVersion.replace(/^v/, '').split('.').map(Number);
  return !(major === 1 && minor < 36);
}

function whyNotResources(
  entries: readonly (GroupResources | null)[],
  attributes: Attributes,
  options: MatchOptions,
): 'resources' | 'resourceNames' | undefined {
  let reason: 'resources' | 'resourceNames' = 'resources';
  for (const entry of entries) {
    const { group, resources, resourceNames } = entry ?? {};
    const wanted = group ?? '';
    if (wanted !== attributes.apiGroup && !(wanted === '*' && knowsAnyGroup(options))) continue;
    if (!restricts(resources)) return undefined;
    if (!resources.some((resource) => matchesResource(resource ?? '', attributes))) continue;
    if (!restricts(resourceNames) || has(resourceNames, attributes.name)) return undefined;
    reason = 'resourceNames';
  }
  return reason;
}

/** `pods/*` takes in the pods themselves; `*` takes in every subresource. */
function matchesResource(wanted: string, { resource, subresource }: Attributes): boolean {
  if (wanted === '*' || wanted === (subresource === '' ? resource : `${resource}/${subresource}`)) return true;
  if (subresource !== '' && wanted.startsWith('*/') && wanted.slice(2) === subresource) return true;
  return wanted.endsWith('/*') && wanted.slice(0, -2) === resource;
}

function matchesPath(wanted: string, path: string): boolean {
  return wanted === path || (wanted.endsWith('*') && path.startsWith(withoutStars(wanted)));
}

/** A path's prefix: all the stars at its end are one wildcard. */
export function withoutStars(url: string): string {
  let end = url.length;
  while (end > 0 && url[end - 1] === '*') end--;
  return url.slice(0, end);
}

function restricts<T>(list: readonly T[] | null | undefined): list is readonly T[] {
  return list !== null && list !== undefined && list.length > 0;
}

/** A null in a list of strings is read as "". */
function has(list: readonly (string | null)[], value: string): boolean {
  return list.includes(value) || (value === '' && list.includes(null));
}

function unionOf(ofPolicy: readonly string[], ofRule: readonly string[]): string[] {
  const stages = new Set([...ofPolicy, ...ofRule]);
  const known = STAGES.filter((stage) => stages.has(stage));
  return [...known, ...[...stages].filter((stage) => !known.some((one) => one === stage))];
}
