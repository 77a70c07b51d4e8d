import { getManyValues, isMany, type Many, none } from 'stream-chain/defs.js';
import { jsonParser, type Token } from 'stream-json/core/parser.js';
import { goEscape } from './go-json.ts';
import type { RecordBuilder } from './record-builder.ts';

/** Names and kinds that mean something are shorter; of longer ones only the beginning is looked at. */
const MAX_NAME = 256;
/** Output is collected in pieces of this size. */
const STAGE_BYTES = 8 * 1024;
/** Shorter text is encoded here, which costs less than a call. */
const SHORT_TEXT = 64;

/** Depth of an item's members in `{"items":[{`. */
const ITEM_DEPTH = 3;

/**
 * One document, from its text to a builder's records: without white space, numbers as they are spelled, strings as Go
 * writes them. Text may be cut anywhere; strings and numbers of any length pass through in pieces.
 */
export class Compactor {
  private readonly builder: RecordBuilder;
  private parse = newParser();
  private depth = 0;
  /** Depth of the members of the current record: 1 for a document, 3 for an item. */
  private recordDepth = 1;
  private itemsOpen = false;
  private list = false;
  /** A value is complete: before the next one of the same container there is a comma. */
  private afterValue = false;
  private role: 'key' | 'text' | 'other' = 'other';
  private name = '';
  private readonly stage = Buffer.allocUnsafe(STAGE_BYTES);
  private staged = 0;

  constructor(builder: RecordBuilder) {
    this.builder = builder;
  }

  /** Whether the next value in the array at depth 2 is an item. */
  get inItems(): boolean {
    return this.itemsOpen;
  }

  /** Whether the document is a list of which an item has begun: its records are items. */
  get isList(): boolean {
    return this.list;
  }

  /** Begins with a new document. */
  reset(): void {
    this.parse = newParser();
    this.depth = 0;
    this.recordDepth = 1;
    this.itemsOpen = false;
    this.list = false;
    this.afterValue = false;
    this.role = 'other';
    this.staged = 0;
  }

  /** Reads text without acting on it yet. Throws an Error that says what is wrong with it. */
  read(text: string): readonly Token[] {
    return tokensOf(this.parse(text));
  }

  /** Reads the end of the document; throws if something is missing. */
  readEnd(): readonly Token[] {
    return tokensOf(this.parse(none));
  }

  /** Acts on what was read. */
  take(tokens: readonly Token[]): void {
    for (const token of tokens) {
      switch (token.name) {
        case 'startObject':
          this.startObject();
          break;
        case 'startArray':
          this.startArray();
          break;
        case 'endObject':
        case 'endArray':
          this.endContainer(token.name === 'endObject' ? '}' : ']');
          break;
        case 'startKey':
          this.separate();
          this.role = this.depth === this.recordDepth ? 'key' : 'other';
          this.name = '';
          this.put('"');
          break;
        case 'endKey':
          this.endKey();
          break;
        case 'startString':
          this.startValue();
          this.role = this.depth === this.recordDepth && this.builder.wantsText ? 'text' : 'other';
          this.name = '';
          this.put('"');
          break;
        case 'endString':
          this.put('"');
          if (this.role === 'text') this.builder.text(this.name);
          this.endValue();
          break;
        case 'stringChunk':
          if (this.role !== 'other' && this.name.length < MAX_NAME) this.name += token.value;
          this.put(goEscape(token.value));
          break;
        case 'startNumber':
          this.startValue();
          break;
        case 'numberChunk':
          this.put(token.value);
          break;
        case 'endNumber':
          this.endValue();
          break;
        case 'trueValue':
        case 'falseValue':
        case 'nullValue':
          this.startValue();
          this.put(String(token.value));
          this.endValue();
          break;
      }
    }
  }

  private startObject(): void {
    if (this.depth === 0) {
      this.builder.document();
    } else if (this.atItem()) {
      this.startItem('item');
      this.recordDepth = ITEM_DEPTH;
    } else {
      this.separate();
    }
    this.depth++;
    this.afterValue = false;
    this.put('{');
  }

  private startArray(): void {
    this.startValue();
    this.put('[');
    if (this.depth === 1 && this.recordDepth === 1) this.itemsOpen = this.builder.isList();
    this.depth++;
    this.afterValue = false;
  }

  private endContainer(bracket: string): void {
    this.depth--;
    if (this.itemsOpen && this.depth === 1) {
      this.itemsOpen = false;
      this.put(bracket);
    } else if (bracket === '}' && this.depth === this.recordDepth - 1) {
      this.closeRecord();
    } else {
      this.put(bracket);
    }
    this.endValue();
  }

  private endKey(): void {
    if (this.role === 'key') {
      this.put('"');
      if (this.builder.isBody(this.name)) this.flush();
      this.builder.key(this.name);
      this.put(':');
    } else {
      this.put('":');
    }
    this.afterValue = false;
  }

  /** Before any value but an object. */
  private startValue(): void {
    if (this.atItem()) this.startItem('value');
    else this.separate();
  }

  /** What was put of the list itself is forgotten with its first item. */
  private startItem(shape: 'item' | 'value'): void {
    this.list = true;
    this.staged = 0;
    this.builder.item(shape);
  }

  private endValue(): void {
    this.afterValue = true;
    if (!this.atItem() || !this.builder.collecting) return;
    this.flush();
    this.builder.close();
  }

  private atItem(): boolean {
    return this.itemsOpen && this.depth === 2;
  }

  private separate(): void {
    if (!this.afterValue) return;
    this.afterValue = false;
    if (this.depth !== this.recordDepth) {
      this.put(',');
    } else if (this.builder.insideBody) {
      this.flush();
      this.builder.comma();
    } else {
      this.builder.mark(this.staged);
      this.put(',');
    }
  }

  private closeRecord(): void {
    this.flush();
    this.builder.close();
    this.recordDepth = 1;
  }

  private put(text: string): void {
    if (text.length * 3 > STAGE_BYTES - this.staged) this.flush();
    if (text.length * 3 > STAGE_BYTES) {
      const bytes = Buffer.from(text);
      this.builder.write(bytes, 0, bytes.length);
      return;
    }
    const length = text.length <= SHORT_TEXT ? text.length : 0;
    let i = 0;
    for (; i < length; i++) {
      const unit = text.charCodeAt(i);
      if (unit >= 0x80) break;
      this.stage[this.staged + i] = unit;
    }
    this.staged += i === text.length ? i : this.stage.write(text, this.staged);
  }

  private flush(): void {
    this.builder.write(this.stage, 0, this.staged);
    this.staged = 0;
  }
}

/** `none` is how a stage is told that its input ends; the library's types leave that out. */
type Parse = (text: string | typeof none) => Many<Token> | typeof none;

function newParser(): Parse {
  return jsonParser({ packValues: false, streamValues: true }) as Parse;
}

function tokensOf(read: ReturnType<Parse>): readonly Token[] {
  return isMany(read) ? getManyValues(read) : [];
}
