import { firstDocument, type YamlNode } from '../load/yaml/nodes.ts';

/**
 * Where each rule of a policy begins in its text, in lines counted from 1; empty where the text cannot be read as far as
 * its rules. It looks at the same `rules` as the loader: those of the first document, and the last if there are several.
 */
export function ruleLines(text: Uint8Array): readonly number[] {
  try {
    const rules = resolved(memberOf(firstDocument(text), 'rules'));
    return rules?.kind === 'sequence' ? rules.children.map(({ line }) => line + 1) : [];
  } catch {
    return [];
  }
}

type Target = Exclude<YamlNode, { readonly kind: 'alias' }>;

function resolved(node: YamlNode | undefined): Target | undefined {
  return node?.kind === 'alias' ? node.target : node;
}

/** What a mapping holds itself comes before what is merged into it. */
function memberOf(node: YamlNode | undefined, key: string): YamlNode | undefined {
  const map = resolved(node);
  if (map?.kind !== 'mapping') return undefined;
  let own: YamlNode | undefined;
  let merged: YamlNode | undefined;
  for (let at = 0; at < map.children.length; at += 2) {
    const name = resolved(map.children[at]);
    if (name?.kind !== 'scalar') continue;
    const value = map.children[at + 1];
    if (name.text === key) own = value;
    else if (name.text === '<<') merged = memberOf(value, key) ?? merged;
  }
  return own ?? merged;
}
