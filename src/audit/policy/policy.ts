/**
 * An audit policy (audit.k8s.io/v1) as plain data, in the words of its YAML. Every list may be absent, which is the same
 * as empty: no restriction. What loads is described in load.ts, what it means in match.ts.
 */
export interface Policy {
  readonly apiVersion?: string;
  readonly kind?: string;
  readonly metadata?: Readonly<Record<string, unknown>>;
  /** Tried in order, the first that matches decides; if none does, the event is not recorded. */
  readonly rules?: readonly PolicyRule[] | null;
  /** Stages at which no event is recorded, whatever rule matches. */
  readonly omitStages?: readonly string[] | null;
  /** Whether managedFields are cut, for rules that do not say. */
  readonly omitManagedFields?: boolean | null;
}

/** Matches a request that meets every restriction that the rule has. */
export interface PolicyRule {
  /** A Level; a policy that was not validated may hold anything. */
  readonly level?: string;
  /** Names of authenticated users, exact. */
  readonly users?: readonly string[] | null;
  /** One of the user's groups, exact. */
  readonly userGroups?: readonly string[] | null;
  /** Exact; there is no wildcard. */
  readonly verbs?: readonly string[] | null;
  readonly resources?: readonly GroupResources[] | null;
  /** Exact; "" is a request without a namespace. */
  readonly namespaces?: readonly string[] | null;
  /** Paths; "*" is all, and a path may end in one. */
  readonly nonResourceURLs?: readonly string[] | null;
  /** In addition to the policy's. */
  readonly omitStages?: readonly string[] | null;
  readonly omitManagedFields?: boolean | null;
}

export interface GroupResources {
  /** "" is the core group, "*" any (since Kubernetes 1.36). */
  readonly group?: string;
  /** A resource, or `resource/subresource`; `*` may stand for either part, or for everything. None means all. */
  readonly resources?: readonly string[] | null;
  /** Names of objects; needs `resources`. */
  readonly resourceNames?: readonly string[] | null;
}

export const LEVELS = ['None', 'Metadata', 'Request', 'RequestResponse'] as const;
export type Level = (typeof LEVELS)[number];

export const STAGES = ['RequestReceived', 'ResponseStarted', 'ResponseComplete', 'Panic'] as const;
export type Stage = (typeof STAGES)[number];

/** What a policy looks at: the request as kube-apiserver read it from its path, before anything was done about it. */
export interface Attributes {
  readonly isResourceRequest: boolean;
  /** The decoded path, without the query. */
  readonly path: string;
  /** As the event has it: get, list, watch, create ..., or the lower-cased method of a non-resource request. */
  readonly verb: string;
  readonly namespace: string;
  /** "" for the core group. */
  readonly apiGroup: string;
  readonly apiVersion: string;
  readonly resource: string;
  readonly subresource: string;
  readonly name: string;
  /** The authenticated user, never the impersonated one; absent when nobody was authenticated. */
  readonly user?: { readonly username?: string; readonly groups?: readonly string[] | null } | null;
}

/** What a policy decides about a request, the same for all of its stages. */
export interface Decision {
  /** Index of the rule that matched, -1 if none did. */
  readonly rule: number;
  readonly level: string;
  /** The policy's and the rule's together, in the order of STAGES. */
  readonly omitStages: readonly string[];
  readonly omitManagedFields: boolean;
}
