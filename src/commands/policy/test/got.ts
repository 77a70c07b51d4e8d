import type { Matcher } from '../../../audit/policy/match/compile.ts';
import type { Decision } from '../../../audit/policy/policy.ts';
import type { Outcome } from '../../../audit/policy/trim.ts';
import type { Expectation } from './schema.ts';
import type { Subject } from './subjects.ts';

/** What a policy makes of a subject. */
export interface Got extends Decision {
  readonly outcome: Outcome;
}

export function decide(match: Matcher, { attributes, stage }: Subject): Got {
  const decision = match(attributes);
  return { ...decision, outcome: outcomeAt(stage, decision) };
}

function outcomeAt(stage: string, { level, omitStages }: Decision): Outcome {
  if (level === 'None') return 'drop-level';
  return omitStages.includes(stage) ? 'drop-stage' : 'write';
}

/** A level other than None is only met if something is written at it. */
export function meets({ level, drop, rule, omitManagedFields }: Expectation, got: Got): boolean {
  const written = got.outcome === 'write';
  if (level !== undefined && !(got.level === level && (written || level === 'None'))) return false;
  if (drop !== undefined && drop === written) return false;
  if (rule !== undefined && got.rule !== (rule === 'none' ? -1 : rule)) return false;
  return omitManagedFields === undefined || got.omitManagedFields === omitManagedFields;
}
