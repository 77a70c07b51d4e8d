import { z } from 'zod';
import type { Policy } from '../audit/policy/policy.ts';
import type { Clock } from '../core/clock.ts';
import { type ComponentContext, defineComponent, type Transform } from '../core/component.ts';
import { KauditError, messageOf } from '../core/errors.ts';
import { filePath } from '../core/paths.ts';
import { type Decide, decideBy } from './policy-match/decide.ts';
import { followFile } from './policy-match/follow-file.ts';
import { placesOf } from './policy-match/places.ts';
import { policyOfValue, rulesText } from './policy-match/policy-text.ts';

const POLICY = 'must be the path of an audit policy, or the policy itself';
const VERSION = 'must be a version in quotes, such as "1.33"';

const config = z.strictObject({
  policy: z
    .union([filePath(), z.record(z.string(), z.unknown())], {
      error: (issue) => (typeof issue.input === 'string' ? pathProblem(issue.input) : POLICY),
    })
    .superRefine((policy, context) => {
      if (typeof policy === 'string') return;
      try {
        policyOfValue(policy);
      } catch (error) {
        for (const { path, message } of placesOf(messageOf(error))) context.addIssue({ code: 'custom', message, path });
      }
    })
    .describe('the path of an audit.k8s.io/v1 policy, which is read again whenever it changes; or the policy itself'),
  onUnmatched: z
    .enum(['drop', 'keep'])
    .default('drop')
    .describe('extension: what becomes of events that no rule matches; kube-apiserver drops them'),
  kubernetesVersion: z
    .string({ error: VERSION })
    .regex(/^v?1\.\d{1,3}(\.\d{1,3})?$/, { error: VERSION })
    .optional()
    .describe('extension: decide like this version, such as "1.33"; before 1.36 the group "*" matches nothing'),
});

function pathProblem(path: string): string | undefined {
  return filePath().safeParse(path).error?.issues[0]?.message;
}

export type PolicyMatchConfig = z.output<typeof config>;

export default defineComponent({
  kind: 'transform',
  type: 'policy-match',
  summary: 'makes of each event what kube-apiserver would have written under an audit policy',
  config,
  example: `type: policy-match
policy: /etc/kubernetes/audit/policy.yaml
`,
  drops: 'policyDropped',
  describe,
  create: (options, context) => createPolicyMatch(options, context),
});

/** The policy in force, by configuration: for the summary, and for a pipeline that is started again. */
const inForce = new WeakMap<PolicyMatchConfig, Policy>();

/** `policy /etc/kubernetes/audit/policy.yaml, 9 rules` */
export function describe(options: PolicyMatchConfig): string {
  const { policy, onUnmatched, kubernetesVersion } = options;
  const isPath = typeof policy === 'string';
  const known = isPath ? inForce.get(options) : policyOfValue(policy).policy;
  const parts = [isPath ? `policy ${policy}` : 'inline policy'];
  if (known !== undefined) parts.push(rulesText(known));
  if (kubernetesVersion !== undefined) parts.push(`as Kubernetes ${kubernetesVersion}`);
  if (onUnmatched === 'keep') parts.push('unmatched kept');
  return parts.join(', ');
}

export function createPolicyMatch(
  options: PolicyMatchConfig,
  { pipeline, log }: Pick<ComponentContext, 'pipeline' | 'log'>,
  { clock }: { readonly clock?: Clock } = {},
): Transform {
  const owner = `pipeline ${pipeline}`;
  if (typeof options.policy !== 'string') {
    const { policy, warnings } = policyOfValue(options.policy);
    return {
      apply: decideBy(policy, options),
      async open() {
        for (const warning of warnings) log.warn(`${owner}: inline policy: ${warning}`);
      },
    };
  }
  let decide: Decide = () => {
    throw new KauditError('pipeline', 'the policy was not opened before the first event');
  };
  const file = followFile(options.policy, {
    previous: inForce.get(options),
    use: (policy) => {
      decide = decideBy(policy, options);
      inForce.set(options, policy);
    },
    owner,
    log,
    clock,
  });
  return { apply: (event) => decide(event), open: () => file.open(), close: async () => file.close() };
}
