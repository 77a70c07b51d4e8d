import { YamlError } from './error.ts';
import type { YamlEvent } from './events.ts';
import { Parser } from './parser.ts';
import { Scanner } from './scanner.ts';
import { sourceOf } from './source.ts';

/** A document as it is written: aliases are not followed, texts not yet understood. Lines count from 0. */
export type YamlNode = ScalarNode | SequenceNode | MappingNode | AliasNode;

export interface ScalarNode {
  readonly kind: 'scalar';
  readonly line: number;
  readonly tag: string;
  readonly text: string;
  readonly implicit: boolean;
}

export interface SequenceNode {
  readonly kind: 'sequence';
  readonly line: number;
  readonly children: readonly YamlNode[];
}

export interface MappingNode {
  readonly kind: 'mapping';
  readonly line: number;
  /** Keys and values by turns. */
  readonly children: readonly YamlNode[];
}

export interface AliasNode {
  readonly kind: 'alias';
  readonly line: number;
  readonly anchor: string;
  /** May be a collection that this alias is part of. */
  readonly target: Exclude<YamlNode, AliasNode>;
}

/** The first document; undefined if there is none. What follows is not looked at, broken or not. */
export function firstDocument(bytes: Uint8Array): YamlNode | undefined {
  const parser = new Parser(new Scanner(sourceOf(bytes.length === 0 ? Buffer.from('\n') : bytes)));
  if (parser.next().type === 'stream-end') return undefined;
  const root = compose(parser);
  parser.next();
  return root;
}

function compose(parser: Parser): YamlNode | undefined {
  const anchors = new Map<string, Exclude<YamlNode, AliasNode>>();
  const open: YamlNode[][] = [];
  let root: YamlNode | undefined;
  do {
    const event = parser.next();
    if (event.type === 'collection-end') {
      open.pop();
      continue;
    }
    const { node, children } = nodeOf(event, anchors);
    const parent = open.at(-1);
    if (parent === undefined) root = node;
    else parent.push(node);
    if (children !== undefined) open.push(children);
  } while (open.length > 0);
  return root;
}

function nodeOf(
  event: YamlEvent,
  anchors: Map<string, Exclude<YamlNode, AliasNode>>,
): { readonly node: YamlNode; readonly children?: YamlNode[] } {
  if (event.type === 'alias') {
    const target = anchors.get(event.anchor);
    if (target === undefined) throw new YamlError(`unknown anchor '${event.anchor}' referenced`);
    return { node: { kind: 'alias', line: event.line, anchor: event.anchor, target } };
  }
  if (event.type === 'scalar') {
    const { line, tag, text, implicit } = event;
    const node: ScalarNode = { kind: 'scalar', line, tag, text, implicit };
    if (event.anchor !== '') anchors.set(event.anchor, node);
    return { node };
  }
  if (event.type !== 'sequence-start' && event.type !== 'mapping-start') throw new Error(`${event.type} is no node`);
  const children: YamlNode[] = [];
  const kind = event.type === 'sequence-start' ? 'sequence' : 'mapping';
  const node: SequenceNode | MappingNode = { kind, line: event.line, children };
  if (event.anchor !== '') anchors.set(event.anchor, node);
  return { node, children };
}
