import type { AuditEvent } from '../../core/event.ts';
import { attributesOf } from './attributes.ts';
import { compilePolicy } from './match/compile.ts';
import { type MatchOptions, type Restriction, whyNot } from './match.ts';
import type { Attributes, Decision, Policy, PolicyRule } from './policy.ts';
import { type Outcome, outcomeOf } from './trim.ts';

/** What a policy decides about an event, and how it came to it. */
export interface Explanation {
  readonly attributes: Attributes;
  readonly decision: Decision;
  readonly outcome: Outcome;
  /** A reason for each rule above the one that matched; for all of them if none did. */
  readonly why: readonly Mismatch[];
}

/** A rule that does not match, and the first of its restrictions that the request does not meet. */
export interface Mismatch {
  readonly rule: number;
  readonly field: Restriction;
}

/** Throws an EventError where the head of an event is not JSON. */
export type Explain = (event: AuditEvent) => Explanation;

/** Prepares a policy for many events. */
export function explainBy(policy: Policy, options: MatchOptions = {}): Explain {
  const match = compilePolicy(policy, options);
  return (event) => {
    const attributes = attributesOf(event);
    const decision = match(attributes);
    return {
      attributes,
      decision,
      outcome: outcomeOf(event, decision),
      why: mismatches(policy.rules ?? [], attributes, { before: decision.rule, ...options }),
    };
  };
}

/** Why the rules in front of `before` do not match; -1 is the end of the list. */
export function mismatches(
  rules: readonly (PolicyRule | null)[],
  attributes: Attributes,
  { before, ...options }: MatchOptions & { readonly before: number },
): readonly Mismatch[] {
  const end = before < 0 ? rules.length : before;
  const why: Mismatch[] = [];
  for (let rule = 0; rule < end; rule++) {
    const field = whyNot(rules[rule] ?? null, attributes, options);
    if (field !== undefined) why.push({ rule, field });
  }
  return why;
}
