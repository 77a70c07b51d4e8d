import { YamlError } from './error.ts';
import { goSyntax } from './go-syntax.ts';
import type { AliasNode, MappingNode, SequenceNode, YamlNode } from './nodes.ts';
import { resolveScalar } from './resolve.ts';
import type { YamlScalar, YamlValue } from './values.ts';

export interface Constructed {
  readonly value: YamlValue;
  /** Keys that were set more than once, as `line 5: key "level" already set in map`: where the later value begins. */
  readonly duplicates: readonly string[];
}

type Frame = SequenceFrame | MappingFrame | MergeFrame | AliasFrame;
interface SequenceFrame {
  readonly kind: 'sequence';
  readonly node: SequenceNode;
  readonly items: YamlValue[];
}
interface MappingFrame {
  readonly kind: 'mapping';
  readonly node: MappingNode;
  readonly map: MutableMap;
  /** What it adds goes into a map that is there already. */
  readonly merging: boolean;
  next: number;
  key: YamlScalar | symbol;
}
interface MergeFrame {
  readonly kind: 'merge';
  readonly nodes: readonly YamlNode[];
  readonly map: MutableMap;
  next: number;
}
interface AliasFrame {
  readonly kind: 'alias';
  readonly node: AliasNode;
}
type MutableMap = Map<YamlScalar | symbol, YamlValue>;

/** Follows aliases within upstream's limits: most of what is made may not come from aliases, and none contains itself. */
export function construct(root: YamlNode): Constructed {
  return new Construction(root).run();
}

class Construction {
  readonly #root: YamlNode;
  /** Open collections and aliases; a stack of its own, so that depth costs no call stack. */
  readonly #frames: Frame[] = [];
  readonly #active = new Set<AliasNode>();
  readonly #duplicates: string[] = [];
  #made = 1;
  #madeByAlias = 0;
  #result: YamlValue = null;

  constructor(root: YamlNode) {
    this.#root = root;
  }

  run(): Constructed {
    this.#begin(this.#root);
    for (let frame = this.#frames.at(-1); frame !== undefined; frame = this.#frames.at(-1)) this.#step(frame);
    return { value: this.#result, duplicates: this.#duplicates };
  }

  #step(frame: Frame): void {
    if (frame.kind === 'alias') this.#closeAlias(frame);
    else if (frame.kind === 'merge') this.#mergeNext(frame);
    else if (frame.kind === 'sequence') this.#stepSequence(frame);
    else this.#stepMapping(frame);
  }

  #stepSequence({ node, items }: SequenceFrame): void {
    const child = node.children[items.length];
    if (child === undefined) this.#end(items);
    else this.#begin(child);
  }

  #stepMapping(frame: MappingFrame): void {
    const child = frame.node.children[frame.next];
    if (child === undefined) this.#end(frame.map);
    else if (frame.next % 2 === 0 && isMerge(child)) this.#merge(frame);
    else this.#begin(child);
  }

  /** `into`: a mapping adds to it instead of making its own. */
  #begin(node: YamlNode, into?: MutableMap): void {
    this.#count();
    if (node.kind === 'scalar') {
      this.#deliver(resolveScalar(node));
    } else if (node.kind === 'sequence') {
      this.#frames.push({ kind: 'sequence', node, items: [] });
    } else if (node.kind === 'mapping') {
      this.#frames.push({
        kind: 'mapping',
        node,
        map: into ?? new Map(),
        merging: into !== undefined,
        next: 0,
        key: null,
      });
    } else {
      if (this.#active.has(node)) throw new YamlError(`anchor '${node.anchor}' value contains itself`);
      this.#active.add(node);
      this.#frames.push({ kind: 'alias', node });
      this.#begin(node.target, into);
    }
  }

  #end(value: YamlValue): void {
    const frame = this.#frames.pop();
    if (frame?.kind === 'mapping' && frame.merging) return;
    this.#deliver(value);
  }

  /** Hands a complete value to what it is part of; an alias around it is closed first. */
  #deliver(value: YamlValue): void {
    let frame = this.#frames.at(-1);
    for (; frame?.kind === 'alias'; frame = this.#frames.at(-1)) this.#closeAlias(frame);
    if (frame?.kind === 'sequence') frame.items.push(value);
    else if (frame?.kind === 'mapping') this.#deliverTo(frame, value);
    else this.#result = value;
  }

  #deliverTo(frame: MappingFrame, value: YamlValue): void {
    if (frame.next % 2 === 0) {
      if (typeof value === 'object' && value !== null) throw new YamlError(`invalid map key: ${goSyntax(value)}`);
      frame.key = Number.isNaN(value) ? Symbol('NaN') : value;
    } else {
      const { key, map } = frame;
      if (map.has(key) && typeof key !== 'symbol') {
        const line = (frame.node.children[frame.next]?.line ?? 0) + 1;
        this.#duplicates.push(`line ${line}: key ${key === null ? '<nil>' : goSyntax(key)} already set in map`);
      }
      map.set(key, value);
    }
    frame.next++;
  }

  #merge(frame: MappingFrame): void {
    const node = frame.node.children[frame.next + 1];
    frame.next += 2;
    if (node === undefined) return;
    if (node.kind === 'sequence') {
      const nodes = node.children;
      this.#frames.push({ kind: 'merge', nodes, map: frame.map, next: nodes.length - 1 });
    } else {
      this.#mergeOne(node, frame.map);
    }
  }

  /** From the last one on: earlier ones take precedence. */
  #mergeNext(frame: MergeFrame): void {
    const node = frame.nodes[frame.next--];
    if (node === undefined) this.#frames.pop();
    else this.#mergeOne(node, frame.map);
  }

  #mergeOne(node: YamlNode, map: MutableMap): void {
    const { kind } = node.kind === 'alias' ? node.target : node;
    if (kind !== 'mapping') throw new YamlError('map merge requires map or sequence of maps as the value');
    this.#begin(node, map);
  }

  #closeAlias(frame: AliasFrame): void {
    this.#frames.pop();
    this.#active.delete(frame.node);
  }

  #count(): void {
    this.#made++;
    if (this.#active.size > 0) this.#madeByAlias++;
    if (this.#made <= 1000 || this.#madeByAlias / this.#made <= allowedByAlias(this.#made)) return;
    throw new YamlError('document contains excessive aliasing');
  }
}

const SMALL = 400_000;
const LARGE = 4_000_000;

/** 99 % for a small document, 10 % for a large one. */
function allowedByAlias(made: number): number {
  if (made <= SMALL) return 0.99;
  return made >= LARGE ? 0.1 : 0.99 - 0.89 * ((made - SMALL) / (LARGE - SMALL));
}

function isMerge(node: YamlNode): boolean {
  return node.kind === 'scalar' && node.text === '<<' && (node.implicit || node.tag === 'tag:yaml.org,2002:merge');
}
