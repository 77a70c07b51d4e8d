import type { EventError } from '../../../core/errors.ts';
import type { AuditEvent, Edit, EventHead, Labels, ObjectRef, Origin, UserInfo } from '../../../core/event.ts';
import { mergeLabels } from '../../../core/labels.ts';
import type { BytesEvent } from '../../bytes-event.ts';
import { BytesHead } from '../../head.ts';
import { type Keep, levelCuts, PATCH_ANNOTATION } from './level-cuts.ts';
import { METADATA } from './ranks.ts';

/**
 * An event of which only a part is left. Nothing is cut before somebody asks for bytes: a filter behind the policy
 * drops most events by their heads, and those are never copied.
 *
 * The whole original is checked before anything is cut out of it. What lies in a body decides where the body ends, so
 * a broken one may end anywhere, and what is left may look whole although it is not what was recorded. And of a whole
 * original whole members are cut, so the rest needs no check of its own. An original that is not whole is not cut:
 * its bytes are only good for the dead letter.
 */
export class TrimmedEvent implements AuditEvent {
  readonly labels: Labels;
  private readonly original: BytesEvent;
  private readonly keep: Keep;
  private edits: readonly Edit[] | undefined;
  private made: BytesEvent | undefined;
  private madeHead: EventHead | undefined;

  /** `edits`: what `keep` comes to, where that is known already. */
  constructor(original: BytesEvent, keep: Keep, { labels, edits }: { labels: Labels; edits?: readonly Edit[] }) {
    this.labels = labels;
    this.original = original;
    this.keep = keep;
    this.edits = edits;
    this.made = undefined;
    this.madeHead = undefined;
  }

  /** What is left, cut out. */
  get content(): BytesEvent {
    this.made ??= this.check() === undefined ? this.original.splice(this.cuts()) : this.original;
    return this.made;
  }

  private cuts(): readonly Edit[] {
    const { head } = this.original;
    this.edits ??= head instanceof BytesHead ? levelCuts(head, this.keep) : [];
    return this.edits;
  }

  get raw(): Buffer {
    return this.content.raw;
  }

  get size(): number {
    return this.content.size;
  }

  get chunk(): Buffer {
    return this.content.chunk;
  }

  get start(): number {
    return this.content.start;
  }

  get end(): number {
    return this.content.end;
  }

  get head(): EventHead {
    this.madeHead ??= new TrimmedHead(this.original.head, this.keep);
    return this.madeHead;
  }

  get json(): Readonly<Record<string, unknown>> {
    return this.content.json;
  }

  get origin(): Origin {
    return this.original.origin;
  }

  get fault(): EventError | undefined {
    return this.original.fault;
  }

  check(): EventError | undefined {
    return this.original.check();
  }

  splice(edits: readonly Edit[]): AuditEvent {
    return this.content.label(this.labels).splice(edits);
  }

  label(labels: Labels): AuditEvent {
    const labelled = new TrimmedEvent(this.original, this.keep, { labels: mergeLabels(this.labels, labels) });
    labelled.edits = this.edits;
    labelled.made = this.made;
    labelled.madeHead = this.madeHead;
    return labelled;
  }
}

/** The head of the original, without what was cut from it. */
class TrimmedHead implements EventHead {
  private readonly of: EventHead;
  private readonly keep: Keep;

  constructor(of: EventHead, keep: Keep) {
    this.of = of;
    this.keep = keep;
  }

  get kind(): string | undefined {
    return this.of.kind;
  }

  get apiVersion(): string | undefined {
    return this.of.apiVersion;
  }

  get level(): string | undefined {
    return this.keep.level ?? this.of.level;
  }

  get auditID(): string | undefined {
    return this.of.auditID;
  }

  get stage(): string | undefined {
    return this.of.stage;
  }

  get requestURI(): string | undefined {
    return this.of.requestURI;
  }

  get verb(): string | undefined {
    return this.of.verb;
  }

  get user(): UserInfo | undefined {
    return this.of.user;
  }

  get impersonatedUser(): UserInfo | undefined {
    return this.of.impersonatedUser;
  }

  get sourceIPs(): readonly string[] {
    return this.of.sourceIPs;
  }

  get userAgent(): string | undefined {
    return this.of.userAgent;
  }

  get objectRef(): ObjectRef | undefined {
    return this.of.objectRef;
  }

  get code(): number | undefined {
    return this.of.code;
  }

  get message(): string | undefined {
    return this.of.message;
  }

  get requestReceivedTimestamp(): string | undefined {
    return this.of.requestReceivedTimestamp;
  }

  get stageTimestamp(): string | undefined {
    return this.of.stageTimestamp;
  }

  annotation(key: string): string | undefined {
    if (this.keep.rank <= METADATA && key.startsWith(PATCH_ANNOTATION)) return undefined;
    return this.of.annotation(key);
  }
}
