import { decisionOf, knowsAnyGroup, type MatchOptions } from '../match.ts';
import type { Attributes, Decision, Policy, PolicyRule } from '../policy.ts';
import { PathTable } from './path-table.ts';
import { ResourceTable } from './resource-table.ts';
import { type Rules, ValueTable } from './value-table.ts';

/** Gives the same answers as `matchPolicy`, and for the same answer the same object. */
export type Matcher = (attributes: Attributes) => Decision;

/**
 * Prepares a policy for many requests.
 *
 * Rules are taken in blocks of 32. For each restriction a block has a table from a value to the rules that allow it, a
 * bit for each; what is left of the rules when every part of the request was looked up are those that match, and the
 * lowest bit is the first of them. So a block costs a few look-ups however many rules and values it has (and a comparison
 * for each path that ends in a star), and a policy at most the sum of its blocks.
 */
export function compilePolicy(policy: Policy, options: MatchOptions = {}): Matcher {
  const rules = policy.rules ?? [];
  const anyGroup = knowsAnyGroup(options);
  const decisions = rules.map((_, index) => decisionOf(policy, index));
  const unmatched = decisionOf(policy, -1);
  const blocks: Block[] = [];
  for (let from = 0; from < rules.length; from += 32) blocks.push(new Block(rules.slice(from, from + 32), anyGroup));
  return (attributes) => {
    for (let i = 0; i < blocks.length; i++) {
      const matching = (blocks[i] as Block).match(attributes);
      if (matching !== 0) return decisions[i * 32 + lowestBit(matching)] as Decision;
    }
    return unmatched;
  };
}

class Block {
  private readonly users = new ValueTable();
  private readonly groups = new ValueTable();
  private readonly verbs = new ValueTable();
  private readonly namespaces = new ValueTable();
  private readonly resources: ResourceTable;
  private readonly paths = new PathTable();
  /** The rules for resources, for paths, and for whatever is asked. */
  private forResources: Rules = 0;
  private forPaths: Rules = 0;
  private forAll: Rules = 0;

  constructor(rules: readonly PolicyRule[], anyGroup: boolean) {
    this.resources = new ResourceTable(anyGroup);
    for (const [index, rule] of rules.entries()) this.add(1 << index, rule ?? {});
  }

  private add(bit: Rules, rule: PolicyRule): void {
    this.users.add(bit, rule.users);
    this.groups.add(bit, rule.userGroups);
    this.verbs.add(bit, rule.verbs);
    this.namespaces.add(bit, rule.namespaces);
    this.resources.add(bit, rule.resources);
    if (rule.namespaces?.length || rule.resources?.length) {
      this.forResources |= bit;
    } else if (rule.nonResourceURLs?.length) {
      this.forPaths |= bit;
      this.paths.add(bit, rule.nonResourceURLs);
    } else {
      this.forAll |= bit;
    }
  }

  match(attributes: Attributes): Rules {
    const { user, isResourceRequest } = attributes;
    const { forAll } = this;
    let left = forAll | (isResourceRequest ? this.forResources : this.forPaths);
    if (left !== 0) left &= this.verbs.allowing(attributes.verb);
    if (left !== 0) left &= user ? this.users.allowing(user.username ?? '') : this.users.unrestricted;
    if (left !== 0) left &= user?.groups ? this.groups.allowingSome(user.groups) : this.groups.unrestricted;
    if ((left & ~forAll) === 0) return left;
    if (!isResourceRequest) return left & (forAll | this.paths.allowing(attributes.path));
    left &= this.namespaces.allowing(attributes.namespace);
    return left === 0 ? 0 : left & this.resources.allowing(attributes);
  }
}

function lowestBit(rules: Rules): number {
  return 31 - Math.clz32(rules & -rules);
}
