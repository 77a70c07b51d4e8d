/** The codes of every deliberate error, explained in docs/errors.md. A code is never renamed or used again. */
export type ErrorCode =
  | 'config'
  | 'dead-letter'
  | 'duplicate-key'
  | 'event-too-large'
  | 'invalid-utf8'
  | 'not-an-audit-event'
  | 'not-json'
  | 'output-closed'
  | 'pipeline'
  | 'sink-timeout'
  | 'sink-write'
  | 'source-open'
  | 'source-read'
  | 'torn-line'
  | 'transform'
  | 'usage';

/** The root of all errors that are meant for a user: what failed, on what, and what to do, without a full stop. */
export class KauditError extends Error {
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
    this.code = code;
  }
}

/** What is known of a record that was too large to keep whole. */
export interface Excerpt {
  /** Length of the whole record. */
  readonly bytes: number;
  /** Hex digest of the whole record. */
  readonly sha256: string;
}

/** Concerns one event: it goes to the dead letter, and the pipeline goes on. */
export class EventError extends KauditError {
  /** Set when the event's `raw` is only the beginning of what was read. */
  readonly excerpt: Excerpt | undefined;

  /** Without a stack: there may be one for every line of a log, and it is always the record that is wrong. */
  constructor(code: ErrorCode, message: string, options?: ErrorOptions & { excerpt?: Excerpt }) {
    const { stackTraceLimit } = Error;
    Error.stackTraceLimit = 0;
    super(code, message, options);
    Error.stackTraceLimit = stackTraceLimit;
    this.excerpt = options?.excerpt;
  }
}

/** One event of a write that the destination did not take. */
export interface Failure {
  /** Position in the array given to `write`. */
  readonly index: number;
  /** `false` only if this event's content is what was refused. */
  readonly retryable: boolean;
  readonly message: string;
}

/**
 * A write that failed, wholly or in part. Retried for as long as it is `retryable`, which is the default: a wrong
 * password or certificate is retried until someone mends it, only a refusal of the content is final.
 */
export class SinkError extends KauditError {
  readonly retryable: boolean;
  /** How long the destination asked to be left alone. */
  readonly retryAfterMs: number | undefined;
  /** What was not delivered; `undefined` means nothing was. */
  readonly failed: readonly Failure[] | undefined;

  constructor(
    message: string,
    options: ErrorOptions & {
      code?: ErrorCode;
      retryable?: boolean;
      retryAfterMs?: number;
      failed?: readonly Failure[];
    } = {},
  ) {
    super(options.code ?? 'sink-write', message, options);
    this.retryable = options.retryable ?? true;
    this.retryAfterMs = options.retryAfterMs;
    this.failed = options.failed;
  }
}

/**
 * Whoever read our output went away (EPIPE): nothing can be delivered there any more. Not repeated; it ends the
 * pipeline. Where this was the only output nobody misses anything, and the program ends quietly.
 */
export class OutputClosedError extends KauditError {
  constructor(message: string, options?: ErrorOptions) {
    super('output-closed', message, options);
  }
}

/** A problem in a pipeline file, with its place. */
export interface Problem {
  readonly file: string;
  /** Counted from 1; absent where the problem has no place, such as a file that cannot be read. */
  readonly line?: number;
  readonly column?: number;
  /** The option, as `sinks[1].path`. */
  readonly path: string;
  readonly message: string;
}

/** Every problem of a configuration at once. Nothing was started. */
export class ConfigError extends KauditError {
  readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[]) {
    super('config', problems.map(formatProblem).join('\n'));
    this.problems = problems;
  }
}

/** `file:line:col path: message` */
export function formatProblem({ file, line, column, path, message }: Problem): string {
  const place = line === undefined ? file : `${file}:${line}:${column ?? 1}`;
  return path === '' ? `${place} ${message}` : `${place} ${path}: ${message}`;
}

/** The text of anything that was thrown. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
