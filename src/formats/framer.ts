import { BytesEvent, eventOver, type Piece } from '../audit/event.ts';
import { NEWLINE, OPEN_OBJECT } from '../audit/json-bytes.ts';
import { valueEnd } from '../audit/json-scan.ts';
import { SLOTS } from '../audit/member-table.ts';
import { broken } from '../audit/well-formed.ts';
import type { EventError } from '../core/errors.ts';
import type { Origin } from '../core/event.ts';
import { ContainerLines } from './container-lines.ts';
import { DocumentReader } from './documents.ts';
import { AuditIDs, cutLine, type RecordTaker } from './line.ts';
import { OversizeReader } from './oversize.ts';
import type { DocumentRecord } from './record.ts';

const CARRIAGE_RETURN = 0x0d;
const BOM = Buffer.from([0xef, 0xbb, 0xbf]);
const NO_TABLE = new Int32Array(0);
const TRUNCATED = Object.freeze({ truncated: 'true' });

/** What a call of `frame` found. */
export interface Framed {
  readonly events: readonly BytesEvent[];
  /** Where the unfinished last record begins: bring it again, in front of what is read next. */
  readonly rest: number;
  /** There are more records in the bytes from `rest` on than one call gives out: bring them again before reading on. */
  readonly more: boolean;
}

/** Most records of one call, so that a log of tiny ones takes no more memory than others. */
const MAX_RECORDS = 4096;

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
  private reader: DocumentReader | OversizeReader | undefined;
  private readerOrigin: Origin;
  private readonly documents: DocumentReader;
  private readonly oversize: OversizeReader;
  private current: Piece;
  private events: BytesEvent[] = [];
  private lineStart = 0;

  constructor(source: string, { maxEventBytes }: { maxEventBytes: number }) {
    this.source = source;
    this.maxEventBytes = maxEventBytes;
    this.containers = new ContainerLines(maxEventBytes, () => this.containerReader());
    const emit = (record: DocumentRecord) => this.addRecord(record, this.readerOrigin);
    this.documents = new DocumentReader({ maxEventBytes, emit });
    this.oversize = new OversizeReader({ maxEventBytes, emit });
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
    const view = bytes.subarray(0, end);
    const ids = new AuditIDs(view);
    let at = this.consumed === 0 && view.subarray(start, start + 3).equals(BOM) ? start + 3 : start;

    while (at < end && this.events.length < MAX_RECORDS) {
      if (this.reader instanceof DocumentReader) {
        const until = this.documentEnd(view, at, last);
        if (until === at) break;
        at = this.pushDocument(this.reader, bytes, at, until);
        continue;
      }
      while (this.reader === undefined && bytes[at] === 0 && at < end) at++;
      const newline = view.indexOf(NEWLINE, at);
      const lineEnd = newline < 0 ? end : newline;
      if (this.reader !== undefined || lineEnd - at > this.maxEventBytes) {
        if (this.reader === undefined) this.open(this.oversize, at);
        this.reader?.push(bytes, at, lineEnd);
        if (newline >= 0) this.closeReader();
      } else if (newline < 0 && !last) {
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
    const more = at < end && this.events.length >= MAX_RECORDS;
    if (last && !more) this.end(end);
    this.current.utf8End = at;
    this.current.table = new Int32Array(this.events.length * SLOTS);
    this.consumed = this.base + at;
    return { events: this.events, rest: at, more };
  }

  record(_bytes: Buffer, start: number, end: number, tail = 0): void {
    const place = { start, end, slot: this.events.length * SLOTS, line: this.line, tail };
    this.events.push(new BytesEvent(this.current, place));
  }

  fault(_bytes: Buffer, start: number, end: number, error: EventError): void {
    this.addView(start, end, error);
  }

  private addView(start: number, end: number, fault: EventError | undefined): void {
    const place = { start, end, slot: this.events.length * SLOTS, line: this.line };
    this.events.push(new BytesEvent(this.current, place, undefined, fault));
  }

  /** Returns the position of a document that begins on this line and does not end there, or -1. */
  private takeLine(bytes: Buffer, start: number, end: number, ids: AuditIDs): number {
    this.lineStart = start;
    const content = this.containers.unwrap(bytes, start, end);
    if (content === undefined) return cutLine(bytes, start, end, ids, this);
    if (content === 'taken') return -1;
    const taker = content.bytes === bytes ? this : this.takerAt(this.originAt(start));
    const inside = content.bytes === bytes ? ids : new AuditIDs(content.bytes);
    const document = cutLine(content.bytes, content.start, content.end, inside, taker);
    if (document >= 0) taker.fault(content.bytes, document, content.end, broken(content.end, document, content.end));
    return -1;
  }

  /**
   * Up to where a document may be read on: whole lines, unless one is too long to wait for. A last line that is an
   * object by itself may be the next record: only the line behind it tells, so the two are read together. (If there are
   * two such lines, it has told.)
   */
  private documentEnd(view: Buffer, at: number, last: boolean): number {
    if (last) return view.length;
    const lines = view.lastIndexOf(NEWLINE) + 1;
    const lone = loneLine(view, at, lines);
    const until = lines > at && loneLine(view, at, lone) === lone ? lone : Math.max(at, lines);
    if (until > at || view.length - at <= this.maxEventBytes) return until;
    return lines > at ? lines : view.length;
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

  private containerReader(): OversizeReader {
    const origin = this.originAt(this.lineStart);
    const { maxEventBytes } = this;
    return new OversizeReader({ maxEventBytes, emit: (record) => this.addRecord(record, origin) });
  }

  private addRecord(record: DocumentRecord, origin: Origin): void {
    if ('truncated' in record && record.truncated) this.truncated++;
    this.events.push(ownEvent(record, origin));
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
    return {
      record: (bytes, start, end) => void this.events.push(eventOver(bytes.subarray(start, end), origin)),
      fault: (bytes, start, end, fault) =>
        void this.events.push(eventOver(bytes.subarray(start, end), origin, { fault })),
    };
  }

  private originAt(at: number): Origin {
    return { source: this.source, line: this.line, offset: this.base + at };
  }

  private pieceOver(chunk: Buffer, start: number): Piece {
    const { source, base: offset } = this;
    return { chunk, table: NO_TABLE, source, offset, utf8: 0, utf8Start: start, utf8End: start };
  }
}

/** Where the last line begins if it is one object, else `end`. Blank lines behind it do not count. */
function loneLine(bytes: Buffer, start: number, end: number): number {
  let last = end;
  while (last > start && (bytes[last - 1] as number) <= 0x20) last--;
  const line = Math.max(start, bytes.lastIndexOf(NEWLINE, last - 1) + 1);
  return bytes[line] === OPEN_OBJECT && valueEnd(bytes, line, last) === last ? line : end;
}

function ownEvent(record: DocumentRecord, origin: Origin): BytesEvent {
  if ('fault' in record) return eventOver(withoutLineEnd(record.bytes), origin, { fault: record.fault });
  return eventOver(record.bytes, origin, record.truncated ? { labels: TRUNCATED } : {});
}

function withoutLineEnd(bytes: Buffer): Buffer {
  let end = bytes.length;
  while (end > 0 && (bytes[end - 1] === NEWLINE || bytes[end - 1] === CARRIAGE_RETURN)) end--;
  return bytes.subarray(0, end);
}
