import { type GroupResources, LEVELS, type Policy, type PolicyRule, STAGES } from '../policy.ts';
import { quote } from './go-quote.ts';

/**
 * What kube-apiserver's validation says against a policy, in its words and order; undefined if nothing. It looks at
 * levels, stages, groups and URLs only: users, verbs, namespaces and resources may hold any text.
 */
export function validationProblem({ omitStages, rules }: Policy): string | undefined {
  const problems = new Set([
    ...stageProblems(omitStages, 'omitStages'),
    ...(rules ?? []).flatMap((rule, index) => ruleProblems(rule, `rules[${index}]`)),
  ]);
  if (problems.size === 0) return undefined;
  const text = [...problems].join(', ');
  return problems.size === 1 ? text : `[${text}]`;
}

function ruleProblems(rule: PolicyRule, path: string): readonly string[] {
  const urls = rule.nonResourceURLs ?? [];
  const problems = [
    ...levelProblems(rule.level, `${path}.level`),
    ...urls.flatMap((url, index) => urlProblems(url, `${path}.nonResourceURLs[${index}]`)),
    ...(rule.resources ?? []).flatMap((resources) => resourceProblems(resources, `${path}.resources`)),
    ...stageProblems(rule.omitStages, `${path}.omitStages`),
  ];
  if (urls.length > 0 && ((rule.resources?.length ?? 0) > 0 || (rule.namespaces?.length ?? 0) > 0)) {
    const both = 'rules cannot apply to both regular resources and non-resource URLs';
    problems.push(invalid(`${path}.nonResourceURLs`, goJson(urls), both));
  }
  return problems;
}

function levelProblems(level: string | undefined, path: string): readonly string[] {
  if (level === undefined || level === '') return [`${path}: Required value`];
  if ((LEVELS as readonly string[]).includes(level)) return [];
  return [`${path}: Unsupported value: ${goJson(level)}: supported values: ${LEVELS.map(quote).join(', ')}`];
}

function stageProblems(stages: readonly string[] | null | undefined, path: string): readonly string[] {
  return (stages ?? []).flatMap((stage, index) => {
    if ((STAGES as readonly string[]).includes(stage)) return [];
    return [invalid(`${path}[${index}]`, quote(stage), `allowed stages are ${STAGES.join(',')}`)];
  });
}

function urlProblems(url: string, path: string): readonly string[] {
  if (url === '*') return [];
  const problems: string[] = [];
  if (!url.startsWith('/')) {
    problems.push(invalid(path, quote(url), "non-resource URL rules must begin with a '/' character"));
  }
  if (url.slice(0, -1).includes('*')) {
    problems.push(invalid(path, quote(url), "non-resource URL wildcards '*' must be the final character of the rule"));
  }
  return problems;
}

const MAX_GROUP_BYTES = 253;
const SUBDOMAIN = '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*';
const NO_SUBDOMAIN = `a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '${SUBDOMAIN}')`;

/** The path has no index behind `resources`. */
function resourceProblems({ group = '', resources, resourceNames }: GroupResources, path: string): readonly string[] {
  const problems: string[] = [];
  if (group !== '' && group !== '*') {
    const reasons: string[] = [];
    if (Buffer.byteLength(group) > MAX_GROUP_BYTES) reasons.push(`must be no more than ${MAX_GROUP_BYTES} characters`);
    if (!isSubdomain(group)) reasons.push(NO_SUBDOMAIN);
    if (reasons.length > 0) problems.push(invalid(`${path}.group`, quote(group), reasons.join(',')));
  }
  if ((resourceNames?.length ?? 0) > 0 && (resources?.length ?? 0) === 0) {
    const alone = 'using resourceNames requires at least one resource';
    problems.push(invalid(`${path}.resourceNames`, goJson(resourceNames), alone));
  }
  return problems;
}

/** Label by label: the whole expression would take its time with a long name. */
function isSubdomain(name: string): boolean {
  return name.split('.').every((label) => /^[-a-z0-9]+$/.test(label) && !label.startsWith('-') && !label.endsWith('-'));
}

function invalid(path: string, value: string, reason: string): string {
  return `${path}: Invalid value: ${value}: ${reason}`;
}

/** As Go writes JSON: characters that mean something in HTML are escaped. */
function goJson(value: unknown): string {
  return JSON.stringify(value).replace(
    /[<>&\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
