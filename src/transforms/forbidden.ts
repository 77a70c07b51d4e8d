import { z } from 'zod';
import { type Codes, codeSet, codesPattern, codesText } from '../audit/code-set.ts';
import { patternProblem } from '../audit/patterns.ts';
import { defineComponent, type Transform } from '../core/component.ts';
import type { AuditEvent } from '../core/event.ts';
import { compileIgnore } from './forbidden/ignore.ts';

const number = z.number().meta({ type: 'integer', minimum: 0, maximum: 999 });
const text = z.string().meta({ pattern: codesPattern });

const codes = z
  .union([number, text, z.array(z.union([number, text])).min(1)], {
    error: 'must be status codes, such as 403, "401-403", "4xx", ">400" or a list of these',
  })
  .superRefine((value, context) => {
    for (const { index, message } of codeSet(value).problems) {
      context.addIssue({ code: 'custom', message, path: index === undefined ? [] : [index] });
    }
  });

const patterns = z
  .array(
    z
      .string()
      .min(1)
      .superRefine((value, context) => {
        const message = patternProblem(value);
        if (message !== undefined) context.addIssue({ code: 'custom', message });
      }),
  )
  .min(1)
  .optional();

const ignore = z.strictObject({
  users: patterns.describe('names of authenticated users'),
  groups: patterns.describe('groups of the authenticated user, any of them'),
  namespaces: patterns.describe('namespaces of the object'),
  userAgents: patterns.describe('client programs, such as "kube-probe/*"'),
  resources: patterns.describe('as pods, pods/log, deployments.apps or deployments.apps/scale'),
  verbs: patterns.describe('verbs, such as watch'),
});

const config = z
  .strictObject({
    codes: codes
      .optional()
      .describe(
        'status codes to keep: 403, 401-403, 4xx, ">400", ">=400", <500, or a list; ">400" when neither decision nor preset is given',
      ),
    decision: z
      .enum(['forbid', 'allow'])
      .optional()
      .describe(
        'keep what the authorizer decided so (annotation authorization.k8s.io/decision); with codes, either suffices',
      ),
    preset: z
      .enum(['denied', 'podsec'])
      .optional()
      .describe('a ready-made rule instead of codes and decision; denied: 401, 403 or decision forbid; podsec: >=400'),
    stages: z
      .array(z.enum(['RequestReceived', 'ResponseStarted', 'ResponseComplete', 'Panic']))
      .min(1)
      .optional()
      .describe('stages to look at; all when not given'),
    ignore: ignore.optional().describe('drop these in the end, whatever the rule kept; exact, or with a trailing *'),
  })
  .superRefine(({ preset, codes, decision }, context) => {
    if (preset === undefined) return;
    for (const [key, value] of Object.entries({ codes, decision })) {
      if (value === undefined) continue;
      const message = `cannot be given together with preset ${preset}: leave out one of them`;
      context.addIssue({ code: 'custom', message, path: [key] });
    }
  });

export type ForbiddenConfig = z.output<typeof config>;

export default defineComponent({
  kind: 'transform',
  type: 'forbidden',
  summary: 'keeps the requests that were refused, each once',
  config,
  example: `type: forbidden
preset: denied
ignore:
  users: ["system:*"]
`,
  describe,
  create: (options) => createForbidden(options),
});

interface Rule {
  readonly codes: Codes | undefined;
  readonly decision: 'forbid' | 'allow' | undefined;
}

const presets = {
  denied: { codes: [401, 403], decision: 'forbid' },
  podsec: { codes: '>=400', decision: undefined },
} as const satisfies Record<string, Rule>;

function ruleOf({ preset, codes, decision }: ForbiddenConfig): Rule {
  if (preset !== undefined) return presets[preset];
  return codes === undefined && decision === undefined ? { codes: '>400', decision } : { codes, decision };
}

/** The rule in words, for the closing summary: `preset denied (401, 403 or decision forbid); stages Panic`. */
export function describe(options: ForbiddenConfig): string {
  const { codes, decision } = ruleOf(options);
  const list = codes === undefined ? undefined : `${options.preset === undefined ? 'codes ' : ''}${codesText(codes)}`;
  const rule = [list, decision && `decision ${decision}`].filter((part) => part !== undefined).join(' or ');
  const ignored = Object.entries(options.ignore ?? {}).map(([what, values]) => `${what} ${values?.join(', ')}`);
  const parts = [options.preset === undefined ? rule : `preset ${options.preset} (${rule})`];
  if (options.stages !== undefined) parts.push(`stages ${options.stages.join(', ')}`);
  if (ignored.length > 0) parts.push(`ignoring ${ignored.join(', ')}`);
  return parts.join('; ');
}

const decisionKey = 'authorization.k8s.io/decision';

function createForbidden(options: ForbiddenConfig): Transform {
  const rule = ruleOf(options);
  const { bits } = codeSet(rule.codes ?? []);
  const { decision } = rule;
  const stages = options.stages === undefined ? undefined : new Set<string | undefined>(options.stages);
  const completes = stages === undefined || stages.has('ResponseComplete');
  const ignores = compileIgnore(options.ignore ?? {});

  const matches = ({ head }: AuditEvent): boolean => {
    const { code } = head;
    if (code !== undefined && bits[code] === 1) return true;
    return decision !== undefined && head.annotation(decisionKey) === decision;
  };

  /** Whether the same refusal comes once more: a long-running request reports it at both response stages. */
  const comesAgain = ({ head }: AuditEvent): boolean =>
    completes &&
    head.stage === 'ResponseStarted' &&
    head.user !== undefined &&
    ((head.code ?? 0) >= 400 || head.annotation(decisionKey) === 'forbid');

  return {
    apply(event) {
      if (!matches(event)) return undefined;
      if (stages !== undefined && !stages.has(event.head.stage)) return undefined;
      return comesAgain(event) || ignores(event) ? undefined : event;
    },
  };
}
