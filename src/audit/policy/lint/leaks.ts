import { Budget, covers } from './cover.ts';
import type { FindingId, Severity } from './findings.ts';
import { OTHER, type RequestSet, type ResourceSet, type RuleMatch, setsOf } from './request-sets.ts';
import { RuleIndex } from './rule-index.ts';
import { type Desk, quote } from './source.ts';

/** Rules that write secrets and tokens to the log, unless rules above see to all requests for them. */
export function checkLeaks(matches: readonly RuleMatch[], desk: Desk): void {
  const budget = new Budget();
  const above = new RuleIndex();
  for (const match of matches) {
    for (const sensitive of SENSITIVE) {
      if (!budget.spent) checkLeak(match, { sensitive, above, budget, desk });
    }
    above.add(match);
  }
}

function checkLeak(
  match: RuleMatch,
  {
    sensitive,
    above,
    budget,
    desk,
  }: {
    readonly sensitive: Sensitive;
    readonly above: RuleIndex;
    readonly budget: Budget;
    readonly desk: Desk;
  },
): void {
  const level = match.rule.level;
  if (level === undefined || (level.value !== 'Request' && level.value !== 'RequestResponse')) return;
  const { verbs, what, severity } = sensitive[level.value];
  const leaks = verbs.some((verb) => {
    const set = setFor(match, { sensitive, verb });
    return set !== undefined && !covers(above.candidates(set), set, budget);
  });
  if (!leaks || budget.spent) return;
  const { group, resource, subresource } = sensitive;
  const name = quote(subresource === '' ? resource : `${resource}/${subresource}`);
  desk.report(sensitive.id, level, {
    ...(severity === undefined ? {} : { severity }),
    message: `the level ${level.value} applies to ${name} too: ${what}`,
    instead: `write above this rule: { level: Metadata, resources: [{ group: ${quote(group)}, resources: [${name}] }] }`,
  });
}

interface Leak {
  /** The verbs that bring it to the log. */
  readonly verbs: readonly string[];
  readonly what: string;
  readonly severity?: Severity;
}

interface Sensitive {
  readonly id: FindingId;
  readonly group: string;
  readonly resource: string;
  readonly subresource: string;
  readonly namespaced: boolean;
  readonly Request: Leak;
  readonly RequestResponse: Leak;
}

const SENSITIVE: readonly Sensitive[] = [
  {
    id: 'secret-bodies',
    group: '',
    resource: 'secrets',
    subresource: '',
    namespaced: true,
    Request: {
      verbs: ['create', 'update', 'patch'],
      what: 'what is written to a secret stands in the log for all who read it',
    },
    RequestResponse: {
      verbs: ['get', 'list', 'create', 'update', 'patch', 'delete', 'deletecollection'],
      what: 'every secret that is read or written stands in the log for all who read it',
    },
  },
  {
    id: 'token-request-bodies',
    group: '',
    resource: 'serviceaccounts',
    subresource: 'token',
    namespaced: true,
    Request: {
      verbs: ['create'],
      severity: 'note',
      what: 'the request holds no token, but at RequestResponse the token that is issued would stand in the log',
    },
    RequestResponse: {
      verbs: ['create'],
      what: 'each token that is issued for a service account stands in the log, and is valid for an hour or longer',
    },
  },
  {
    id: 'token-review-bodies',
    group: 'authentication.k8s.io',
    resource: 'tokenreviews',
    subresource: '',
    namespaced: false,
    Request: { verbs: ['create'], what: 'each token that is checked by a webhook or a proxy stands in the log' },
    RequestResponse: {
      verbs: ['create'],
      what: 'each token that is checked by a webhook or a proxy stands in the log',
    },
  },
];

/** The requests of a rule for something sensitive with a certain verb. */
function setFor(
  match: RuleMatch,
  { sensitive, verb }: { readonly sensitive: Sensitive; readonly verb: string },
): RequestSet | undefined {
  if (match.verbs !== undefined && !match.verbs.has(verb)) return undefined;
  const { group, resource, subresource, namespaced } = sensitive;
  const set = setsOf(match).find((one): one is ResourceSet => one.of === 'resources');
  if (set === undefined) return undefined;
  const names = namesOf(match, { sensitive, verb });
  const namespaces = namespaced
    ? set.namespaces
    : set.namespaces.flatMap((one) => (one === OTHER || one === '' ? [''] : []));
  if (names.length === 0 || namespaces.length === 0) return undefined;
  return { ...set, verbs: [verb], namespaces, objects: names.map((name) => ({ group, resource, subresource, name })) };
}

/** The names that the rule lets such a request have: a create has none, unless it is one of a subresource. */
function namesOf(
  { entries }: RuleMatch,
  { sensitive: { group, resource, subresource }, verb }: { readonly sensitive: Sensitive; readonly verb: string },
): readonly string[] {
  const nameless = (verb === 'create' && subresource === '') || verb === 'deletecollection';
  if (entries === undefined) return [nameless ? '' : OTHER];
  const fitting = entries.filter(
    (entry) =>
      (entry.group === group || entry.group === '*') &&
      (entry.resources.length === 0 ||
        patternsFor(resource, subresource).some((pattern) => entry.patterns.has(pattern))),
  );
  const names = fitting.flatMap((entry) =>
    entry.names === undefined || entry.resources.length === 0 ? [nameless ? '' : OTHER] : [...entry.names],
  );
  return nameless ? names.filter((name) => name === '') : names;
}

function patternsFor(resource: string, subresource: string): readonly string[] {
  const all = ['*', `${resource}/*`];
  return subresource === '' ? [...all, resource] : [...all, `${resource}/${subresource}`, `*/${subresource}`];
}
