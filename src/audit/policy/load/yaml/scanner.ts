import { CODE, isBlank, isBlankOrEnd, isBreak } from './characters.ts';
import { Cursor } from './cursor.ts';
import { scanAnchor, scanDirective, scanTag } from './scan-names.ts';
import { scanBlockScalar, scanPlainScalar, scanQuotedScalar } from './scan-scalars.ts';
import { SimpleKeys } from './simple-keys.ts';
import type { Source } from './source.ts';
import { TokenQueue } from './token-queue.ts';
import { type Token, type TokenType, token } from './tokens.ts';

const MAX_DEPTH = 10_000;
const NO_PLAIN_START = new Set(Array.from('-?:,[]{}#&*!|>\'"%@`', (character) => character.charCodeAt(0)));
const FLOW_TOKENS: ReadonlyMap<number, TokenType> = new Map([
  [CODE.OPEN_BRACKET, 'flow-sequence-start'],
  [CODE.OPEN_BRACE, 'flow-mapping-start'],
  [CODE.CLOSE_BRACKET, 'flow-sequence-end'],
  [CODE.CLOSE_BRACE, 'flow-mapping-end'],
]);

/**
 * The tokens of a YAML text, found as they are asked for: nothing is read that the first document does not need. The
 * rules are those of libyaml 0.1 and its descendants, YAML 1.1 with their liberties, so that a text is refused exactly
 * when kube-apiserver refuses it, and at the same place.
 *
 * That a token begins a key is known only at the `:` behind it, so tokens wait until it is clear, on the same line and
 * within 1024 characters, and the key and the mapping's start are put in front of it.
 */
export class Scanner {
  readonly #cursor: Cursor;
  readonly #tokens = new TokenQueue();
  readonly #keys: SimpleKeys;
  /** Column of the innermost block collection, -1 outside of all, and of those around it. */
  #indent = -1;
  readonly #indents: number[] = [];
  #depth = 0;
  #keyAllowed = true;
  #ready = false;

  constructor(source: Source) {
    this.#cursor = new Cursor(source);
    this.#keys = new SimpleKeys(this.#cursor);
    this.#tokens.push(token('stream-start', 0));
  }

  /** The next token, which stays the next one. */
  peek(): Token {
    if (!this.#ready) {
      while (this.#tokens.isEmpty || this.#keys.mayBegin(this.#tokens.taken)) this.#fetch();
      this.#ready = true;
    }
    return this.#tokens.head;
  }

  skip(): void {
    this.#ready = false;
    this.#tokens.take();
  }

  #fetch(): void {
    const cursor = this.#cursor;
    this.#skipToToken();
    this.#closeBlocks(cursor.column);
    cursor.require(4);
    const code = cursor.code();
    const flow = FLOW_TOKENS.get(code);
    if (code === CODE.END) this.#endStream();
    else if (cursor.column === 0 && code === CODE.PERCENT) this.#directive();
    else if (cursor.atIndicator(CODE.DASH)) this.#documentIndicator('document-start');
    else if (cursor.atIndicator(CODE.DOT)) this.#documentIndicator('document-end');
    else if (flow !== undefined) this.#bracket(flow);
    else if (code === CODE.COMMA) this.#flowEntry();
    else this.#fetchInBlockOrFlow(code);
  }

  #fetchInBlockOrFlow(code: number): void {
    const cursor = this.#cursor;
    const isApart = isBlankOrEnd(cursor.code(1));
    const inFlow = this.#depth > 0;
    if (code === CODE.DASH && isApart) this.#blockEntry();
    else if (code === CODE.QUESTION && (inFlow || isApart)) this.#key();
    else if (code === CODE.COLON && (inFlow || isApart)) this.#value();
    else if (code === CODE.ASTERISK || code === CODE.AMPERSAND) this.#add(scanAnchor);
    else if (code === CODE.EXCLAMATION) this.#add(scanTag);
    else if ((code === CODE.PIPE || code === CODE.GREATER) && !inFlow) this.#blockScalar();
    else if (code === CODE.SINGLE_QUOTE || code === CODE.DOUBLE_QUOTE) this.#add(scanQuotedScalar);
    else if (this.#startsPlain(code)) this.#plainScalar();
    else throw cursor.error('found character that cannot start any token');
  }

  #startsPlain(code: number): boolean {
    const next = this.#cursor.code(1);
    if (code === CODE.DASH) return !isBlank(next);
    if (code === CODE.QUESTION || code === CODE.COLON) return this.#depth === 0 && !isBlankOrEnd(next);
    return !isBlankOrEnd(code) && !NO_PLAIN_START.has(code);
  }

  /** Over blanks, comments and breaks. In a block, a break allows a key, and tabs may not stand where one may. */
  #skipToToken(): void {
    const cursor = this.#cursor;
    for (;;) {
      cursor.skipMark();
      const tabsToo = this.#depth > 0 || !this.#keyAllowed;
      while (cursor.code() === CODE.SPACE || (tabsToo && cursor.code() === CODE.TAB)) cursor.skip();
      cursor.skipComment();
      if (!isBreak(cursor.code())) return;
      cursor.skipBreak();
      if (this.#depth === 0) this.#keyAllowed = true;
    }
  }

  #openBlock(column: number, type: TokenType, line: number, position: number): void {
    if (this.#depth > 0 || this.#indent >= column) return;
    this.#indents.push(this.#indent);
    this.#indent = column;
    if (this.#indents.length > MAX_DEPTH) throw this.#cursor.error(`exceeded max depth of ${MAX_DEPTH}`);
    this.#tokens.insert(token(type, line), position);
  }

  #closeBlocks(column: number): void {
    if (this.#depth > 0) return;
    while (this.#indent > column) {
      this.#tokens.push(token('block-end', this.#cursor.line));
      this.#indent = this.#indents.pop() ?? -1;
    }
  }

  #endStream(): void {
    this.#cursor.beginLine();
    this.#leaveDocument();
    this.#tokens.push(token('stream-end', this.#cursor.line));
  }

  #directive(): void {
    this.#leaveDocument();
    this.#tokens.push(scanDirective(this.#cursor));
  }

  #documentIndicator(type: TokenType): void {
    this.#leaveDocument();
    this.#skipAs(type, 3);
  }

  #leaveDocument(): void {
    this.#closeBlocks(-1);
    this.#keys.remove();
    this.#keyAllowed = false;
  }

  #skipAs(type: TokenType, length = 1): void {
    const { line } = this.#cursor;
    this.#cursor.skip(length);
    this.#tokens.push(token(type, line));
  }

  #bracket(type: TokenType): void {
    if (type.endsWith('start')) this.#openFlow();
    else this.#closeFlow();
    this.#skipAs(type);
  }

  #openFlow(): void {
    this.#saveKey();
    this.#keys.open(this.#tokens.added);
    this.#depth++;
    if (this.#depth > MAX_DEPTH) throw this.#cursor.error(`exceeded max depth of ${MAX_DEPTH}`);
    this.#keyAllowed = true;
  }

  #closeFlow(): void {
    this.#keys.remove();
    if (this.#depth > 0) {
      this.#depth--;
      this.#keys.close();
    }
    this.#keyAllowed = false;
  }

  #flowEntry(): void {
    this.#keys.remove();
    this.#keyAllowed = true;
    this.#skipAs('flow-entry');
  }

  #blockEntry(): void {
    this.#require('block sequence entries are not allowed in this context', 'block-sequence-start');
    this.#keys.remove();
    this.#keyAllowed = true;
    this.#skipAs('block-entry');
  }

  #key(): void {
    this.#require('mapping keys are not allowed in this context', 'block-mapping-start');
    this.#keys.remove();
    this.#keyAllowed = this.#depth === 0;
    this.#skipAs('key');
  }

  #value(): void {
    const key = this.#keys.take();
    if (key !== undefined) {
      const position = key.token - this.#tokens.taken;
      this.#tokens.insert(token('key', key.line), position);
      this.#openBlock(key.column, 'block-mapping-start', key.line, position);
      this.#keyAllowed = false;
    } else {
      this.#require('mapping values are not allowed in this context', 'block-mapping-start');
      this.#keyAllowed = this.#depth === 0;
    }
    this.#skipAs('value');
  }

  /** Outside of brackets, an indicator stands where a key may, and opens a block if it is farther right. */
  #require(problem: string, type: TokenType): void {
    if (this.#depth > 0) return;
    if (!this.#keyAllowed) throw this.#cursor.error(problem);
    this.#openBlock(this.#cursor.column, type, this.#cursor.line, -1);
  }

  #saveKey(): void {
    if (!this.#keyAllowed) return;
    this.#keys.save(this.#tokens.added, this.#depth === 0 && this.#indent === this.#cursor.column);
  }

  #add(scan: (cursor: Cursor) => Token): void {
    this.#saveKey();
    this.#keyAllowed = false;
    this.#tokens.push(scan(this.#cursor));
  }

  #blockScalar(): void {
    this.#keys.remove();
    this.#keyAllowed = true;
    this.#tokens.push(scanBlockScalar(this.#cursor, this.#indent));
  }

  #plainScalar(): void {
    this.#saveKey();
    const scalar = scanPlainScalar(this.#cursor, this.#indent, this.#depth > 0);
    this.#keyAllowed = scalar.broken;
    this.#tokens.push(scalar.token);
  }
}
