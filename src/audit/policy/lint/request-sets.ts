import { type RuleSource, valuesOf, type WordList } from './source.ts';

/**
 * A set of requests: a product of one set for each thing that rules look at. Rules are such sets themselves, but for two
 * of their properties: groups of a user, of which one is enough, and a rule without resources, namespaces and URLs, which
 * is two sets, one of requests to resources and one of all others.
 *
 * A set is given by its witnesses: values such that whatever rules match all of them match the whole set. A property that
 * is not restricted has one witness, a value that no list holds: only a rule without that restriction matches it.
 */
export type RequestSet = ResourceSet | UrlSet;

interface Subjects {
  readonly users: readonly string[];
  /** Of one who is in this one only; of one who is in none. A rule that matches these matches those in more, too. */
  readonly groups: readonly string[];
  readonly verbs: readonly string[];
}

export interface ResourceSet extends Subjects {
  readonly of: 'resources';
  readonly namespaces: readonly string[];
  readonly objects: readonly RequestObject[];
}

interface UrlSet extends Subjects {
  readonly of: 'urls';
  readonly paths: readonly string[];
}

export interface RequestObject {
  readonly group: string;
  readonly resource: string;
  readonly subresource: string;
  readonly name: string;
}

/** In no list: policies are text, and a text with this character is refused. */
export const OTHER = '\u0000';

/** What a rule's lists say, made fast to ask. `undefined` is no restriction. */
export interface RuleMatch {
  readonly rule: RuleSource;
  readonly users: ReadonlySet<string> | undefined;
  readonly groups: ReadonlySet<string> | undefined;
  readonly verbs: ReadonlySet<string> | undefined;
  readonly namespaces: ReadonlySet<string> | undefined;
  readonly entries: readonly EntryMatch[] | undefined;
  readonly urls: readonly string[] | undefined;
}

interface EntryMatch {
  readonly group: string;
  readonly resources: readonly string[];
  readonly patterns: ReadonlySet<string>;
  readonly names: ReadonlySet<string> | undefined;
}

export function ruleMatch(rule: RuleSource): RuleMatch {
  const entries = rule.resources?.items.map(({ group, resources, resourceNames }) => ({
    group: group?.value ?? '',
    resources: valuesOf(resources),
    patterns: new Set(valuesOf(resources)),
    names: restriction(resourceNames),
  }));
  const urls = valuesOf(rule.nonResourceURLs);
  return {
    rule,
    users: restriction(rule.users),
    groups: restriction(rule.userGroups),
    verbs: restriction(rule.verbs),
    namespaces: restriction(rule.namespaces),
    entries: entries === undefined || entries.length === 0 ? undefined : entries,
    urls: urls.length === 0 ? undefined : urls,
  };
}

function restriction(list: WordList | undefined): ReadonlySet<string> | undefined {
  return list === undefined || list.items.length === 0 ? undefined : new Set(valuesOf(list));
}

/** All requests that a rule matches, as at most two sets; none where it certainly matches nothing. */
export function setsOf(match: RuleMatch): readonly RequestSet[] {
  const subjects = {
    users: witnesses(match.users),
    groups: witnesses(match.groups),
    verbs: witnesses(match.verbs),
  };
  const sets: RequestSet[] = [];
  if (isAboutResources(match) || match.urls === undefined) {
    const namespaces = witnesses(match.namespaces);
    const objects = match.entries === undefined ? [ANY_OBJECT] : match.entries.flatMap(objectsOf);
    if (objects.length > 0) sets.push({ of: 'resources', ...subjects, namespaces, objects });
  }
  if (!isAboutResources(match)) sets.push({ of: 'urls', ...subjects, paths: match.urls?.map(pathOf) ?? [OTHER] });
  return sets;
}

/** URLs are not looked at then; that a rule has both is refused. */
export function isAboutResources({ entries, namespaces }: RuleMatch): boolean {
  return entries !== undefined || namespaces !== undefined;
}

export const ANY_OBJECT: RequestObject = { group: OTHER, resource: OTHER, subresource: '', name: OTHER };

function witnesses(set: ReadonlySet<string> | undefined): readonly string[] {
  return set === undefined ? [OTHER] : [...set];
}

/** Of patterns that match nothing there are none. */
function objectsOf(entry: EntryMatch): RequestObject[] {
  const group = entry.group === '*' ? OTHER : entry.group;
  if (entry.resources.length === 0) return [{ ...ANY_OBJECT, group }];
  const objects = entry.resources.flatMap((pattern) => {
    const [resource = '', subresource = '', ...deeper] = pattern.split('/');
    if (deeper.length > 0) return [];
    const object = {
      group,
      resource: resource === '*' ? OTHER : resource,
      subresource: subresource === '*' ? OTHER : subresource,
    };
    return witnesses(entry.names).map((name) => ({ ...object, name }));
  });
  return objects.filter((object) => entryMatches(entry, object));
}

function pathOf(spec: string): string {
  return spec.endsWith('*') ? `${spec.replace(/\*+$/, '')}${OTHER}` : spec;
}

/** Whether a rule's entries match an object: what kube-apiserver compares, in its order. */
export function matchesObject({ entries }: RuleMatch, object: RequestObject): boolean {
  return entries === undefined || entries.some((entry) => entryMatches(entry, object));
}

function entryMatches(entry: EntryMatch, { group, resource, subresource, name }: RequestObject): boolean {
  if (entry.group !== group && entry.group !== '*') return false;
  if (entry.resources.length === 0) return true;
  if (entry.names !== undefined && !entry.names.has(name)) return false;
  const { patterns } = entry;
  const combined = subresource === '' ? resource : `${resource}/${subresource}`;
  return (
    patterns.has(combined) ||
    patterns.has('*') ||
    (subresource !== '' && patterns.has(`*/${subresource}`)) ||
    patterns.has(`${resource}/*`)
  );
}

export function matchesPath({ urls }: RuleMatch, path: string): boolean {
  return (
    urls === undefined ||
    urls.some(
      (spec) => spec === '*' || spec === path || (spec.endsWith('*') && path.startsWith(spec.replace(/\*+$/, ''))),
    )
  );
}
