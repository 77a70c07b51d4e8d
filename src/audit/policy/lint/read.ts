import type { Document } from 'yaml';
import { checkKeys, checkMetadata } from './keys.ts';
import { type Entry, Nodes, spanOf } from './nodes.ts';
import type { Desk, GroupList, GroupSource, PolicySource, RuleSource, Word, WordList } from './source.ts';

/**
 * Reads a policy from its document, as leniently as can be: what has the wrong type is reported and left out, and what
 * kube-apiserver would drop is reported and dropped. `undefined` where the document is no policy at all.
 */
export function readPolicy(document: Document.Parsed, desk: Desk): PolicySource | undefined {
  const nodes = new Nodes(document, desk);
  if (!nodes.isMapping(document.contents)) {
    desk.report('wrong-type', spanOf(document.contents), {
      message: 'the file does not hold the keys of a policy: kube-apiserver does not start with it',
      instead: 'begin with "apiVersion: audit.k8s.io/v1", "kind: Policy" and "rules:"',
    });
    return undefined;
  }
  const entries = nodes.entriesOf(document.contents);
  checkKeys(entries.values(), { place: 'policy', desk });
  checkMetadata(nodes.entriesOf(entries.get('metadata')?.value).values(), desk);
  const managed = entries.get('omitManagedFields');
  const rules = entries.get('rules');
  return {
    apiVersion: wordIn(entries, 'apiVersion', nodes),
    kind: wordIn(entries, 'kind', nodes),
    omitStages: wordsIn(entries, 'omitStages', { nodes, desk }),
    omitManagedFields: managed && nodes.booleanOf(managed),
    rulesAt: rules?.at ?? nodes.headOf(document.contents),
    rules: rules === undefined ? [] : rulesOf(rules, { nodes, desk }),
  };
}

interface Reader {
  readonly nodes: Nodes;
  readonly desk: Desk;
}

type Entries = ReadonlyMap<string, Entry>;

function rulesOf(rules: Entry, { nodes, desk }: Reader): RuleSource[] {
  const items = nodes.itemsOf(rules, {
    of: 'rules',
    like: '"rules:" and each rule behind a dash: "- level: Metadata"',
  });
  if (items === undefined) return [];
  const found: RuleSource[] = [];
  for (const [index, item] of items.entries()) {
    if (!nodes.isMapping(item) && !isNothing(item)) {
      nodes.wrongType(item, { what: 'a rule', wanted: 'keys and values', like: '"- level: Metadata"' });
      continue;
    }
    found.push(ruleOf(item, { index, nodes, desk }));
  }
  return found;
}

function ruleOf(item: unknown, { index, nodes, desk }: Reader & { readonly index: number }): RuleSource {
  const entries = nodes.entriesOf(item);
  const level = wordIn(entries, 'level', nodes);
  checkKeys(entries.values(), { place: 'rule', desk, level: level?.value });
  const words = (key: string) => wordsIn(entries, key, { nodes, desk });
  const resources = entries.get('resources');
  const managed = entries.get('omitManagedFields');
  return {
    index,
    ...nodes.headOf(item),
    level,
    users: words('users'),
    userGroups: words('userGroups'),
    verbs: words('verbs'),
    resources: resources && groupsOf(resources, { nodes, desk, level: level?.value }),
    namespaces: words('namespaces'),
    nonResourceURLs: words('nonResourceURLs'),
    omitStages: words('omitStages'),
    omitManagedFields: managed && nodes.booleanOf(managed),
  };
}

function groupsOf(
  entry: Entry,
  { nodes, desk, level }: Reader & { readonly level: string | undefined },
): GroupList | undefined {
  const items = nodes.itemsOf(entry, { of: 'groups with their resources', like: GROUP_EXAMPLE });
  if (items === undefined) return undefined;
  reportEmpty(entry, { size: items.length, desk });
  const found: GroupSource[] = [];
  for (const item of items) {
    if (!nodes.isMapping(item) && !isNothing(item)) {
      nodes.wrongType(item, {
        what: 'an entry of "resources"',
        wanted: 'a group with its resources',
        like: GROUP_EXAMPLE,
      });
      continue;
    }
    const entries = nodes.entriesOf(item);
    checkKeys(entries.values(), { place: 'resources', desk, level });
    const words = (key: string) => wordsIn(entries, key, { nodes, desk });
    found.push({
      ...nodes.headOf(item),
      group: wordIn(entries, 'group', nodes),
      resources: words('resources'),
      resourceNames: words('resourceNames'),
    });
  }
  return { ...entry.at, items: found };
}

const GROUP_EXAMPLE = 'resources: [{ group: "", resources: ["pods"] }]';

function wordIn(entries: Entries, key: string, nodes: Nodes): Word | undefined {
  const entry = entries.get(key);
  if (entry === undefined) return undefined;
  const word = nodes.wordOf(entry.value, { what: JSON.stringify(key) });
  return word !== undefined && entry.value === undefined ? { ...entry.at, value: word.value } : word;
}

function wordsIn(entries: Entries, key: string, { nodes, desk }: Reader): WordList | undefined {
  const entry = entries.get(key);
  if (entry === undefined) return undefined;
  const items = nodes.itemsOf(entry, { of: 'texts', like: `a list, ${key}: ["..."]` });
  if (items === undefined) return undefined;
  reportEmpty(entry, { size: items.length, desk });
  const words: Word[] = [];
  for (const item of items) {
    const word = nodes.wordOf(item, { what: `an entry of ${JSON.stringify(key)}` });
    if (word !== undefined) words.push(word);
  }
  return { ...entry.at, items: words };
}

function reportEmpty({ key, at }: Entry, { size, desk }: { readonly size: number; readonly desk: Desk }): void {
  if (size > 0 || key === 'omitStages') return;
  desk.report('empty-list', at, {
    message: `"${key}" is empty, which restricts nothing: it matches everything, as if it were not there`,
    instead: `name what the rule is about, or remove "${key}"`,
  });
}

function isNothing(node: unknown): boolean {
  return node === undefined || node === null || (typeof node === 'object' && 'value' in node && node.value === null);
}
