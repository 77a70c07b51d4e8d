import { OTHER, type RequestSet, type RuleMatch } from './request-sets.ts';

/** The rules above another, found by what they are restricted to: most rules have nothing in common with most others. */
export class RuleIndex {
  private readonly rules: RuleMatch[] = [];
  private readonly properties = {
    users: new PropertyIndex(),
    groups: new PropertyIndex(),
    verbs: new PropertyIndex(),
    namespaces: new PropertyIndex(),
  };

  /** Rules are added in their order. */
  add(match: RuleMatch): void {
    const position = this.rules.push(match) - 1;
    for (const name of NAMES) this.properties[name].add(position, match[name]);
  }

  /** In their order, all rules that can match a request of the set, and others. */
  candidates(set: RequestSet): readonly RuleMatch[] {
    let fewest = this.rules.length;
    let best: keyof typeof this.properties | undefined;
    for (const name of NAMES) {
      const size = this.properties[name].sizeFor(valuesIn(set, name));
      if (size < fewest) [fewest, best] = [size, name];
    }
    if (best === undefined) return this.rules;
    const positions = this.properties[best].positionsFor(valuesIn(set, best));
    return positions.flatMap((position) => this.rules[position] ?? []);
  }
}

const NAMES = ['users', 'groups', 'verbs', 'namespaces'] as const;

/** The witness OTHER is in no list: rules without a restriction alone match it. */
function valuesIn(set: RequestSet, name: (typeof NAMES)[number]): readonly string[] {
  if (name === 'namespaces') return set.of === 'resources' ? set.namespaces : [OTHER];
  return set[name];
}

class PropertyIndex {
  private readonly unrestricted: number[] = [];
  private readonly byValue = new Map<string, number[]>();

  add(position: number, values: ReadonlySet<string> | undefined): void {
    if (values === undefined) this.unrestricted.push(position);
    for (const value of values ?? []) {
      const positions = this.byValue.get(value);
      if (positions === undefined) this.byValue.set(value, [position]);
      else positions.push(position);
    }
  }

  sizeFor(values: readonly string[]): number {
    return values.reduce((size, value) => size + (this.byValue.get(value)?.length ?? 0), this.unrestricted.length);
  }

  positionsFor(values: readonly string[]): readonly number[] {
    const restricted = values.flatMap((value) => this.byValue.get(value) ?? []);
    return [...new Set([...this.unrestricted, ...restricted])].sort((a, b) => a - b);
  }
}
