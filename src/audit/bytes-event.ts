import { isUtf8 } from 'node:buffer';
import { EventError } from '../core/errors.ts';
import type { AuditEvent, Edit, EventHead, Labels, Origin } from '../core/event.ts';
import { mergeLabels, NO_LABELS } from '../core/labels.ts';
import { AdmissionHead } from './admission-head.ts';
import { BytesHead } from './head.ts';
import { parseJson } from './json-scan.ts';
import { type Place, SLOTS } from './member-table.ts';
import { splicedBytes } from './spliced-bytes.ts';
import { objectFault } from './well-formed.ts';

/** So many events of a piece are asked for one by one, which is cheaper than all of it where few are let through. */
const FEW = 16;
const ADMISSION_REVIEW = 'AdmissionReview';

/** A piece of input that several events are views of. Whoever cuts it completes it before the events are passed on. */
export interface Piece {
  readonly chunk: Buffer;
  /** SLOTS numbers for each event: see member-table.ts. */
  table: Int32Array;
  readonly source: string;
  /** Where the chunk's first byte lay in the input. */
  readonly offset: number;
  /** Whether the part of the chunk that holds events is valid UTF-8; until that is asked, how many events were. */
  utf8: boolean | number;
  readonly utf8Start: number;
  utf8End: number;
}

/** The AuditEvent that everything passes around: a view of a piece. */
export class BytesEvent implements AuditEvent {
  readonly piece: Piece;
  readonly start: number;
  readonly end: number;
  /** First slot of this event in the piece's table. */
  readonly slot: number;
  readonly line: number;
  /** Where the tail begins, in an event as kube-apiserver writes them (see upstreamTail); 0 if that is not known. */
  readonly tail: number;
  readonly labels: Labels;
  readonly fault: EventError | undefined;
  private madeHead: EventHead | undefined;
  private parsed: Record<string, unknown> | undefined;
  private checked: EventError | true | undefined;

  constructor(piece: Piece, place: Place & { readonly line: number }, labels: Labels = NO_LABELS, fault?: EventError) {
    this.piece = piece;
    this.start = place.start;
    this.end = place.end;
    this.slot = place.slot;
    this.line = place.line;
    this.tail = place.tail ?? 0;
    this.labels = labels;
    this.fault = fault;
    this.madeHead = undefined;
    this.parsed = undefined;
    this.checked = undefined;
  }

  get chunk(): Buffer {
    return this.piece.chunk;
  }

  get raw(): Buffer {
    return this.piece.chunk.subarray(this.start, this.end);
  }

  get size(): number {
    return this.end - this.start;
  }

  get head(): EventHead {
    if (this.madeHead === undefined) {
      const head = new BytesHead(this.piece, this);
      this.madeHead = head.kind === ADMISSION_REVIEW ? new AdmissionHead(this) : head;
    }
    return this.madeHead;
  }

  get json(): Readonly<Record<string, unknown>> {
    this.parsed ??= parseJson<Record<string, unknown>>(this.raw.toString());
    return this.parsed;
  }

  get origin(): Origin {
    return { source: this.piece.source, line: this.line, offset: this.piece.offset + this.start };
  }

  /** Of the piece, from `slot` on. */
  get table(): Int32Array {
    return this.piece.table;
  }

  check(): EventError | undefined {
    this.checked ??=
      this.fault ?? this.utf8Fault() ?? objectFault(this.piece.chunk, this.start, this.end, this) ?? true;
    return this.checked === true ? undefined : this.checked;
  }

  private utf8Fault(): EventError | undefined {
    const piece = this.piece;
    if (typeof piece.utf8 === 'number' && piece.utf8++ === FEW) {
      piece.utf8 = isUtf8(piece.chunk.subarray(piece.utf8Start, piece.utf8End));
    }
    if (piece.utf8 === true || isUtf8(this.raw)) return undefined;
    return new EventError('invalid-utf8', 'the record is not valid UTF-8');
  }

  splice(edits: readonly Edit[]): BytesEvent {
    const { chunk, start, end } = splicedBytes(this.piece.chunk, this.start, this.end, edits);
    const offset = this.piece.offset + this.start - start;
    const piece = new SplicedPiece({ chunk, source: this.piece.source, offset, start, end });
    return new BytesEvent(piece, { start, end, slot: 0, line: this.line }, this.labels);
  }

  label(labels: Labels): AuditEvent {
    const { start, end, slot, line, tail } = this;
    const all = mergeLabels(this.labels, labels);
    const labelled = new BytesEvent(this.piece, { start, end, slot, line, tail }, all, this.fault);
    labelled.madeHead = this.madeHead;
    labelled.checked = this.checked;
    return labelled;
  }
}

/** The piece of one spliced event. Most of them are written without another look: the table is made when asked for. */
class SplicedPiece implements Piece {
  readonly chunk: Buffer;
  readonly source: string;
  readonly offset: number;
  readonly utf8Start: number;
  readonly utf8End: number;
  utf8: boolean | number;
  private madeTable: Int32Array | undefined;

  constructor(of: { chunk: Buffer; source: string; offset: number; start: number; end: number }) {
    this.chunk = of.chunk;
    this.source = of.source;
    this.offset = of.offset;
    this.utf8Start = of.start;
    this.utf8End = of.end;
    this.utf8 = 0;
    this.madeTable = undefined;
  }

  get table(): Int32Array {
    this.madeTable ??= new Int32Array(SLOTS);
    return this.madeTable;
  }
}

/** An event with a buffer of its own. */
export function eventOf(
  bytes: Buffer | string,
  origin: Origin = { source: 'memory', line: 1, offset: 0 },
  options: { labels?: Labels; fault?: EventError } = {},
): BytesEvent {
  const chunk = Buffer.from(bytes as string);
  return eventOver(chunk, origin, options);
}

/** An event over bytes that nobody else will change. */
export function eventOver(
  bytes: Buffer,
  origin: Origin,
  { labels, fault }: { labels?: Labels; fault?: EventError } = {},
): BytesEvent {
  const piece: Piece = {
    chunk: bytes,
    table: new Int32Array(SLOTS),
    source: origin.source,
    offset: origin.offset,
    utf8: 0,
    utf8Start: 0,
    utf8End: bytes.length,
  };
  return new BytesEvent(piece, { start: 0, end: bytes.length, slot: 0, line: origin.line }, labels, fault);
}
