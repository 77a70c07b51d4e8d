import { TextDecoder } from 'node:util';
import type { Token } from 'stream-json/core/parser.js';
import { NEWLINE } from '../audit/json-bytes.ts';
import { type ErrorCode, messageOf } from '../core/errors.ts';
import { Compactor } from './compact.ts';
import { isBlank, Outline } from './outline.ts';
import { type DocumentRecord, type ReaderOptions, Sample } from './record.ts';
import { RecordBuilder } from './record-builder.ts';

/** What invalid UTF-8 is decoded to; it may also stand in the source itself. */
const REPLACEMENT = '\ufffd';

/**
 * Reads a JSON object that is spread over lines, of any size, in constant memory: one record, or one for each item of
 * an EventList as it is completed. Each is compacted to one line, so that what `jq .` made of an event becomes the
 * bytes that kube-apiserver wrote.
 *
 * A malformed document costs no more than itself: it is one fault, and the caller goes on with the line on which the
 * error was found. Where a torn line is followed by a whole object on a line of its own, the object may belong to the
 * document or be the next record: that is left open until the byte behind it tells.
 */
export class DocumentReader {
  private readonly emit: ReaderOptions['emit'];
  private readonly builder: RecordBuilder;
  private readonly compactor: Compactor;
  private readonly outline = new Outline();
  private decoder = newDecoder();
  /** The decoder may hold the beginning of a character. */
  private midCharacter = false;
  private finished = true;
  /** The document up to the current line, without what is left open. */
  private readonly read = new Sample();
  /** Up to where the bytes of this push are in `read`. */
  private kept = 0;
  private line = 1;
  private lineStart = 0;
  private emittedOnLine = false;
  /** Where the object that may be the next record begins in this push; -1 if there is none. */
  private loneFrom = -1;
  /** That object, once its push is over. */
  private held: Buffer | undefined;

  constructor({ maxEventBytes, emit }: ReaderOptions) {
    this.emit = emit;
    const emitRecord = (record: DocumentRecord) => {
      this.emittedOnLine = true;
      emit(record);
    };
    this.builder = new RecordBuilder({ maxEventBytes, emit: emitRecord, source: 'apart' });
    this.compactor = new Compactor(this.builder);
  }

  /** Whether the document is complete or given up. The next `push` begins another one. */
  get done(): boolean {
    return this.finished;
  }

  /**
   * Takes whole lines; the first push begins with the line on which the document starts. Returns up to where it
   * consumed: `end` while the document goes on, else the position behind its last byte or behind what was given up.
   */
  push(bytes: Buffer, start: number, end: number): number {
    if (this.finished) this.begin();
    this.kept = start;
    this.startLine(bytes, start);
    let at = start;
    while (at < end) {
      const stop = this.outline.next(bytes, at, end, this.compactor.inItems);
      const cut = this.outline.cut;
      const wrong = stop === 'foreign' ? 'a document begins with "{"' : this.take(bytes, at, cut, stop === 'document');
      if (wrong !== undefined) return this.giveUp(wrong, bytes, this.resumeAt(bytes, at, end));
      if (stop === 'open-string') return this.giveUpLine(bytes, lineEnd(bytes, cut, end));
      if (stop === 'too-deep') return this.giveUp('nested too deeply', bytes, this.resumeAt(bytes, at, end));
      at = cut;
      if (stop === 'document') {
        this.finished = true;
        return at;
      }
      if (stop === 'line') {
        this.endLine(bytes, at);
        this.line++;
        this.startLine(bytes, at);
      }
    }
    if (this.lineStart < end) this.endLine(bytes, end);
    if (this.loneFrom >= 0) this.held = Buffer.from(bytes.subarray(this.loneFrom, end));
    this.loneFrom = -1;
    return end;
  }

  /** The input ends: a document that is still open is a fault. */
  end(): void {
    if (this.finished) return;
    const oneLine = 'the input ends in the middle of this record: a torn line';
    const severalLines = `the input ends inside a document, on line ${this.line} of it`;
    this.fault('torn-line', this.line === 1 ? oneLine : severalLines);
  }

  private begin(): void {
    this.finished = false;
    this.line = 1;
    this.loneFrom = -1;
    this.held = undefined;
    this.read.reset();
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
    let tokens: readonly Token[];
    let lastTokens: readonly Token[];
    try {
      tokens = compactor.read(this.decode(bytes, start, end));
      lastTokens = last ? compactor.readEnd() : [];
    } catch (error) {
      return messageOf(error).replace(/^Parser (cannot parse input: |has )/, '');
    }
    if (last) this.keep(bytes, end);
    if (this.outline.place === 'item-start') builder.sample.reset();
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
      if (this.inRecord()) this.builder.spoil('invalid-utf8', `invalid UTF-8 on line ${this.line} of a document`);
      this.decoder = newDecoder();
      this.midCharacter = false;
      return bytes.toString('utf8', start, end);
    }
  }

  private inRecord(): boolean {
    return !this.compactor.isList || this.outline.place !== 'outside';
  }

  private startLine(bytes: Buffer, at: number): void {
    this.lineStart = at;
    this.emittedOnLine = false;
    this.outline.startLine(bytes, at, this.compactor.inItems);
  }

  private endLine(bytes: Buffer, end: number): void {
    if (this.outline.isLone(bytes, end)) {
      this.loneFrom = this.lineStart;
    } else if (!isBlank(bytes, this.lineStart, end)) {
      this.loneFrom = -1;
      this.keep(bytes, end);
    }
  }

  private keep(bytes: Buffer, end: number): void {
    if (this.held !== undefined) this.read.add(this.held, 0, this.held.length);
    this.held = undefined;
    this.read.add(bytes, this.kept, end);
    this.kept = end;
  }

  /** Where the caller goes on when an error is found behind `at`: always behind the document's first line. */
  private resumeAt(bytes: Buffer, at: number, end: number): number {
    if (this.loneFrom >= 0) return this.loneFrom;
    if (this.held !== undefined) return this.lineStart;
    return this.line === 1 || this.emittedOnLine ? lineEnd(bytes, at, end) : this.lineStart;
  }

  /** The line ends inside a string, so it is torn, but it is this document's. */
  private giveUpLine(bytes: Buffer, end: number): number {
    this.keep(bytes, end);
    return this.giveUp('a string does not end on its line', bytes, end);
  }

  private giveUp(reason: string, bytes: Buffer, resume: number): number {
    this.read.add(bytes, this.kept, resume);
    this.fault('not-json', `not JSON: ${reason}, on line ${this.line} of a document`);
    return resume;
  }

  private fault(code: ErrorCode, message: string): void {
    this.finished = true;
    this.emit(this.read.fault(code, message));
    if (this.held === undefined) return;
    let last = this.held.length;
    while (isBlank(this.held, last - 1, last)) last--;
    this.emit({ bytes: this.held.subarray(0, last), truncated: false });
    this.held = undefined;
  }
}

/** Behind the newline at or after `at`. */
function lineEnd(bytes: Buffer, at: number, end: number): number {
  const newline = bytes.indexOf(NEWLINE, at);
  return newline < 0 || newline >= end ? end : newline + 1;
}

function isAscii(byte: number | undefined): boolean {
  return (byte ?? 0) < 0x80;
}

function newDecoder(): TextDecoder {
  return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
}
