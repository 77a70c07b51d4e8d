import { type Counts, imbalance } from '../core/counts.ts';
import type { PipelinePlan } from '../pipeline/plan.ts';
import type { PipelineStatus } from '../pipeline/supervisor.ts';
import type { Rejects } from './rejects.ts';

export interface Summary {
  /** What became of every event: a line for each sink, and what a person may want to look at. */
  readonly lines: readonly string[];
  /** A line for each sink that did not take everything; the run failed if there is one. */
  readonly undelivered: readonly string[];
}

export function summaryOf(
  plans: readonly PipelinePlan[],
  statuses: readonly PipelineStatus[],
  rejectsOf: (pipeline: string) => Rejects,
): Summary {
  const lines: string[] = [];
  const undelivered: string[] = [];
  for (const [index, { name, sinks, progress }] of statuses.entries()) {
    const plan = plans[index] as PipelinePlan;
    for (const [sink, counts] of sinks) {
      const way = plans.length > 1 || sinks.size > 1 ? `${name} to ${sink}: ` : '';
      lines.push(`${way}${ruleOf(plan, sink)}: ${equation(counts)}`);
    }
    const { path, rejected, undelivered: bySink } = rejectsOf(name);
    if (rejected > 0) lines.push(`${rejected} rejected, kept with the reasons in ${path}`);
    for (const [component, count] of bySink) {
      const events = count === 1 ? '1 event was' : `${count} events were`;
      undelivered.push(`${events} not delivered to ${component} of ${name}, kept with the reasons in ${path}`);
    }
    const truncated = progress?.truncated ?? 0;
    if (truncated > 0)
      lines.push(`${truncated} larger than the limit of ${plan.maxEventBytes} bytes, bodies truncated`);
  }
  return { lines, undelivered };
}

/** The rules on the way to a sink, as `forbidden (codes >400)`. */
function ruleOf(plan: PipelinePlan, sink: string): string {
  const own = plan.sinks.find(({ name }) => name === sink)?.transforms ?? [];
  const rules = [...plan.transforms, ...own].flatMap(({ spec, config }) => {
    return spec.describe === undefined ? [] : [`${spec.type} (${spec.describe(config)})`];
  });
  return rules.length === 0 ? 'every event' : rules.join(', ');
}

/** The books of one sink, as a sum. */
function equation(counts: Counts): string {
  const right = [
    `policy-dropped ${counts.policyDropped}`,
    `filtered ${counts.filtered}`,
    `deduplicated ${counts.deduplicated}`,
    `delivered ${counts.delivered}`,
    `dead-lettered ${counts.deadLettered}`,
    `buffered ${counts.buffered}`,
  ].join(' + ');
  const missing = imbalance(counts);
  return `read ${counts.read} + made ${counts.made} = ${right}${missing === 0 ? '' : ` (${missing} not accounted for)`}`;
}
