import type { TopCounter } from '../../audit/policy/coverage/top-counter.ts';
import type { Amounts, Coverage, Tally } from '../../audit/policy/coverage.ts';
import type { PlacedPolicy } from './policy-file.ts';

/**
 * One JSON document: the totals, then a member of `rules` for each rule of the policy, in its order. `unmatched` has what
 * no rule matched. Of users, verbs and resources the `top` most frequent are listed; `error` is how much their counts may
 * be too low by, 0 unless there were very many different ones.
 */
export function coverageJson(coverage: Coverage, { file, policy, lines }: PlacedPolicy, top: number): string {
  const rules = coverage.rules.map((tally, rule) => ({
    rule,
    line: lines[rule] ?? null,
    level: policy.rules?.[rule]?.level ?? '',
    ...tallyJson(tally, top),
  }));
  const report = {
    policy: file,
    ...amountsOf(coverage.total),
    neverHit: rules.filter(({ events }) => events === 0).map(({ rule }) => rule),
    rules,
    unmatched: tallyJson(coverage.unmatched, top),
  };
  return `${JSON.stringify(report, null, 2)}\n`;
}

function tallyJson(tally: Tally, top: number) {
  const frequent = (counter: TopCounter) => ({ error: counter.error, values: counter.top(top) });
  return {
    ...amountsOf(tally),
    top: { users: frequent(tally.users), verbs: frequent(tally.verbs), resources: frequent(tally.resources) },
  };
}

function amountsOf({ events, bytesIn, written, bytesOut, stageDropped, unrestored }: Amounts): Amounts {
  return { events, bytesIn, written, bytesOut, stageDropped, unrestored };
}
