import { NEWLINE } from '../audit/json-bytes.ts';
import { isBlank } from './outline.ts';
import { type Place, Sample } from './record.ts';

/** A line that may belong to the document or be the next record. */
interface HeldLine {
  readonly bytes: Buffer;
  readonly place: Place;
}

const NO_BYTES: Buffer = Buffer.alloc(0);

/**
 * The lines of a document as they are read, in case that it is malformed: what belongs to it then, and where the next
 * record is looked for.
 *
 * That is the line on which the error is found, which may be read anew; but not the first one, one of which records
 * came, one that ran on for more than `maxEventBytes`, or one that lies in several pushes: such a line is settled, it
 * is the document's to its end. None of this depends on where pushes are cut, as long as no shorter line is.
 */
export class DocumentLines {
  /** Counted from 1. */
  line = 1;
  private readonly maxEventBytes: number;
  /** The document up to the current line. What is added while a line is held can be taken back. */
  private readonly text: Sample;
  private held: HeldLine | undefined;
  private settled = true;
  private bytes = NO_BYTES;
  private start = 0;
  /** Up to where the bytes of this push are in `text`. */
  private kept = 0;
  /** In front of `start` where the line began in an earlier push. */
  private lineStart = 0;
  /** How much of the current line came in earlier pushes, and of the document. */
  private lineBytes = 0;
  private before = 0;

  constructor(maxEventBytes: number) {
    this.maxEventBytes = maxEventBytes;
    this.text = new Sample(maxEventBytes);
  }

  /** A document begins with the next push. */
  begin(): void {
    this.line = 1;
    this.text.reset();
    this.held = undefined;
    this.settled = true;
    this.lineBytes = 0;
    this.before = 0;
  }

  /** A push begins. Returns whether a line begins with it. */
  push(bytes: Buffer, start: number): boolean {
    this.bytes = bytes;
    this.start = start;
    this.kept = start;
    this.lineStart = start - this.lineBytes;
    if (this.lineBytes > 0) this.settled = true;
    return this.lineBytes === 0;
  }

  /** Up to where a step from `at` may go: what is wrong in front of this border is told from what is wrong behind it. */
  border(at: number, end: number): number {
    const border = this.lineStart + this.maxEventBytes + 1;
    return at < border && border < end ? border : end;
  }

  /** All is well up to `at`. */
  reach(at: number): void {
    if (at - this.lineStart > this.maxEventBytes) this.settle();
  }

  /** The current line belongs to the document, and so does the line that is held. */
  settle(): void {
    this.settled = true;
    this.held = undefined;
  }

  /** The current line ends at `end`, behind its newline. `lone`: it is nothing but one object. */
  next(end: number, { lone }: { lone: boolean }): void {
    this.endLine(end, lone);
    this.line++;
    this.lineStart = end;
    this.settled = false;
  }

  /** The push ends at `end`, which may be in the midst of a line or the end of the last one. */
  pause(end: number, { lone }: { lone: boolean }): void {
    if (end > this.lineStart) this.endLine(end, lone);
    this.lineBytes = end - this.lineStart;
    this.before += end - this.start;
    this.bytes = NO_BYTES;
  }

  /** Where to go on after an error behind `at`. */
  resume(at: number, end: number): number {
    return this.settled ? this.behindLine(at, end) : this.lineStart;
  }

  /** Behind the newline at or after `at`; `end` if there is none. */
  behindLine(at: number, end: number): number {
    const newline = this.bytes.indexOf(NEWLINE, at);
    return newline < 0 || newline >= end ? end : newline + 1;
  }

  /** What was read up to `at` belongs to the document, except for a line that is held. */
  keep(at: number): void {
    this.text.add(this.bytes, this.kept, at);
    this.kept = at;
  }

  /** Whether what was kept ends in the midst of a line. */
  get midLine(): boolean {
    return this.kept > this.lineStart && this.bytes[this.kept - 1] !== NEWLINE;
  }

  /** The malformed document, and the line behind it that is the next record. */
  result(): { readonly text: Sample; readonly held: HeldLine | undefined } {
    const { text, held } = this;
    if (held !== undefined) text.rewind();
    this.bytes = NO_BYTES;
    return { text, held };
  }

  placeOf(at: number): Place {
    return { line: this.line - 1, offset: this.before + at - this.start };
  }

  private endLine(end: number, lone: boolean): void {
    const { bytes, lineStart } = this;
    const cut = lineStart < this.start;
    if (lone && !cut && end - lineStart <= this.maxEventBytes + 1) {
      this.keep(lineStart);
      this.text.mark();
      let last = end;
      while (isBlank(bytes, last - 1, last)) last--;
      this.held = { bytes: Buffer.from(bytes.subarray(lineStart, last)), place: this.placeOf(lineStart) };
    } else if (cut || !isBlank(bytes, lineStart, end)) {
      this.held = undefined;
    }
    this.keep(end);
  }
}
