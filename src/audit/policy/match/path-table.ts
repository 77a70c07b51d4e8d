import { withoutStars } from '../match.ts';
import { addRules, type Rules, type RulesByValue } from './value-table.ts';

interface PrefixRules {
  readonly prefix: string;
  rules: Rules;
}

/** Which rules of a block name a path by their nonResourceURLs. */
export class PathTable {
  private any: Rules = 0;
  private readonly exact: RulesByValue = new Map();
  private readonly byPrefix = new Map<string, PrefixRules>();
  private readonly prefixes: PrefixRules[] = [];

  add(rule: Rules, urls: readonly (string | null)[]): void {
    for (const url of urls) {
      const wanted = url ?? '';
      addRules(this.exact, wanted, rule);
      const prefix = withoutStars(wanted);
      if (prefix.length < wanted.length) this.addPrefix(prefix, rule);
    }
  }

  allowing(path: string): Rules {
    let rules = this.any | (this.exact.get(path) ?? 0);
    for (const known of this.prefixes) if (path.startsWith(known.prefix)) rules |= known.rules;
    return rules;
  }

  private addPrefix(prefix: string, rule: Rules): void {
    const known = this.byPrefix.get(prefix);
    if (prefix === '') {
      this.any |= rule;
    } else if (known !== undefined) {
      known.rules |= rule;
    } else {
      const entry = { prefix, rules: rule };
      this.byPrefix.set(prefix, entry);
      this.prefixes.push(entry);
    }
  }
}
