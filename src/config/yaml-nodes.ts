import { type Document, isAlias, isMap, isPair, isScalar, isSeq, type Node, visit } from 'yaml';
import type { Finding } from './findings.ts';

/** The path of the key that begins at this offset. */
export function pathOfKeyAt(document: Document.Parsed, offset: number): readonly PropertyKey[] | undefined {
  let found: readonly PropertyKey[] | undefined;
  visit(document, {
    Pair: (_, pair, above) => {
      if (startOf(pair.key) === offset) found = pathOf([...above, pair]);
    },
  });
  return found;
}

/** String scalars that are values: keys are never interpolated. An anchored one is changed once, for all its aliases. */
export function stringsOf(document: Document.Parsed) {
  const strings: {
    readonly node: { value: unknown; range?: Node['range'] };
    readonly source: string;
    readonly path: readonly PropertyKey[];
  }[] = [];
  visit(document, {
    Scalar: (key, node, above) => {
      if (key === 'key' || typeof node.value !== 'string' || !node.value.includes('${')) return;
      strings.push({ node, source: node.value, path: pathOf([...above, node]) });
    },
  });
  return strings;
}

/** Aliases of nothing, and those inside of what they refer to: neither has a value. */
export function brokenAliases(document: Document.Parsed) {
  const broken: { readonly node: Node; readonly path: readonly PropertyKey[]; readonly message: string }[] = [];
  const anchored = new Map<string, unknown>();
  visit(document, {
    Value: (_, node) => {
      if (node.anchor !== undefined) anchored.set(node.anchor, node);
    },
    Alias: (_, node, above) => {
      const target = anchored.get(node.source);
      if (target !== undefined && !(above as readonly unknown[]).includes(target)) return;
      const problem =
        target === undefined
          ? `has no anchor &${node.source} before it, a text needs quotes: "*${node.source}"`
          : 'stands inside of what it refers to';
      broken.push({ node, path: pathOf([...above, node]), message: `the alias *${node.source} ${problem}` });
    },
  });
  return broken;
}

/** Keys and indexes of a chain of nodes, from the document down. */
function pathOf(chain: readonly unknown[]): readonly PropertyKey[] {
  return chain.flatMap((node, depth): PropertyKey[] => {
    if (isPair(node)) return [keyOf(node.key)];
    return isSeq(node) && depth + 1 < chain.length ? [node.items.indexOf(chain[depth + 1])] : [];
  });
}

function keyOf(key: unknown): string {
  return String(isScalar(key) ? key.value : key);
}

/** Walks down as far as the path exists: a missing key is reported at the last key that is there. */
export function offsetOf(document: Document.Parsed, { path, at }: Finding): number {
  let key = startOf(document.contents);
  let node: unknown = document.contents;
  for (const step of path) {
    const here = isAlias(node) ? node.resolve(document) : node;
    if (isMap(here)) {
      const pair = here.items.find((item) => keyOf(item.key) === String(step));
      if (pair === undefined) return key;
      [key, node] = [startOf(pair.key), pair.value];
    } else if (isSeq(here) && here.items[Number(step)] !== undefined) {
      node = here.items[Number(step)];
      key = startOf(node);
    } else return key;
  }
  return at === 'value' && !isEmpty(node) ? startOf(node) : key;
}

function isEmpty(node: unknown): boolean {
  return node === null || (isScalar(node) && node.value === null && node.source === '');
}

/** Where a node begins in the text. */
export function startOf(node: unknown): number {
  const range = typeof node === 'object' && node !== null && 'range' in node ? node.range : undefined;
  return Array.isArray(range) && typeof range[0] === 'number' ? range[0] : 0;
}
