import { compilePatterns, type Matcher } from '../../audit/patterns.ts';
import type { AuditEvent, ObjectRef } from '../../core/event.ts';

/** What to leave out, by field: exact texts, or with a trailing `*`. */
export interface IgnoreLists {
  readonly users?: readonly string[] | undefined;
  readonly groups?: readonly string[] | undefined;
  readonly namespaces?: readonly string[] | undefined;
  readonly userAgents?: readonly string[] | undefined;
  /** As `pods`, `pods/log`, `deployments.apps`, `deployments.apps/scale`. */
  readonly resources?: readonly string[] | undefined;
  readonly verbs?: readonly string[] | undefined;
}

/** Whether an event is on one of the lists. A field that the event does not carry is on none. */
export function compileIgnore(lists: IgnoreLists): (event: AuditEvent) => boolean {
  const users = matcherOf(lists.users);
  const groups = matcherOf(lists.groups);
  const namespaces = matcherOf(lists.namespaces);
  const userAgents = matcherOf(lists.userAgents);
  const resources = matcherOf(lists.resources);
  const verbs = matcherOf(lists.verbs);
  return ({ head }) =>
    (users !== undefined && on(users, head.user?.username)) ||
    (groups !== undefined && head.user?.groups?.some(groups) === true) ||
    (namespaces !== undefined && on(namespaces, head.objectRef?.namespace)) ||
    (userAgents !== undefined && on(userAgents, head.userAgent)) ||
    (resources !== undefined && on(resources, resourceName(head.objectRef))) ||
    (verbs !== undefined && on(verbs, head.verb));
}

/** `deployments.apps/scale`: the resource, its group unless it is the core group, its subresource if any. */
function resourceName(ref: ObjectRef | undefined): string | undefined {
  if (ref?.resource === undefined) return undefined;
  const group = ref.apiGroup ? `.${ref.apiGroup}` : '';
  const subresource = ref.subresource ? `/${ref.subresource}` : '';
  return `${ref.resource}${group}${subresource}`;
}

function matcherOf(patterns: readonly string[] | undefined): Matcher | undefined {
  return patterns === undefined ? undefined : compilePatterns(patterns);
}

function on(matches: Matcher, text: string | undefined): boolean {
  return text !== undefined && matches(text);
}
