import type { Attributes, GroupResources } from '../policy.ts';
import { addRules, type Rules, type RulesByValue } from './value-table.ts';

/** Which rules of a block name a resource by their `resources`. */
export class ResourceTable {
  private readonly anyGroup: boolean;
  private unrestricted: Rules = 0;
  private readonly groups = new Map<string, GroupTable>();
  private everywhere: GroupTable | undefined;

  /** @param anyGroup whether the group "*" means any */
  constructor(anyGroup: boolean) {
    this.anyGroup = anyGroup;
  }

  add(rule: Rules, entries: readonly (GroupResources | null)[] | null | undefined): void {
    if (!entries?.length) this.unrestricted |= rule;
    else for (const entry of entries) this.tableOf(entry?.group ?? '').add(rule, entry ?? {});
  }

  allowing(attributes: Attributes): Rules {
    let rules = this.unrestricted;
    if (this.groups.size > 0) rules |= this.groups.get(attributes.apiGroup)?.allowing(attributes) ?? 0;
    if (this.everywhere !== undefined) rules |= this.everywhere.allowing(attributes);
    return rules;
  }

  private tableOf(group: string): GroupTable {
    if (group === '*' && this.anyGroup) {
      this.everywhere ??= new GroupTable();
      return this.everywhere;
    }
    const table = this.groups.get(group) ?? new GroupTable();
    this.groups.set(group, table);
    return table;
  }
}

class GroupTable {
  private readonly whole = new Spellings();
  /** For each name the entries that have it among their resourceNames. */
  private readonly byName = new Map<string, Spellings[]>();

  add(rule: Rules, { resources, resourceNames }: GroupResources): void {
    if (!resources?.length) {
      this.whole.add('*', rule);
    } else if (!resourceNames?.length) {
      for (const resource of resources) this.whole.add(resource ?? '', rule);
    } else {
      const entry = new Spellings();
      for (const resource of resources) entry.add(resource ?? '', rule);
      for (const name of new Set(resourceNames)) this.entriesOf(name ?? '').push(entry);
    }
  }

  allowing(attributes: Attributes): Rules {
    let rules = this.whole.allowing(attributes);
    const entries = this.byName.size > 0 ? this.byName.get(attributes.name) : undefined;
    if (entries) for (const entry of entries) rules |= entry.allowing(attributes);
    return rules;
  }

  private entriesOf(name: string): Spellings[] {
    const entries = this.byName.get(name) ?? [];
    this.byName.set(name, entries);
    return entries;
  }
}

/** The ways in which rules spell resources: as they are, "*", with any subresource, a subresource of any. */
class Spellings {
  private all: Rules = 0;
  private readonly exact: RulesByValue = new Map();
  private readonly withAnySubresource: RulesByValue = new Map();
  private readonly ofAnyResource: RulesByValue = new Map();

  add(spelling: string, rule: Rules): void {
    if (spelling === '*') this.all |= rule;
    addRules(this.exact, spelling, rule);
    if (spelling.endsWith('/*')) addRules(this.withAnySubresource, spelling.slice(0, -2), rule);
    if (spelling.startsWith('*/')) addRules(this.ofAnyResource, spelling.slice(2), rule);
  }

  allowing({ resource, subresource }: Attributes): Rules {
    let rules = this.all;
    if (this.withAnySubresource.size > 0) rules |= this.withAnySubresource.get(resource) ?? 0;
    if (subresource === '') return rules | (this.exact.get(resource) ?? 0);
    if (this.ofAnyResource.size > 0) rules |= this.ofAnyResource.get(subresource) ?? 0;
    return this.exact.size === 0 ? rules : rules | (this.exact.get(`${resource}/${subresource}`) ?? 0);
  }
}
