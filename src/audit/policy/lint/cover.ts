import { isAboutResources, matchesObject, matchesPath, type RequestSet, type RuleMatch } from './request-sets.ts';

/** How much work there may be in one policy: enough for thousands of rules, an end to the worst that can be written. */
export class Budget {
  left: number;

  constructor(steps = 5_000_000) {
    this.left = steps;
  }

  get spent(): boolean {
    return this.left <= 0;
  }
}

/**
 * Whether these rules together match every request of a set. The answer true is certain; where the budget ends first it
 * is false.
 *
 * The set is a product, and so is each rule: it is cut into slices by one property after the other, and in each slice
 * only the rules are kept that match it. Where none is left there is a request that no rule matches. Slices that keep the
 * same rules are the same question.
 */
export function covers(rules: readonly RuleMatch[], set: RequestSet, budget: Budget): boolean {
  const properties = propertiesOf(set);
  const alive: Row[] = [];
  for (const rule of rules) {
    if (budget.spent) return false;
    const row = rowOf(rule, properties, { budget });
    if (row === undefined) continue;
    if (row.every(isWhole)) return true;
    alive.push(row);
  }
  return coversFrom(0, alive, { properties, budget });
}

/** The first rule that matches every request of all these sets by itself. */
export function singleCover(
  rules: readonly RuleMatch[],
  sets: readonly RequestSet[],
  budget: Budget,
): RuleMatch | undefined {
  const all = sets.map(propertiesOf);
  return rules.find((rule) => all.every((properties) => rowOf(rule, properties, { budget })?.every(isWhole) ?? false));
}

/** What of a set one property is about, by the number of its value. */
interface Property {
  readonly size: number;
  matches(rule: RuleMatch, value: number): boolean;
}

/** For each property which of its values a rule matches. */
type Row = readonly (readonly boolean[])[];

function propertiesOf(set: RequestSet): readonly Property[] {
  const subjects = [
    property(set.users, ({ users }, user) => users === undefined || users.has(user)),
    property(set.groups, ({ groups }, group) => groups === undefined || groups.has(group)),
    property(set.verbs, ({ verbs }, verb) => verbs === undefined || verbs.has(verb)),
  ];
  if (set.of === 'urls') {
    return [...subjects, property(set.paths, (rule, path) => !isAboutResources(rule) && matchesPath(rule, path))];
  }
  return [
    ...subjects,
    property(set.namespaces, ({ namespaces }, namespace) => namespaces === undefined || namespaces.has(namespace)),
    property(
      set.objects,
      (rule, object) => (rule.urls === undefined || isAboutResources(rule)) && matchesObject(rule, object),
    ),
  ];
}

function property<T>(values: readonly T[], matches: (rule: RuleMatch, value: T) => boolean): Property {
  return { size: values.length, matches: (rule, index) => matches(rule, values[index] as T) };
}

/** `undefined` for a rule that matches nothing of the set. */
function rowOf(
  rule: RuleMatch,
  properties: readonly Property[],
  { budget }: { readonly budget: Budget },
): Row | undefined {
  const row: boolean[][] = [];
  for (const { size, matches } of properties) {
    budget.left -= size;
    const column: boolean[] = [];
    let any = false;
    for (let value = 0; value < size; value++) {
      const matched = matches(rule, value);
      column.push(matched);
      any ||= matched;
    }
    if (!any) return undefined;
    row.push(column);
  }
  return row;
}

function isWhole(column: readonly boolean[]): boolean {
  return !column.includes(false);
}

function coversFrom(
  depth: number,
  alive: readonly Row[],
  context: { readonly properties: readonly Property[]; readonly budget: Budget },
): boolean {
  if (alive.length === 0) return false;
  const property = context.properties[depth];
  if (property === undefined || alive.some((row) => row.slice(depth).every(isWhole))) return true;
  const seen = new Set<string>();
  for (let value = 0; value < property.size; value++) {
    context.budget.left -= alive.length;
    if (context.budget.spent) return false;
    const next: Row[] = [];
    let kept = '';
    for (const [index, row] of alive.entries()) {
      if (!row[depth]?.[value]) continue;
      next.push(row);
      kept += `${index} `;
    }
    if (seen.has(kept)) continue;
    seen.add(kept);
    if (!coversFrom(depth + 1, next, context)) return false;
  }
  return true;
}
