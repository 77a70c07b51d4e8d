import { type Alias, type Document, isAlias, isMap, isScalar, isSeq, type Node, type Scalar, visit } from 'yaml';
import { type Desk, quote, type Span, type Word } from './source.ts';

/** One key of a mapping and what is written behind it. */
export interface Entry {
  readonly key: string;
  readonly at: Span;
  /** Aliases are followed. */
  readonly value: Node | undefined;
}

/** Reads YAML nodes as kube-apiserver does, by the rules of YAML 1.1, and says where a value has the wrong type. */
export class Nodes {
  private readonly targets = new Map<unknown, Node>();
  private readonly desk: Desk;

  constructor(document: Document.Parsed, desk: Desk) {
    this.desk = desk;
    const anchors = new Map<string, Node>();
    visit(document, {
      Node: (_, node) => {
        if (isAlias(node)) {
          const target = anchors.get(node.source);
          if (target !== undefined) this.targets.set(node, target);
          else sayNoAnchor(node, desk);
        } else if (node.anchor !== undefined) anchors.set(node.anchor, node);
      },
    });
  }

  /** The entries of a mapping, merged ones included; of those with the same key the last. */
  entriesOf(node: unknown, around: readonly unknown[] = []): ReadonlyMap<string, Entry> {
    const entries = new Map<string, Entry>();
    const map = this.resolved(node);
    if (!isMap(map) || around.includes(map)) return entries;
    const merged: unknown[] = [];
    for (const pair of map.items) {
      if (!isScalar(pair.key)) {
        this.desk.report('yaml-syntax', spanOf(pair.key), {
          message: 'this stands where a key belongs: kube-apiserver does not start with it',
          instead: 'indent it below the key that it belongs to, or write a key in front',
        });
        continue;
      }
      const key = keyOf(pair.key);
      if (key === '<<') {
        merged.push(pair.value);
        continue;
      }
      const before = entries.get(key);
      const entry = { key, at: spanOf(pair.key), value: this.resolved(pair.value) };
      if (before !== undefined) {
        this.desk.report('duplicate-key', entry.at, {
          message: `${quote(key)} is given twice in the same place: only this one is read, the one above is dropped`,
          instead: 'write one of the two, with everything that both hold',
        });
      }
      entries.set(key, entry);
    }
    for (const source of merged) {
      const list = this.resolved(source);
      for (const part of isSeq(list) ? list.items : [list]) {
        for (const [key, entry] of this.entriesOf(part, [...around, map]))
          if (!entries.has(key)) entries.set(key, entry);
      }
    }
    return entries;
  }

  /** Where to point for the whole of an item of a list: its first key, or the alias that stands for it. */
  headOf(item: unknown): Span {
    return spanOf(isMap(item) ? (item.items[0]?.key ?? item) : item);
  }

  isMapping(node: unknown): boolean {
    return isMap(this.resolved(node));
  }

  /** The items of a list; `undefined` if it is not one, which is reported. Nothing at all is an empty list. */
  itemsOf(entry: Entry, { of, like }: { readonly of: string; readonly like: string }): readonly Node[] | undefined {
    const { value } = entry;
    if (isEmpty(value)) return [];
    if (isSeq(value)) return value.items as readonly Node[];
    this.wrongType(value, { what: quote(entry.key), wanted: `a list of ${of}`, like });
    return undefined;
  }

  /** The text of a scalar; `undefined` if it is of another type, which is reported. Nothing at all is "". */
  wordOf(node: unknown, { what, like }: { readonly what: string; readonly like?: string }): Word | undefined {
    const value = this.resolved(node);
    if (value === undefined || isEmpty(value)) return { ...spanOf(value), value: '' };
    if (isScalar(value)) {
      if (typeof value.value === 'string') return { ...spanOf(value), value: value.value };
      const source = value.source ?? String(value.value);
      if (value.value instanceof Date || /\d:\d/.test(source)) return { ...spanOf(value), value: source };
      this.wrongType(value, { what, wanted: 'a text', like: like ?? quote(source) });
    } else this.wrongType(value, { what, wanted: 'a text', like: like ?? 'a single word' });
    return undefined;
  }

  booleanOf(entry: Entry): boolean | undefined {
    const { value } = entry;
    if (value === undefined || isEmpty(value)) return undefined;
    if (isScalar(value) && typeof value.value === 'boolean') return value.value;
    this.wrongType(value, { what: quote(entry.key), wanted: 'true or false', like: `${entry.key}: true` });
    return undefined;
  }

  wrongType(node: unknown, { what, wanted, like }: { readonly what: string; wanted: string; like: string }): void {
    const value = this.resolved(node);
    this.desk.report('wrong-type', spanOf(value ?? node), {
      message: `${what} has to be ${wanted}, this is ${typeText(value)}: kube-apiserver does not start with it`,
      instead: `write ${like}`,
    });
  }

  private resolved(node: unknown): Node | undefined {
    if (isAlias(node)) return this.targets.get(node);
    return node === null ? undefined : (node as Node | undefined);
  }
}

function sayNoAnchor(alias: Alias, desk: Desk): void {
  desk.report('yaml-syntax', spanOf(alias), {
    message: `*${alias.source} refers to an anchor that is not above it: kube-apiserver does not start with it`,
    instead: `put a text that begins with a star in quotes: "*${alias.source}"`,
  });
}

export function spanOf(node: unknown): Span {
  const range = typeof node === 'object' && node !== null && 'range' in node ? node.range : undefined;
  if (!Array.isArray(range)) return { start: 0, end: 0 };
  return { start: Number(range[0]), end: Number(range[1]) };
}

function isEmpty(node: unknown): boolean {
  return node === undefined || (isScalar(node) && node.value === null);
}

function keyOf(key: Scalar): string {
  return typeof key.value === 'string' ? key.value : (key.source ?? String(key.value));
}

function typeText(node: unknown): string {
  if (isMap(node)) return 'keys and values';
  if (isSeq(node)) return 'a list';
  if (!isScalar(node) || node.value === null) return 'nothing';
  const source = node.source ?? String(node.value);
  if (typeof node.value === 'boolean') return `a boolean (${source} without quotes is one in YAML 1.1)`;
  return typeof node.value === 'number' ? 'a number' : 'a text';
}
