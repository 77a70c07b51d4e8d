import { targetOf } from '../../audit/policy/coverage.ts';
import { quoted, whyText } from '../../audit/policy/explain/why-text.ts';
import type { Explanation } from '../../audit/policy/explain.ts';
import type { Attributes } from '../../audit/policy/policy.ts';
import type { AuditEvent } from '../../core/event.ts';
import { type PlacedPolicy, ruleName } from './policy-file.ts';

/**
 * What a policy decides about one event, as a line of JSON. The keys up to `outcome` are always there, in this order;
 * `line` and `source` say where the event was read. `rule` counts from 0 and is -1 where none matches, `ruleLine` is
 * null where it is not known. `why` has one entry for each rule above.
 */
export function verdictJson(event: AuditEvent, explanation: Explanation, { lines }: PlacedPolicy): string {
  const { head, origin } = event;
  const { attributes, decision, outcome, why } = explanation;
  const { user } = attributes;
  const verdict = {
    line: origin.line,
    auditID: head.auditID ?? '',
    stage: head.stage ?? '',
    attrs: attrsOf(attributes),
    rule: decision.rule,
    level: decision.level,
    omitStages: decision.omitStages,
    omitManagedFields: decision.omitManagedFields,
    outcome,
    source: origin.source,
    user: user ? { username: user.username ?? '', groups: user.groups ?? [] } : null,
    ruleLine: lines[decision.rule] ?? null,
    why: why.map(({ rule, field }) => ({ rule, line: lines[rule] ?? null, field })),
  };
  return `${JSON.stringify(verdict)}\n`;
}

/** The attributes of a request, with the keys in the order of the alphabet and without the user. */
function attrsOf(attributes: Attributes): Readonly<Record<string, string | boolean>> {
  const { apiGroup, apiVersion, name, namespace, path, resource, isResourceRequest, subresource, verb } = attributes;
  return {
    apiGroup,
    apiVersion,
    name,
    namespace,
    path,
    resource,
    resourceRequest: isResourceRequest,
    subresource,
    verb,
  };
}

/** The same for people: what was asked, what is decided, and a line for each rule above. */
export function verdictText(event: AuditEvent, explanation: Explanation, placed: PlacedPolicy): string {
  const { head, origin } = event;
  const { attributes, why } = explanation;
  const reasons = why.map(({ rule, field }) => {
    const text = whyText(placed.policy.rules?.[rule] ?? null, field, attributes);
    return `    not ${ruleName(placed, rule)}: ${text}\n`;
  });
  const place = `${origin.source}:${origin.line}`;
  const what = `${requestText(attributes)}${head.stage === undefined ? '' : `, ${bare(head.stage)}`}`;
  return `${place} ${what}\n  ${outcomeText(explanation, placed, head.stage)}\n${reasons.join('')}`;
}

/** `create pods/exec "web-0" in "shop" by "alice"` */
function requestText(attributes: Attributes): string {
  const { verb, name, namespace, user } = attributes;
  const who = user ? quoted(user.username ?? '') : 'nobody';
  const where = namespace === '' ? '' : ` in ${quoted(namespace)}`;
  const object = name === '' ? '' : ` ${quoted(name)}`;
  return `${bare(verb)} ${bare(targetOf(attributes))}${object}${where} by ${who}`;
}

/** `written at Metadata: rule 3 (line 21)` */
function outcomeText(
  { decision, outcome }: Pick<Explanation, 'decision' | 'outcome'>,
  placed: Pick<PlacedPolicy, 'lines'>,
  stage = '',
): string {
  const rule = ruleName(placed, decision.rule);
  if (outcome === 'write') return `written at ${decision.level}: ${rule}`;
  if (outcome === 'drop-stage') return `dropped, ${decision.level} but not at stage ${bare(stage)}: ${rule}`;
  return decision.rule < 0 ? 'dropped: no rule matches' : `dropped, None: ${rule}`;
}

/** A word that has no quotes as long as it cannot be taken for several. */
function bare(word: string): string {
  const text = quoted(word);
  return /[\s"\\]/.test(text.slice(1, -1)) || word === '' ? text : text.slice(1, -1);
}
