import { BytesEvent, type Piece } from '../audit/bytes-event.ts';
import { NEWLINE } from '../audit/json-bytes.ts';
import { SLOTS } from '../audit/member-table.ts';
import { broken } from '../audit/well-formed.ts';
import type { EventError } from '../core/errors.ts';
import type { Origin } from '../core/event.ts';
import { ContainerLines, type Content, type LineReader } from './container-lines.ts';
import { DocumentReader } from './documents.ts';
import { countItems } from './event-list.ts';
import { AuditIDs, cutLine, type RecordTaker } from './line.ts';
import { OversizeReader } from './oversize.ts';
import { OwnEvents } from './own-events.ts';
import type { DocumentRecord, Place } from './record.ts';

const BOM = Buffer.from([0xef, 0xbb, 0xbf]);
const NO_TABLE = new Int32Array(0);

/** What a call of `frame` found. */
export interface Framed {
  readonly events: readonly BytesEvent[];
  /** Where the unfinished last record begins: bring it again, in front of what is read next. */
  readonly rest: number;
  /** There are more records in the bytes from `rest` on than one call gives out: bring them again before reading on. */
  readonly more: boolean;
}

/** Most records of one call, so that a log of tiny ones takes no more memory than others. A list counts with its items. */
const MAX_WEIGHT = 4096;
/** What a record of a reader weighs: what is left behind by making it is more than it is itself. */
const READER_WEIGHT = 16;

/**
 * Cuts an input into whole records, whatever it is: a record a line (Event, EventList or AdmissionReview, wrapped by a
 * container runtime or not), documents over many lines, documents glued together, lines of any length. What is no
 * record comes out as an event with a fault. White space, NULs and a byte order mark between records belong to none.
 * Events are views of the given bytes wherever the record lies there in one piece.
 */
export class Framer implements RecordTaker {
  /** Events that lost their bodies because they were larger than `maxEventBytes`. */
  truncated = 0;
  private readonly source: string;
  private readonly maxEventBytes: number;
  private readonly containers: ContainerLines;
  /** Of the first byte of the buffer now looked at, in the input. */
  private base = 0;
  private consumed = 0;
  private line = 1;
  /** Reads the record that is too long for its line, or goes on over the line's end. */
  private reader: DocumentReader | LineReader | undefined;
  private readerOrigin: Origin;
  private readonly documents: DocumentReader;
  private readonly oversize: OversizeReader;
  private readonly own: OwnEvents;
  private current: Piece;
  private events: BytesEvent[] = [];
  private weight = 0;
  /** Where the line begins that is being unwrapped: in the buffer, or in the input if it has one of its own. */
  private lineStart = 0;
  private ownOrigin: Origin | undefined;

  constructor(source: string, { maxEventBytes }: { maxEventBytes: number }) {
    this.source = source;
    this.maxEventBytes = maxEventBytes;
    this.own = new OwnEvents(source);
    this.containers = new ContainerLines(maxEventBytes, () => this.containerReader());
    const isFull = () => this.isFull();
    const emit = (record: DocumentRecord, place: Place) => this.addRecord(record, this.placed(place));
    const giveBack = (line: Buffer, place: Place) => this.takeOwnLine(line, this.placed(place));
    this.documents = new DocumentReader({ maxEventBytes, emit, isFull, giveBack });
    this.oversize = new OversizeReader({ maxEventBytes, emit, isFull });
    this.readerOrigin = this.originAt(0);
    this.current = this.pieceOver(Buffer.alloc(0), 0);
  }

  /** Bytes of the input that came out as records, or as what lies between them. */
  get offset(): number {
    return this.consumed;
  }

  /** Takes the bytes from `start` to `end`. With `last` the input ends there, and nothing is left over. */
  frame(bytes: Buffer, start: number, end: number, { last }: { last: boolean }): Framed {
    this.base = this.consumed - start;
    this.current = this.pieceOver(bytes, start);
    this.events = [];
    this.weight = 0;
    const view = bytes.subarray(0, end);
    const ids = new AuditIDs(view);
    let at = this.consumed === 0 && view.subarray(start, start + 3).equals(BOM) ? start + 3 : start;

    this.containers.drain();
    while (at < end && !this.isFull()) {
      if (this.reader instanceof DocumentReader) {
        const until = this.documentEnd(view, at, last);
        if (until === at) break;
        at = this.pushDocument(this.reader, bytes, at, until);
        continue;
      }
      while (this.reader === undefined && bytes[at] === 0 && at < end) at++;
      const newline = view.indexOf(NEWLINE, at);
      const lineEnd = newline < 0 ? end : newline;
      const whole = newline >= 0 || last;
      if (this.reader === undefined && lineEnd - at > this.maxEventBytes) {
        at = this.openLong(bytes, at, lineEnd, { whole });
      }
      if (this.reader !== undefined) {
        at = this.reader.push(bytes, at, lineEnd);
        if (at < lineEnd) continue;
        if (newline >= 0) this.closeReader();
      } else if (!whole) {
        break;
      } else {
        const document = this.takeLine(bytes, at, lineEnd, ids);
        if (document >= 0 && newline < 0) {
          this.addView(document, lineEnd, broken(lineEnd, document, lineEnd));
        } else if (document >= 0) {
          this.open(this.documents, document);
          at = document;
          continue;
        }
      }
      if (newline >= 0) this.line++;
      at = newline < 0 ? end : newline + 1;
    }
    const more = this.isFull() && (at < end || this.containers.busy);
    if (last && !more) this.end(end);
    this.current.utf8End = at;
    this.current.table = new Int32Array(this.events.length * SLOTS);
    this.consumed = this.base + at;
    return { events: this.events, rest: at, more };
  }

  record(bytes: Buffer, start: number, end: number, tail = 0): void {
    const place = { start, end, slot: this.events.length * SLOTS, line: this.line, tail };
    this.events.push(new BytesEvent(this.current, place));
    this.weight += tail > 0 ? 1 : 1 + countItems(bytes, start, end);
  }

  fault(_bytes: Buffer, start: number, end: number, error: EventError): void {
    this.addView(start, end, error);
  }

  private addView(start: number, end: number, fault: EventError | undefined): void {
    const place = { start, end, slot: this.events.length * SLOTS, line: this.line };
    this.events.push(new BytesEvent(this.current, place, undefined, fault));
    this.weight++;
  }

  /** Returns the position of a document that begins on this line and does not end there, or -1. */
  private takeLine(bytes: Buffer, start: number, end: number, ids: AuditIDs): number {
    this.lineStart = start;
    const content = this.containers.unwrap(bytes, start, end);
    if (content === undefined) return cutLine(bytes, start, end, ids, this);
    if (content === 'taken') return -1;
    if (content.bytes === bytes) this.takeContent(content, ids, this);
    else this.takeContent(content, new AuditIDs(content.bytes), this.takerAt(this.originAt(start)));
    return -1;
  }

  /** Takes a line that comes out of a document, in bytes of its own. */
  private takeOwnLine(bytes: Buffer, origin: Origin): void {
    this.ownOrigin = origin;
    const content = this.containers.unwrap(bytes, 0, bytes.length) ?? { bytes, start: 0, end: bytes.length };
    this.ownOrigin = undefined;
    if (content !== 'taken') this.takeContent(content, new AuditIDs(content.bytes), this.takerAt(origin));
  }

  /** What stands in a line that does not go on: a document that does not end there is torn. */
  private takeContent({ bytes, start, end }: Content, ids: AuditIDs, taker: RecordTaker): void {
    const document = cutLine(bytes, start, end, ids, taker);
    if (document >= 0) taker.fault(bytes, document, end, broken(end, document, end));
  }

  /** Up to where a document may be read on: whole lines, unless one is too long to wait for. */
  private documentEnd(view: Buffer, at: number, last: boolean): number {
    if (last) return view.length;
    const lines = view.lastIndexOf(NEWLINE) + 1;
    if (lines > at) return lines;
    return view.length - at > this.maxEventBytes ? view.length : at;
  }

  private pushDocument(reader: DocumentReader, bytes: Buffer, at: number, until: number): number {
    const next = reader.push(bytes, at, until);
    for (let i = at; i < next; i++) if (bytes[i] === NEWLINE) this.line++;
    if (reader.done) this.reader = undefined;
    return next;
  }

  private open(reader: DocumentReader | OversizeReader, at: number): void {
    this.reader = reader;
    this.readerOrigin = this.originAt(at);
  }

  /** Opens a reader for a line that is too long, unless it is to be taken whole. Returns where to go on. */
  private openLong(bytes: Buffer, at: number, end: number, options: { whole: boolean }): number {
    this.lineStart = at;
    const long = this.containers.openLong(bytes, at, end, options);
    if (long === 'whole') return at;
    if (long === undefined) this.open(this.oversize, at);
    else this.reader = long.reader;
    return long === undefined ? at : long.start;
  }

  /** Everything in a joined line has the place of the line with which it grew too long. */
  private containerReader(): OversizeReader {
    const origin = this.ownOrigin ?? this.originAt(this.lineStart);
    const { maxEventBytes } = this;
    const emit = (record: DocumentRecord) => this.addRecord(record, origin);
    return new OversizeReader({ maxEventBytes, emit, isFull: () => this.isFull() });
  }

  private isFull(): boolean {
    return this.weight >= MAX_WEIGHT;
  }

  private addRecord(record: DocumentRecord, origin: Origin): void {
    if ('truncated' in record && record.truncated) this.truncated++;
    this.addOwn(this.own.ofRecord(record, origin));
    this.weight += READER_WEIGHT;
  }

  private addOwn(event: BytesEvent): void {
    this.events.push(event);
    this.weight += 1 + countItems(event.chunk, event.start, event.end);
  }

  private closeReader(): void {
    this.reader?.end();
    this.reader = undefined;
  }

  private end(at: number): void {
    this.closeReader();
    for (const torn of this.containers.end()) {
      this.takerAt(this.originAt(at)).fault(torn, 0, torn.length, broken(torn.length, 0, torn.length));
    }
  }

  /** Takes records from a buffer of their own. */
  private takerAt(origin: Origin): RecordTaker {
    const add = (bytes: Buffer, start: number, end: number, fault?: EventError) =>
      this.addOwn(this.own.of(bytes.subarray(start, end), origin, fault === undefined ? {} : { fault }));
    return { record: (bytes, start, end) => add(bytes, start, end), fault: add };
  }

  /** A place in what the reader was given. */
  private placed({ line, offset }: Place): Origin {
    const { source, line: firstLine, offset: first } = this.readerOrigin;
    return { source, line: firstLine + line, offset: first + offset };
  }

  private originAt(at: number): Origin {
    return { source: this.source, line: this.line, offset: this.base + at };
  }

  private pieceOver(chunk: Buffer, start: number): Piece {
    const { source, base: offset } = this;
    return { chunk, table: NO_TABLE, source, offset, utf8: 0, utf8Start: start, utf8End: start };
  }
}
