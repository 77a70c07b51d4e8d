import { TextDecoder } from 'node:util';
import type { Token } from 'stream-json/core/parser.js';
import { type ErrorCode, messageOf } from '../core/errors.ts';
import { Compactor } from './compact.ts';
import { DocumentLines } from './document-lines.ts';
import { Outline } from './outline.ts';
import { BEGINNING, type DocumentRecord, neverFull, type Place, type ReaderOptions } from './record.ts';
import { RecordBuilder } from './record-builder.ts';

/** What invalid UTF-8 is decoded to; it may also stand in the source itself. */
const REPLACEMENT = '\ufffd';

export interface DocumentOptions extends ReaderOptions {
  /** Called with a line that turned out not to belong to the malformed document in front of it: to be read anew. */
  readonly giveBack: (line: Buffer, place: Place) => void;
}

/**
 * Reads a JSON object that is spread over lines, of any size, in constant memory: one record, or one for each item of
 * an EventList as it is completed. Each is compacted to one line, so that what `jq .` made of an event becomes the
 * bytes that kube-apiserver wrote.
 *
 * A malformed document costs no more than itself: it is one fault, and the caller goes on with the line on which the
 * error was found, unless that is longer than `maxEventBytes` up to there. Where a torn line is followed by a whole
 * object on a line of its own, the object may belong to the document or be the next record: that is left open until
 * the line behind it tells.
 */
export class DocumentReader {
  private readonly emit: ReaderOptions['emit'];
  private readonly giveBack: DocumentOptions['giveBack'];
  private readonly isFull: () => boolean;
  private readonly builder: RecordBuilder;
  private readonly compactor: Compactor;
  private readonly outline = new Outline();
  private readonly lines: DocumentLines;
  private decoder = newDecoder();
  /** The decoder may hold the beginning of a character. */
  private midCharacter = false;
  private finished = true;
  /** Why the document is given up, with the end of the line still to come. */
  private wrong: string | undefined;
  private recordPlace = BEGINNING;

  constructor({ maxEventBytes, emit, giveBack, isFull = neverFull }: DocumentOptions) {
    this.emit = emit;
    this.giveBack = giveBack;
    this.isFull = isFull;
    this.lines = new DocumentLines(maxEventBytes);
    const emitRecord = (record: DocumentRecord) => {
      this.lines.settle();
      emit(record, this.recordPlace);
    };
    this.builder = new RecordBuilder({ maxEventBytes, emit: emitRecord, source: 'apart' });
    this.compactor = new Compactor(this.builder);
  }

  /** Whether the document is complete or given up. The next `push` begins another one. */
  get done(): boolean {
    return this.finished;
  }

  /**
   * Takes whole lines, of a line longer than `maxEventBytes` any pieces; the first push begins with the line on which
   * the document starts. Returns up to where it consumed: `end` while the document goes on, unless it was full before
   * that, else the position behind its last byte or behind what was given up.
   */
  push(bytes: Buffer, start: number, end: number): number {
    if (this.finished) this.begin();
    const { outline, compactor, lines } = this;
    if (lines.push(bytes, start)) outline.startLine(bytes, start, compactor.inItems);
    if (this.wrong !== undefined) return this.giveUp(this.wrong, lines.behindLine(start, end));
    let at = start;
    while (at < end && !this.isFull()) {
      const stop = outline.next(bytes, at, lines.border(at, end), compactor.inItems);
      const { cut } = outline;
      const wrong = stop === 'foreign' ? 'a document begins with "{"' : this.take(bytes, at, cut, stop === 'document');
      if (wrong !== undefined) return this.giveUp(wrong, lines.resume(at, end));
      if (stop === 'too-deep') return this.giveUp('nested too deeply', lines.resume(at, end));
      if (stop === 'open-string') {
        lines.settle();
        return this.giveUp('a string does not end on its line', lines.behindLine(cut, end));
      }
      at = cut;
      if (stop === 'document') {
        this.finished = true;
        return at;
      }
      lines.reach(at);
      if (stop === 'line') {
        lines.next(at, { lone: outline.isLone(bytes, at) });
        outline.startLine(bytes, at, compactor.inItems);
      }
    }
    lines.pause(at, { lone: outline.isLone(bytes, at) });
    return at;
  }

  /** The input ends: a document that is still open is a fault. */
  end(): void {
    if (this.finished) return;
    const { wrong, lines } = this;
    const oneLine = 'the input ends in the middle of this record: a torn line';
    const severalLines = `the input ends inside a document, on line ${lines.line} of it`;
    if (wrong !== undefined) this.fault('not-json', this.notJson(wrong));
    else this.fault('torn-line', lines.line === 1 ? oneLine : severalLines);
  }

  private begin(): void {
    this.finished = false;
    this.wrong = undefined;
    this.recordPlace = BEGINNING;
    this.lines.begin();
    this.outline.reset();
    this.compactor.reset();
    this.builder.drop();
    this.builder.sample.reset();
    this.decoder = newDecoder();
    this.midCharacter = false;
  }

  /** Takes a step's bytes. Returns what is wrong with them; then nothing has come of them. */
  private take(bytes: Buffer, start: number, end: number, last: boolean): string | undefined {
    const { compactor, builder } = this;
    if (this.outline.place === 'item-start') {
      if (!compactor.isList) builder.drop();
      builder.sample.reset();
      this.recordPlace = this.lines.placeOf(start);
    }
    let tokens: readonly Token[];
    let lastTokens: readonly Token[];
    try {
      tokens = compactor.read(this.decode(bytes, start, end));
      lastTokens = last ? compactor.readEnd() : [];
    } catch (error) {
      return messageOf(error).replace(/^Parser (cannot parse input: |has )/, '');
    }
    if (this.inRecord()) builder.sample.add(bytes, start, end);
    compactor.take(tokens);
    compactor.take(lastTokens);
    return undefined;
  }

  private decode(bytes: Buffer, start: number, end: number): string {
    const wholeCharacters = !this.midCharacter && isAscii(bytes[end - 1]);
    if (wholeCharacters) {
      const text = bytes.toString('utf8', start, end);
      if (!text.includes(REPLACEMENT)) return text;
    }
    this.midCharacter = !isAscii(bytes[end - 1]);
    try {
      return this.decoder.decode(bytes.subarray(start, end), { stream: true });
    } catch {
      // The brackets are still clear, so that this record alone is lost and not what follows it.
      const { line } = this.lines;
      if (this.inRecord()) this.builder.spoil('invalid-utf8', `invalid UTF-8 on line ${line} of a document`);
      this.decoder = newDecoder();
      this.midCharacter = false;
      return bytes.toString('utf8', start, end);
    }
  }

  private inRecord(): boolean {
    return !this.compactor.isList || this.outline.place !== 'outside';
  }

  /** Returns `resume`, where the caller goes on. Where the line goes on behind that, so does what is given up. */
  private giveUp(reason: string, resume: number): number {
    this.wrong = reason;
    this.lines.keep(resume);
    if (!this.lines.midLine) this.fault('not-json', this.notJson(reason));
    return resume;
  }

  private notJson(reason: string): string {
    return `not JSON: ${reason}, on line ${this.lines.line} of a document`;
  }

  private fault(code: ErrorCode, message: string): void {
    this.finished = true;
    const { held, text } = this.lines.result();
    this.emit(text.fault(code, message), BEGINNING);
    if (held !== undefined) this.giveBack(held.bytes, held.place);
  }
}

function isAscii(byte: number | undefined): boolean {
  return (byte ?? 0) < 0x80;
}

function newDecoder(): TextDecoder {
  return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
}
