import type { Severity } from './findings.ts';
import type { Desk, GroupSource, RuleSource, Word, WordList } from './source.ts';

/** What is wrong with a list whatever it is about: empty entries, and entries that are there twice. */
export function checkLists(rule: RuleSource, desk: Desk): void {
  const { users, userGroups, verbs, nonResourceURLs, namespaces, omitStages } = rule;
  checkEmpty(users, { desk, what: 'nobody has an empty name' });
  checkEmpty(userGroups, { desk, what: 'no group has an empty name' });
  checkEmpty(verbs, {
    desk,
    severity: 'warning',
    what: 'only requests with a method of HTTP that Kubernetes does not use have no verb',
  });
  for (const list of [users, userGroups, verbs, nonResourceURLs, namespaces, omitStages]) checkTwice(list, desk);
  for (const group of rule.resources?.items ?? []) {
    checkEmpty(group.resources, { desk, what: 'no resource has an empty name' });
    checkTwice(group.resources, desk);
    checkTwice(group.resourceNames, desk);
    checkRedundant(group, desk);
  }
  checkGroupsTwice(rule, desk);
}

function checkEmpty(
  list: WordList | undefined,
  { desk, what, severity = 'error' }: { readonly desk: Desk; readonly what: string; readonly severity?: Severity },
): void {
  for (const word of list?.items ?? []) {
    if (word.value !== '') continue;
    desk.report('empty-entry', word, {
      severity,
      message: `an empty entry is not "any", it is compared like every other: ${what}`,
      instead: 'remove the entry; leave the whole list out to match everything',
    });
  }
}

function checkTwice(list: WordList | undefined, desk: Desk): void {
  const seen = new Set<string>();
  for (const word of list?.items ?? []) {
    if (seen.has(word.value)) sayTwice(word, { what: JSON.stringify(word.value), desk });
    seen.add(word.value);
  }
}

function checkGroupsTwice(rule: RuleSource, desk: Desk): void {
  const seen = new Set<string>();
  for (const group of rule.resources?.items ?? []) {
    const { resources, resourceNames } = group;
    const words = (list: WordList | undefined) => [...new Set(list?.items.map(({ value }) => value))].sort();
    const text = JSON.stringify([group.group?.value ?? '', words(resources), words(resourceNames)]);
    if (seen.has(text)) sayTwice(group, { what: 'the entry', desk });
    seen.add(text);
  }
}

function sayTwice(at: Word | GroupSource, { what, desk }: { readonly what: string; readonly desk: Desk }): void {
  desk.report('duplicate-entry', at, {
    message: `${what} stands in this list already: the second one changes nothing`,
    instead: 'remove one of them',
  });
}

function checkRedundant({ resources }: GroupSource, desk: Desk): void {
  const words = resources?.items ?? [];
  const all = new Set(words.map(({ value }) => value));
  for (const word of words) {
    const cover = coverOf(word.value, all);
    if (cover === undefined) continue;
    desk.report('redundant-entry', word, {
      message: `${JSON.stringify(word.value)} changes nothing beside ${JSON.stringify(cover)}, which takes it in`,
      instead: 'remove it, or the wildcard if that is too much',
    });
  }
}

/** It wants a subresource that is called "*". */
const MATCHES_NOTHING = '*/*';

function coverOf(resource: string, all: ReadonlySet<string>): string | undefined {
  if (resource === '*' || resource === '') return undefined;
  if (all.has('*')) return '*';
  const [name = '', subresource] = resource.split('/');
  const covers = subresource === undefined ? [`${name}/*`] : [`${name}/*`, `*/${subresource}`];
  return covers.find((cover) => cover !== resource && cover !== MATCHES_NOTHING && all.has(cover));
}
