import type { Restriction } from '../match.ts';
import type { Attributes, GroupResources, PolicyRule } from '../policy.ts';

const MAX_WORD = 120;
const MAX_WORDS = 5;
const HARMFUL = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

/**
 * Why a rule does not match a request, for a person: `verbs: "get" is none of "create" and "update"`. Names come from
 * clients: what could move the cursor or turn the direction of writing is shown escaped, what is long is shortened.
 */
export function whyText(rule: PolicyRule | null, field: Restriction, attributes: Attributes): string {
  return `${field}: ${REASONS[field](rule ?? {}, attributes)}`;
}

const REASONS: Readonly<Record<Restriction, (rule: PolicyRule, attributes: Attributes) => string>> = {
  users: ({ users }, { user }) =>
    user ? `${quoted(user.username ?? '')} is ${noneOf(users)}` : 'nobody was authenticated',
  userGroups: ({ userGroups }, { user }) => {
    if (!user) return 'nobody was authenticated';
    if (!user.groups?.length) return `the user has no group, wanted ${oneOf(userGroups)}`;
    return `the user is not in ${oneOf(userGroups)} but in ${listed(user.groups, 'and')}`;
  },
  verbs: ({ verbs }, { verb }) => `${quoted(verb)} is ${noneOf(verbs)}`,
  namespaces: ({ namespaces }, { isResourceRequest, namespace, path }) => {
    if (!isResourceRequest) return `the path ${quoted(path)} is about no resource`;
    return namespace === ''
      ? `the request is in no namespace, wanted ${oneOf(namespaces)}`
      : `${quoted(namespace)} is ${noneOf(namespaces)}`;
  },
  resources: ({ resources }, attributes) =>
    attributes.isResourceRequest
      ? `${resourceText(attributes)} is not among ${resourcesText(resources)}`
      : `the path ${quoted(attributes.path)} is about no resource`,
  resourceNames: ({ resources }, { name, verb }) => {
    const wanted = `the name is wanted to be ${oneOf(resources?.flatMap((entry) => entry?.resourceNames ?? []))}`;
    if (name !== '') return `${quoted(name)} is another name, ${wanted}`;
    return verb === 'create' ? `a create has no name in its path, ${wanted}` : `the request names no object, ${wanted}`;
  },
  nonResourceURLs: ({ nonResourceURLs }, { isResourceRequest, path }) =>
    isResourceRequest ? 'the request is about a resource' : `${quoted(path)} is ${noneOf(nonResourceURLs)}`,
};

type Words = readonly (string | null)[] | null | undefined;

function noneOf(words: Words): string {
  return words?.length === 1 ? `not ${listed(words, 'and')}` : `none of ${listed(words, 'and')}`;
}

function oneOf(words: Words): string {
  return listed(words, 'or');
}

function resourceText({ resource, subresource, apiGroup }: Attributes): string {
  const combined = subresource === '' ? resource : `${resource}/${subresource}`;
  return `${quoted(combined)} of ${groupText(apiGroup)}`;
}

function resourcesText(entries: readonly (GroupResources | null)[] | null | undefined): string {
  const texts = (entries ?? []).map((entry) => {
    const { group, resources } = entry ?? {};
    const what = resources?.length ? listed(resources, 'and') : 'all';
    return `${what} of ${groupText(group ?? '')}`;
  });
  const shown = texts.length > MAX_WORDS ? [...texts.slice(0, MAX_WORDS), `${texts.length - MAX_WORDS} more`] : texts;
  return shown.join(', ');
}

function groupText(group: string): string {
  if (group === '') return 'the core group';
  return group === '*' ? 'any group' : `group ${quoted(group)}`;
}

/** `"a"`, `"a" or "b"`; of many the first few and how many there are besides. */
function listed(words: Words, last: 'and' | 'or'): string {
  const texts = (words ?? []).slice(0, MAX_WORDS).map((word) => quoted(word ?? ''));
  const more = (words?.length ?? 0) - texts.length;
  if (more > 0) texts.push(`${more} more`);
  const end = texts.pop() ?? 'nothing';
  return texts.length === 0 ? end : `${texts.join(', ')} ${last} ${end}`;
}

/** A text in quotes, in one line that shows every character that is in it. */
export function quoted(text: string): string {
  const part = text.length <= MAX_WORD ? text : `${text.slice(0, MAX_WORD - 1).replace(/[\ud800-\udbff]$/, '')}…`;
  return JSON.stringify(part).replace(HARMFUL, escaped);
}

function escaped(character: string): string {
  const hex = (character.codePointAt(0) as number).toString(16);
  return hex.length <= 4 ? `\\u${hex.padStart(4, '0')}` : `\\u{${hex}}`;
}
