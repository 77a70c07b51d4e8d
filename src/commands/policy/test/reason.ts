import { whyText } from '../../../audit/policy/explain/why-text.ts';
import { type MatchOptions, whyNot } from '../../../audit/policy/match.ts';
import { type PlacedPolicy, ruleName } from '../policy-file.ts';
import type { Got } from './got.ts';
import type { Expectation } from './schema.ts';
import type { Subject } from './subjects.ts';

interface Failed extends MatchOptions {
  readonly subject: Subject;
  readonly got: Got;
  readonly placed: PlacedPolicy;
}

/** Rules that could have decided as expected: so many are spoken of. */
const MAX_RULES = 3;

/** Why a case fails: what keeps the rules from deciding that were expected to. */
export function reasonFor({ rule, level, drop, stage }: Expectation, failed: Failed): string {
  const { got, placed } = failed;
  if (typeof rule === 'number' && rule !== got.rule) return ruleReason(rule, failed);
  if (got.outcome === 'drop-stage' && drop !== true && (level ?? got.level) === got.level) {
    return `stage ${failed.subject.stage} is omitted${stage === undefined ? ', the case can name another' : ''}`;
  }
  const wanted = level ?? (drop === true ? 'None' : undefined);
  if (wanted === undefined || wanted === got.level) return '';
  const rules = placed.policy.rules ?? [];
  const candidates = rules.flatMap((one, index) => (one?.level === wanted ? [index] : []));
  if (candidates.length === 0) return `no rule has level ${wanted}`;
  const shown = candidates.slice(0, MAX_RULES).map((index) => ruleReason(index, failed));
  const more = candidates.length - shown.length;
  return `${shown.join('; ')}${more > 0 ? `; ${more} more rules have level ${wanted}` : ''}`;
}

function ruleReason(index: number, { subject, got, placed, ...options }: Failed): string {
  const rules = placed.policy.rules ?? [];
  const name = ruleName(placed, index);
  if (index >= rules.length) return `there is no rule ${index}, the last one is ${rules.length - 1}`;
  const rule = rules[index] ?? null;
  const field = whyNot(rule, subject.attributes, options);
  if (field !== undefined) return `${name} does not match, ${whyText(rule, field, subject.attributes)}`;
  return `${name} would match, but comes behind ${ruleName(placed, got.rule)}`;
}
