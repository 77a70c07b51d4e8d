/** Some of the at most 32 rules of a block, a bit for each. */
export type Rules = number;

/** From a value to the rules that name it. */
export type RulesByValue = Map<string, Rules>;

export function addRules(table: RulesByValue, value: string, rules: Rules): void {
  table.set(value, (table.get(value) ?? 0) | rules);
}

/** Which rules of a block allow a value: those that name it, and those that name none at all. */
export class ValueTable {
  private any: Rules = 0;
  private readonly named: RulesByValue = new Map();

  add(rule: Rules, values: readonly (string | null)[] | null | undefined): void {
    if (!values?.length) this.any |= rule;
    else for (const value of values) addRules(this.named, value ?? '', rule);
  }

  /** The rules that name none. */
  get unrestricted(): Rules {
    return this.any;
  }

  allowing(value: string): Rules {
    return this.named.size === 0 ? this.any : this.any | (this.named.get(value) ?? 0);
  }

  allowingSome(values: readonly string[]): Rules {
    let rules = this.any;
    if (this.named.size > 0) for (const value of values) rules |= this.named.get(value) ?? 0;
    return rules;
  }
}
