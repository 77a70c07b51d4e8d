import { checkedValueEnd } from '../audit/json-check.ts';
import { broken } from '../audit/well-formed.ts';
import type { ErrorCode, EventError } from '../core/errors.ts';
import { NO_OBJECT } from './event-list.ts';
import { goEscape } from './go-json.ts';
import { type DocumentRecord, Sample } from './record.ts';
import { BODIES, EventBuffer } from './truncate.ts';

const COMMA = Buffer.from(',');
const CLOSE = Buffer.from('}');
const NO_HEAD = Buffer.alloc(0);
const KIND_HEAD = Buffer.from('"kind":"Event",');
/** `audit.k8s.io/v1alpha1`, with room for what may come. What is longer would be put in front of every item. */
const MAX_VERSION = 64;

/** The keys that `key` does something about. */
export const MEANINGFUL_KEYS: readonly string[] = ['kind', 'apiVersion', 'items', ...BODIES];

export interface BuilderOptions {
  readonly maxEventBytes: number;
  /** Called by `close` and `fail`. */
  readonly emit: (record: DocumentRecord) => void;
  /** What is written is the source itself, or the reader adds the source to `sample` on its own. */
  readonly source: 'written' | 'apart';
}

/**
 * Makes records of a document whose parts a reader names as they come: the document is one record, or, if it is an
 * EventList, each of its items is. An item says its kind and apiVersion in its list only, so they are put in front.
 *
 * The reader calls `document`, then `write` for bytes and `key`, `text`, `mark`, `comma` for what they mean in the
 * record's own object, then `close`. Where an array begins it asks `isList`: after a yes come `item` and `close` for each
 * item, and nothing of the list itself is kept. A list without items stays a record like any other, and so does one that
 * names its kind or apiVersion behind its items.
 */
export class RecordBuilder {
  /** The source of the current record. */
  readonly sample: Sample;
  private readonly maxEventBytes: number;
  private readonly emit: BuilderOptions['emit'];
  private readonly source: BuilderOptions['source'];
  private readonly event: EventBuffer;
  private open: 'document' | 'item' | 'value' | undefined;
  private name = '';
  private kind: string | undefined;
  private apiVersion: string | undefined;
  /** Keys of the document that are `kind` or `apiVersion`: of a repeated one nobody knows which counts. */
  private headKeys = 0;
  private itemKind: string | undefined;
  private itemHead = NO_HEAD;
  private itemHasVersion = false;
  private spoiled: { readonly code: ErrorCode; readonly message: string } | undefined;
  private sampling = false;

  constructor({ maxEventBytes, emit, source }: BuilderOptions) {
    this.sample = new Sample(maxEventBytes);
    this.maxEventBytes = maxEventBytes;
    this.emit = emit;
    this.source = source;
    this.event = new EventBuffer(maxEventBytes, (content) => this.sampleContent(content));
  }

  /** Whether a record is being collected. Between a list's items nothing is, in front of the first one the list. */
  get collecting(): boolean {
    return this.open !== undefined;
  }

  /** What was written of the current record, or of the list before its first item: a view, until the next call. */
  get content(): Buffer {
    return this.event.content;
  }

  document(): void {
    this.kind = undefined;
    this.apiVersion = undefined;
    this.headKeys = 0;
    this.begin('document');
  }

  /** An item begins, an object or any other value. */
  item(shape: 'item' | 'value'): void {
    this.itemKind = undefined;
    this.itemHasVersion = false;
    this.begin(shape);
  }

  write(bytes: Buffer, start: number, end: number): void {
    if (this.open === undefined || end === start) return;
    this.event.write(bytes, start, end);
    if (this.sampling) this.sample.add(bytes, start, end);
  }

  /** Whether `write` must be called for all that was read before `key` is called with this name. */
  isBody(name: string): boolean {
    return BODIES.has(name);
  }

  /** The key of a member was read, its value comes next. */
  key(name: string): void {
    this.name = name;
    if (this.open === undefined) return;
    if (BODIES.has(name)) this.event.body();
    if (this.open === 'document' && this.wantsText) this.headKeys++;
    if (this.open !== 'item') return;
    if (name === 'kind') this.itemKind = '';
    if (name === 'apiVersion') this.itemHasVersion = true;
  }

  /** Whether the value of the current key is worth a call of `text`. */
  get wantsText(): boolean {
    return this.name === 'kind' || this.name === 'apiVersion';
  }

  /** The value of the current key is this string. */
  text(value: string): void {
    if (this.open === 'item') {
      if (this.name === 'kind') this.itemKind = value;
    } else if (this.name === 'kind') {
      this.kind = value;
    } else if (this.name === 'apiVersion') {
      this.apiVersion = value;
    }
  }

  /** Whether the current member is a body: behind it stands `comma`, and behind any other `mark`. */
  get insideBody(): boolean {
    return this.open !== undefined && this.event.insideBody;
  }

  /** A comma was read behind a member; `unwritten` bytes in front of it are still to be written. */
  mark(unwritten: number): void {
    this.event.mark(unwritten);
  }

  /** A comma was read behind a body, and all before it was written. The comma itself need not be. */
  comma(): void {
    this.event.comma();
    if (this.sampling) this.sample.add(COMMA, 0, 1);
  }

  /**
   * Whether the array that begins as the value of the current key holds the items of an EventList: its kind and its
   * apiVersion were read, once each. Asked for the document's own members only.
   */
  isList(): boolean {
    const { apiVersion } = this;
    if (this.name !== 'items' || this.kind !== 'EventList' || this.headKeys !== 2) return false;
    if (!apiVersion?.startsWith('audit.k8s.io/') || apiVersion.length > MAX_VERSION) return false;
    this.itemHead = Buffer.from(`${KIND_HEAD}"apiVersion":"${goEscape(apiVersion)}",`);
    return true;
  }

  /** The current object ends, in place of its bracket; or the current item, if it is no object. */
  close(): void {
    if (this.open === undefined) return;
    if (this.open !== 'value') {
      this.event.close();
      if (this.sampling) this.sample.add(CLOSE, 0, 1);
    }
    const kind = this.open === 'document' ? this.kind : this.open === 'item' ? (this.itemKind ?? 'Event') : undefined;
    const bytes = this.event.take({ head: this.head(), isEvent: kind === 'Event' });
    const shape = this.open;
    this.open = undefined;
    const spoiled = this.spoiled;
    this.spoiled = undefined;
    if (spoiled !== undefined) this.emitFault(spoiled.code, spoiled.message);
    else if (bytes === undefined) this.emitFault('event-too-large', tooLarge(kind, this.maxEventBytes));
    else if (shape === 'value') this.emit({ bytes, fault: valueFault(bytes) });
    else this.emit({ bytes, truncated: this.event.truncated });
  }

  /** The current or next record is no good: `close` will emit this fault instead of it. */
  spoil(code: ErrorCode, message: string): void {
    this.spoiled ??= { code, message };
  }

  /** Gives up the current record: what was read of it is a fault. */
  fail(code: ErrorCode, message: string): void {
    this.drop();
    this.emitFault(code, message);
  }

  /** Forgets the current record. */
  drop(): void {
    this.open = undefined;
    this.spoiled = undefined;
  }

  private begin(open: 'document' | 'item' | 'value'): void {
    this.open = open;
    this.event.begin();
    if (this.source === 'written') {
      this.sample.reset();
      this.sampling = false;
    }
  }

  private emitFault(code: ErrorCode, message: string): void {
    this.sampleContent(this.event.content);
    this.emit(this.sample.fault(code, message));
  }

  /** What was written is the source for as long as nothing was cut from it: sampling can wait until then. */
  private sampleContent(content: Buffer): void {
    if (this.source === 'apart' || this.sampling) return;
    this.sample.add(content, 0, content.length);
    this.sampling = true;
  }

  /** What is put in front of the members of an item. */
  private head(): Buffer {
    if (this.open !== 'item' || this.itemKind !== undefined) return NO_HEAD;
    return this.itemHasVersion ? KIND_HEAD : this.itemHead;
  }
}

function valueFault(bytes: Buffer): EventError {
  const end = checkedValueEnd(bytes, 0, bytes.length);
  return end < 0 ? broken(~end, 0, bytes.length) : NO_OBJECT;
}

function tooLarge(kind: string | undefined, maxEventBytes: number): string {
  const limit = `larger than maxEventBytes (${maxEventBytes})`;
  if (kind === 'Event') return `event ${limit}, even without requestObject and responseObject`;
  return `record ${limit}, and no Event whose bodies could be left out`;
}
