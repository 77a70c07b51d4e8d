import { attributesOf } from '../../audit/policy/attributes.ts';
import { compilePolicy } from '../../audit/policy/match/compile.ts';
import type { Policy } from '../../audit/policy/policy.ts';
import { trim } from '../../audit/policy/trim.ts';
import type { AuditEvent, Labels } from '../../core/event.ts';

/** What a policy leaves of an event; `undefined` if nothing. Throws an EventError where an event's head is not JSON. */
export type Decide = (event: AuditEvent) => AuditEvent | undefined;

export interface DecideOptions {
  /** keep: as if a last rule recorded everything else at RequestResponse. */
  readonly onUnmatched: 'drop' | 'keep';
  readonly kubernetesVersion?: string | undefined;
}

/** Prepares a policy for many events. Those that are left get the labels `policy.rule` and `policy.level`. */
export function decideBy(policy: Policy, { onUnmatched, kubernetesVersion }: DecideOptions): Decide {
  const rules = policy.rules ?? [];
  const all = onUnmatched === 'keep' ? [...rules, { level: 'RequestResponse' }] : rules;
  const match = compilePolicy({ ...policy, rules: all }, { kubernetesVersion });
  const labels = all.map((rule, index) => labelsOf(index < rules.length ? index : -1, rule.level));
  return (event) => {
    const decision = match(attributesOf(event));
    return trim(event, decision)?.label(labels[decision.rule] as Labels);
  };
}

function labelsOf(rule: number, level = ''): Labels {
  return Object.freeze({ 'policy.rule': String(rule), 'policy.level': level });
}
