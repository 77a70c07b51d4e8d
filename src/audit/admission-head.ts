import type { AuditEvent, EventHead, ObjectRef, UserInfo } from '../core/event.ts';

/** AdmissionReview operations in the words of audit events. */
const VERBS: Readonly<Record<string, string>> = {
  CREATE: 'create',
  UPDATE: 'update',
  DELETE: 'delete',
  CONNECT: 'create',
};

/**
 * The head of an AdmissionReview (admission.k8s.io/v1), as a validating webhook such as kube-audit-rest records it:
 * who asked for what on which object, before it was decided. There is no response, so no code.
 */
export class AdmissionHead implements EventHead {
  private readonly event: AuditEvent;

  constructor(event: AuditEvent) {
    this.event = event;
  }

  readonly kind = 'AdmissionReview';
  readonly level = undefined;
  readonly stage = 'RequestReceived';
  readonly requestURI = undefined;
  readonly impersonatedUser = undefined;
  readonly sourceIPs: readonly string[] = [];
  readonly userAgent = undefined;
  readonly code = undefined;
  readonly message = undefined;
  readonly stageTimestamp = undefined;

  get apiVersion(): string | undefined {
    return text(this.event.json.apiVersion);
  }

  get auditID(): string | undefined {
    return text(this.request.uid);
  }

  get verb(): string | undefined {
    return VERBS[text(this.request.operation) ?? ''];
  }

  get user(): UserInfo | undefined {
    const { username, uid, groups } = object(this.request.userInfo);
    const names = Array.isArray(groups) ? groups.filter((group) => typeof group === 'string') : undefined;
    const known = { username: text(username), uid: text(uid), groups: names };
    const user: UserInfo = Object.fromEntries(Object.entries(known).filter(([, value]) => value !== undefined));
    return Object.keys(user).length === 0 ? undefined : user;
  }

  get objectRef(): ObjectRef | undefined {
    const { resource, subResource, namespace, name } = this.request;
    const { group, version, resource: plural } = object(resource);
    const ref = { resource: plural, subresource: subResource, namespace, name, apiGroup: group, apiVersion: version };
    return Object.fromEntries(Object.entries(ref).filter(([, value]) => text(value)));
  }

  /** Set by the receiver: an AdmissionReview itself carries no time. */
  get requestReceivedTimestamp(): string | undefined {
    return text(this.event.json.requestReceivedTimestamp);
  }

  annotation(): undefined {
    return undefined;
  }

  private get request(): Record<string, unknown> {
    return object(this.event.json.request);
  }
}

function object(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
