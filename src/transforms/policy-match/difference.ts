import type { Policy } from '../../audit/policy/policy.ts';
import { rulesText } from './policy-text.ts';

/** What changed from one policy to the next, for a person: `rules 9 -> 10 (2 new, 1 gone), omitStages`. */
export function differenceOf(before: Policy, after: Policy): string {
  const [old, current] = [textsOf(before.rules), textsOf(after.rules)];
  const parts: string[] = [];
  if (old.join() !== current.join()) {
    const counts = [...counted(without(current, old), 'new'), ...counted(without(old, current), 'gone')];
    const how = counts.length === 0 ? 'in another order' : counts.join(', ');
    parts.push(`rules ${old.length} -> ${current.length} (${how})`);
  }
  for (const key of ['omitStages', 'omitManagedFields'] as const) {
    if (JSON.stringify(before[key] ?? null) !== JSON.stringify(after[key] ?? null)) parts.push(key);
  }
  return parts.length === 0 ? `the same ${rulesText(after)}` : parts.join(', ');
}

function textsOf(rules: Policy['rules']): readonly string[] {
  return (rules ?? []).map((rule) => JSON.stringify(rule));
}

/** The texts that are left when each of the others has taken away one like it. */
function without(texts: readonly string[], others: readonly string[]): readonly string[] {
  const left = new Map<string, number>();
  for (const text of others) left.set(text, (left.get(text) ?? 0) + 1);
  return texts.filter((text) => {
    const count = left.get(text) ?? 0;
    left.set(text, count - 1);
    return count <= 0;
  });
}

function counted(texts: readonly string[], word: string): readonly string[] {
  return texts.length === 0 ? [] : [`${texts.length} ${word}`];
}
