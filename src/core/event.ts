import type { EventError } from './errors.ts';

/** Who made a request, as the API server authenticated it. */
export interface UserInfo {
  readonly username?: string;
  readonly uid?: string;
  readonly groups?: readonly string[];
  readonly extra?: Readonly<Record<string, readonly string[]>>;
}

/** The object a request was about. For a create the name is filled in from the body, after the policy was applied. */
export interface ObjectRef {
  readonly resource?: string;
  readonly namespace?: string;
  readonly name?: string;
  readonly apiGroup?: string;
  readonly apiVersion?: string;
  readonly subresource?: string;
}

/**
 * The fields of an audit event that rules look at, each decoded from the bytes when it is first asked for.
 * A field that the event does not carry is `undefined`. `user` is also `undefined` for `{}`, which kube-apiserver
 * writes when nobody was authenticated. Every getter throws an EventError where the bytes up to that field are not JSON.
 */
export interface EventHead {
  /** `Event`, or `AdmissionReview`. */
  readonly kind: string | undefined;
  readonly apiVersion: string | undefined;
  readonly level: string | undefined;
  readonly auditID: string | undefined;
  readonly stage: string | undefined;
  /** As sent, escapes and query kept. */
  readonly requestURI: string | undefined;
  readonly verb: string | undefined;
  readonly user: UserInfo | undefined;
  readonly impersonatedUser: UserInfo | undefined;
  readonly sourceIPs: readonly string[];
  readonly userAgent: string | undefined;
  readonly objectRef: ObjectRef | undefined;
  /** `responseStatus.code`, an HTTP status; absent before the response. */
  readonly code: number | undefined;
  /** `responseStatus.message`. */
  readonly message: string | undefined;
  /** RFC 3339 with six decimals, UTC. */
  readonly requestReceivedTimestamp: string | undefined;
  readonly stageTimestamp: string | undefined;
  /** One value of `annotations`. */
  annotation(key: string): string | undefined;
}

/** Where a record was read: shown with a rejected one, so that a person can find it again. */
export interface Origin {
  /** A path, or `stdin`. */
  readonly source: string;
  /** Counted from 1. */
  readonly line: number;
  /** Bytes from the start of the (uncompressed) input to the record. */
  readonly offset: number;
}

/** Replaces the bytes from `start` up to `end` of an event's `raw`. Edits are sorted and do not overlap. */
export interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** Small strings that transforms set for sinks to use (policy rule, cluster); never part of the bytes. */
export type Labels = Readonly<Record<string, string>>;

/**
 * One audit event: its bytes as they came, with views made on demand. Immutable.
 *
 * The bytes live in a chunk that is used again after the batch is acknowledged: whoever keeps an event longer copies
 * `raw` first.
 */
export interface AuditEvent {
  /** One JSON object, without the newline. A view, made on each call: ask once. */
  readonly raw: Buffer;
  /** The length of `raw`, without making it. */
  readonly size: number;
  readonly head: EventHead;
  /** The whole object parsed, on first use: for sinks and templates, never written back. */
  readonly json: Readonly<Record<string, unknown>>;
  readonly labels: Labels;
  readonly origin: Origin;
  /** What the framer already found wrong with this record; the parse transform rejects it. */
  readonly fault: EventError | undefined;
  /** The chunk that `raw` is a view of, and where: neighbours can be written with one call. */
  readonly chunk: Buffer;
  readonly start: number;
  readonly end: number;
  /** A new event in which every byte outside the edits is untouched. */
  splice(edits: readonly Edit[]): AuditEvent;
  /** The same bytes with these labels added. */
  label(labels: Labels): AuditEvent;
  /**
   * Checks that the event is whole: a JSON object, valid UTF-8, no repeated top-level key. Costs one walk over the
   * bytes, once. Returns the error instead of throwing it; called for every event before a sink sees it.
   */
  check(): EventError | undefined;
}
