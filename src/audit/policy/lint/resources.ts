import { API, type ApiResource, groupsWith, pluralOf } from './api-resources.ts';
import { type Desk, type GroupSource, quote, quoted, type Word } from './source.ts';

/** The names and patterns of `resources`, against what Kubernetes serves in their group. */
export function checkResources(source: GroupSource, desk: Desk): void {
  const group = source.group?.value ?? '';
  for (const word of source.resources?.items ?? []) {
    if (word.value !== '' && !checkPattern(word, desk)) checkName(word, { group, desk });
  }
}

/** Forms that match nothing, or more than they seem to; true if there is no more to say. */
function checkPattern(word: Word, desk: Desk): boolean {
  const { value } = word;
  if (value === '*') return true;
  const [name = '', subresource, ...deeper] = value.split('/');
  const meant = value === '*/*' ? '"*", which takes in every resource and every subresource' : undefined;
  if (
    value === '*/*' ||
    deeper.length > 0 ||
    name === '' ||
    subresource === '' ||
    /.\*|\*[^/]/.test(value.replace(/\/\*$/, ''))
  ) {
    desk.report('resource-pattern', word, {
      message: `${quote(value)} matches nothing: ${reasonOf(value)}`,
      instead: `write ${meant ?? pieceOf(value)}`,
    });
    return true;
  }
  if (subresource !== '*') return false;
  desk.report('resource-and-subresources', word, {
    message: `${quote(value)} matches ${quote(name)} itself as well as its subresources`,
    instead: `nothing, if that is meant; else name the subresources: ${likeOf(name)}`,
  });
  return false;
}

function reasonOf(value: string): string {
  if (value === '*/*') return 'it wants a subresource that is called "*"';
  if (value.split('/').length > 2) return 'a request has one subresource, what follows it in the path is not looked at';
  return value.includes('*') ? 'a "*" stands for a whole name or not at all' : 'one side of the slash is empty';
}

function pieceOf(value: string): string {
  const [name = '', subresource = ''] = value.split('/');
  if (name.includes('*') && name !== '*') return '"*", or each resource by its name';
  const plain = subresource === '' || subresource.includes('*') ? name : `${name}/${subresource}`;
  return name === '' ? `"*/${subresource === '' ? 'status' : subresource}"` : quote(plain);
}

function likeOf(resource: string): string {
  const subresources = find(resource)?.subresources.map((one) => `${resource}/${one}`) ?? [];
  return subresources.length === 0 ? quote(`${resource}/status`) : quoted(subresources);
}

function find(resource: string): ApiResource | undefined {
  return [...API.values()].map((resources) => resources.get(resource)).find((one) => one !== undefined);
}

function checkName(word: Word, { group: written, desk }: { readonly group: string; readonly desk: Desk }): void {
  const group = written === 'core' ? '' : (written.split('/')[0] ?? '').toLowerCase();
  const [name = '', subresource] = word.value.split('/');
  const served = API.get(group);
  const known = served?.get(name) ?? (group === '*' ? find(name) : undefined);
  if (known !== undefined) checkSubresource(word, { known, subresource, desk });
  else if (name === '*') checkAnySubresource(word, { group, subresource, desk });
  else checkUnknown(word, { group, name, subresource, desk });
}

function checkSubresource(
  word: Word,
  {
    known,
    subresource,
    desk,
  }: { readonly known: ApiResource; readonly subresource: string | undefined; readonly desk: Desk },
): void {
  if (subresource === undefined || subresource === '*' || known.subresources.includes(subresource)) return;
  const lower = subresource.toLowerCase();
  const meant =
    known.subresources.find((one) => one === lower || one === `${lower}s`) ?? desk.suggest(lower, known.subresources);
  desk.report('unknown-subresource', word, {
    message: `Kubernetes has no ${quote(word.value)}: the entry matches nothing`,
    instead:
      meant !== undefined
        ? `write ${quote(`${known.name}/${meant}`)}`
        : known.subresources.length === 0
          ? `write ${quote(known.name)}, which has no subresources`
          : `${known.name} has ${quoted(known.subresources)}`,
  });
}

/** `*` + `/scale`: in a group of Kubernetes itself it is known who has it. */
function checkAnySubresource(
  word: Word,
  {
    group,
    subresource,
    desk,
  }: { readonly group: string; readonly subresource: string | undefined; readonly desk: Desk },
): void {
  const served = API.get(group);
  if (served === undefined || subresource === undefined) return;
  const all = [...new Set([...served.values()].flatMap(({ subresources }) => subresources))].sort();
  if (all.includes(subresource)) return;
  const meant = desk.suggest(subresource, all);
  desk.report('unknown-subresource', word, {
    message: `no resource of the group ${quote(group)} has a subresource ${quote(subresource)}: the entry matches nothing`,
    instead:
      meant !== undefined
        ? `write ${quote(`*/${meant}`)}`
        : all.length === 0
          ? 'remove it'
          : `known are ${quoted(all)}`,
  });
}

interface Unknown {
  readonly group: string;
  readonly name: string;
  readonly subresource: string | undefined;
  readonly desk: Desk;
}

/** In a group of custom resources nothing is known but how resources are written. */
function checkUnknown(word: Word, { group, name, subresource, desk }: Unknown): void {
  const served = API.get(group);
  const lower = name.toLowerCase();
  const plural = pluralOf(name);
  const rest = subresource === undefined ? '' : `/${subresource}`;
  if (served === undefined && group !== '*') {
    if (lower !== name) sayCase(word, { lower: `${lower}${rest}`, desk });
    return;
  }
  if (plural !== undefined && (served?.has(plural) || group === '*')) {
    desk.report('singular-resource', word, {
      message: `${quote(name)} matches nothing: resources are named by their plural in lower case, as in paths`,
      instead: `write ${quote(`${plural}${rest}`)}`,
    });
  } else if (served?.has(lower)) sayCase(word, { lower: `${lower}${rest}`, desk });
  else if (name.includes('.')) checkDotted(word, { group, name, subresource, desk });
  else if (served !== undefined) checkElsewhere(word, { group, name, subresource, desk });
}

function sayCase(word: Word, { lower, desk }: { readonly lower: string; readonly desk: Desk }): void {
  desk.report('resource-case', word, {
    message: `${quote(word.value)} matches nothing: resources are compared letter by letter, and are written in lower case`,
    instead: `write ${quote(lower)}`,
  });
}

function checkDotted(word: Word, { group, name, subresource, desk }: Unknown): void {
  const [resource = '', ...rest] = name.split('.');
  const isSubresource = find(resource)?.subresources.includes(rest.join('.'));
  const entry = `group: ${quote(rest.join('.'))}, resources: [${quote([resource, subresource].filter((one) => one !== undefined).join('/'))}]`;
  desk.report('resource-with-group', word, {
    message: `${quote(word.value)} matches nothing: ${isSubresource ? 'a slash parts a resource from its subresource' : `no resource of the group ${quote(group)} has a dot in its name`}`,
    instead: isSubresource ? `write ${quote(`${resource}/${rest.join('.')}`)}` : `write ${entry}`,
  });
}

function checkElsewhere(word: Word, { group, name, subresource, desk }: Unknown): void {
  const plural = pluralOf(name) ?? name.toLowerCase();
  const homes = groupsWith(plural);
  const rest = subresource === undefined ? '' : `/${subresource}`;
  if (homes.length > 0) {
    desk.report('wrong-group', word, {
      message: `${quote(name)} matches nothing here: it is not in the group ${quote(group)}`,
      instead: `write an entry with group: ${homes.map(quote).join(' or ')} and resources: [${quote(`${plural}${rest}`)}]`,
    });
    return;
  }
  const all = [...(API.get(group)?.keys() ?? [])];
  const meant =
    desk.suggest(name, all) ??
    desk.suggest(
      name,
      [...API.values()].flatMap((one) => [...one.keys()]),
    );
  const home =
    meant === undefined || all.includes(meant) ? '' : ` in an entry with group: ${quote(groupsWith(meant)[0] ?? '')}`;
  desk.report('unknown-resource', word, {
    message: `Kubernetes 1.36 has no resource ${quote(name)} in the group ${quote(group)}: the entry matches nothing`,
    instead: meant === undefined ? `known are ${quoted(all)}` : `write ${quote(`${meant}${rest}`)}${home}`,
  });
}
