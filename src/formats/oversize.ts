import { CLOSE_ARRAY, CLOSE_OBJECT, COLON, COMMA, OPEN_ARRAY, OPEN_OBJECT, QUOTE } from '../audit/json-bytes.ts';
import { BEGINNING, neverFull, type Place, type ReaderOptions, Sample } from './record.ts';
import { RecordBuilder } from './record-builder.ts';
import { ValuePieces } from './value-pieces.ts';

/**
 * Where the reader stands. `between`: documents. `member`: in the object that is the current record, or in the list
 * around its items. `items`: between the items of a list. `value`: in an item that is no object. From these two and
 * from `member` it goes into a value with brackets (`nested`) or a string (`key`, `text` if its content matters, else
 * `string`). `garbage`: in what is no document, to the line's end.
 */
type State = 'between' | 'member' | 'items' | 'value' | 'nested' | 'key' | 'text' | 'string' | 'garbage';

/**
 * Reads one line that is too long to be held: a huge Event, which loses its bodies; an EventList, item by item; or
 * documents one behind the other. Except for what is cut or put in front, every byte stays as it came. It finds borders
 * by strings and brackets; whether a record is well formed is seen later. Pieces may be cut anywhere.
 */
export class OversizeReader {
  private readonly emit: ReaderOptions['emit'];
  private readonly isFull: () => boolean;
  private readonly builder: RecordBuilder;
  private readonly values = new ValuePieces();
  private state: State = 'between';
  /** Which object or array is the current one, the values in it apart. */
  private level: 'document' | 'items' | 'item' = 'document';
  /** Behind a colon: what comes is a value. */
  private valueNext = false;
  /** Up to where the current piece was passed on. */
  private from = 0;
  /** A list without its items, or what is no document. */
  private readonly rest: Sample;
  /** Of the first byte of the current piece, in the line. */
  private base = 0;
  /** Where the current document begins, and the current record, which may be an item of it. */
  private document = BEGINNING;
  private record = BEGINNING;

  constructor({ maxEventBytes, emit, isFull = neverFull }: ReaderOptions) {
    this.emit = emit;
    this.isFull = isFull;
    this.rest = new Sample(maxEventBytes);
    this.builder = new RecordBuilder({ maxEventBytes, emit: (found) => emit(found, this.record), source: 'written' });
  }

  /** Takes a piece of the line, without its newline. Returns up to where: `end`, unless it was full before that. */
  push(bytes: Buffer, start: number, end: number): number {
    this.from = start;
    this.base -= start;
    let at = start;
    while (at < end && !this.isFull()) {
      at = this.step(bytes, at, end);
      if (at < 0) at = end;
    }
    this.pass(bytes, at);
    this.base += at;
    return at;
  }

  /** The line ends: what is still open is a fault. The next `push` begins another line. */
  end(): void {
    const { state, rest } = this;
    this.state = 'between';
    this.base = 0;
    if (state === 'garbage') this.emit(rest.fault('not-json', 'not JSON: a record begins with "{"'), this.document);
    else if (this.builder.collecting) this.builder.fail('torn-line', 'the line ends inside a record');
    else if (state !== 'between') {
      this.emit(rest.fault('torn-line', 'the line ends inside a list of events'), this.document);
    }
  }

  /** Returns how far it came; -1 if what it is in goes on in the next piece. */
  private step(bytes: Buffer, at: number, end: number): number {
    switch (this.state) {
      case 'member':
        return this.member(bytes, at, end);
      case 'items':
        return this.items(bytes, at, end);
      case 'nested':
        return this.nested(bytes, at, end);
      case 'key':
      case 'text':
      case 'string':
        return this.string(bytes, at, end);
      case 'value':
        return this.value(bytes, at, end);
      case 'between':
        return this.between(bytes, at, end);
      case 'garbage':
        return end;
    }
  }

  private between(bytes: Buffer, at: number, end: number): number {
    while (at < end && (bytes[at] as number) <= 0x20) at++;
    this.from = at;
    if (at === end) return at;
    this.rest.reset();
    this.document = this.record = this.placeOf(at);
    if (bytes[at] !== OPEN_OBJECT) {
      this.state = 'garbage';
      return end;
    }
    this.builder.document();
    this.enter('member', 'document');
    return at + 1;
  }

  private member(bytes: Buffer, at: number, end: number): number {
    while (at >= 0 && at < end) {
      const byte = bytes[at++] as number;
      if (byte === QUOTE) {
        this.state = !this.valueNext ? 'key' : this.builder.wantsText ? 'text' : 'string';
        this.values.begin();
        at = this.string(bytes, at, end);
      } else if (byte === COLON) {
        this.valueNext = true;
      } else if (byte === COMMA) {
        this.comma(bytes, at - 1);
      } else if (byte === OPEN_OBJECT || byte === OPEN_ARRAY) {
        if (byte === OPEN_ARRAY && this.openList(bytes, at)) return at;
        this.state = 'nested';
        this.values.begin();
        at = this.nested(bytes, at, end);
      } else if (byte === CLOSE_OBJECT || byte === CLOSE_ARRAY) {
        this.close(bytes, at - 1, byte);
        return at;
      }
    }
    return at;
  }

  private comma(bytes: Buffer, at: number): void {
    this.valueNext = false;
    if (this.builder.insideBody) {
      this.pass(bytes, at);
      this.builder.comma();
      this.from = at + 1;
    } else {
      this.builder.mark(at - this.from);
    }
  }

  /** Enters the array that begins before `at` if it holds a list's items. */
  private openList(bytes: Buffer, at: number): boolean {
    if (this.level !== 'document' || !this.valueNext || !this.builder.isList()) return false;
    this.pass(bytes, at);
    this.enter('items', 'items');
    return true;
  }

  private close(bytes: Buffer, at: number, bracket: number): void {
    const { builder } = this;
    if (!builder.collecting || bracket === CLOSE_OBJECT) {
      this.pass(bytes, at);
      builder.close();
    } else {
      this.pass(bytes, at + 1);
      builder.fail('not-json', 'not JSON: "]" where an object is open');
    }
    this.from = at + 1;
    if (this.level === 'document') this.state = 'between';
    else this.enter('items', 'items');
  }

  private items(bytes: Buffer, at: number, end: number): number {
    while (at < end && ((bytes[at] as number) <= 0x20 || bytes[at] === COMMA)) at++;
    if (at === end) return at;
    this.pass(bytes, at);
    const byte = bytes[at];
    if (byte === CLOSE_ARRAY || byte === CLOSE_OBJECT) {
      this.enter('member', 'document');
      return at + 1;
    }
    if (this.builder.collecting) this.rest.add(this.builder.content, 0, this.builder.content.length);
    this.record = this.placeOf(at);
    if (byte === OPEN_OBJECT) {
      this.builder.item('item');
      this.enter('member', 'item');
      return at + 1;
    }
    this.builder.item('value');
    this.state = 'value';
    return at;
  }

  private value(bytes: Buffer, at: number, end: number): number {
    for (; at < end; at++) {
      const byte = bytes[at] as number;
      if (byte === QUOTE || byte === OPEN_OBJECT || byte === OPEN_ARRAY) {
        this.state = byte === QUOTE ? 'string' : 'nested';
        this.values.begin();
        return at + 1;
      }
      if (byte === COMMA || byte === CLOSE_ARRAY || byte === CLOSE_OBJECT) {
        this.pass(bytes, at);
        this.builder.close();
        this.state = 'items';
        return at;
      }
    }
    return at;
  }

  private nested(bytes: Buffer, at: number, end: number): number {
    return this.leave(this.values.skipNested(bytes, at, end));
  }

  private string(bytes: Buffer, at: number, end: number): number {
    const { values, builder } = this;
    if (this.state === 'string') return this.leave(values.skipString(bytes, at, end));
    if (this.state === 'text') {
      const close = this.leave(values.readText(bytes, at, end));
      if (close >= 0) builder.text(values.text);
      return close;
    }
    const close = this.leave(values.readKey(bytes, at, end));
    if (close < 0) return -1;
    const name = values.text;
    if (builder.isBody(name)) this.pass(bytes, close);
    builder.key(name);
    return close;
  }

  /** Back from a value that ends at `close`, unless it goes on. */
  private leave(close: number): number {
    if (close >= 0) this.state = this.level === 'items' ? 'value' : 'member';
    return close;
  }

  private enter(state: State, level: 'document' | 'items' | 'item'): void {
    this.state = state;
    this.level = level;
    this.valueNext = false;
  }

  private placeOf(at: number): Place {
    return { line: 0, offset: this.base + at };
  }

  /** Passes on what was read up to `end`. */
  private pass(bytes: Buffer, end: number): void {
    if (this.builder.collecting) this.builder.write(bytes, this.from, end);
    else if (this.state !== 'between') this.rest.add(bytes, this.from, end);
    this.from = end;
  }
}
