import { CODE, hexValue, isBlank, isBlankOrEnd, isBreak, isBreakOrEnd, isDigit, runUntil } from './characters.ts';
import type { Cursor } from './cursor.ts';
import { type Token, token } from './tokens.ts';

/** The three forms of scalars. The cursor is at the first character; `indent` is the column of the block around it. */
export function scanBlockScalar(cursor: Cursor, indent: number): Token {
  const { line } = cursor;
  const folded = cursor.code() === CODE.GREATER;
  cursor.skip();
  const { chomping, increment } = scanBlockHeader(cursor);
  const block = { column: increment === 0 ? 0 : Math.max(indent, 0) + increment, least: indent + 1 };
  let text = '';
  let lineBreak = '';
  let breaks = scanBlockBreaks(cursor, block);
  let afterBlank = false;
  while (cursor.column === block.column && cursor.code() !== CODE.END) {
    const blank = isBlank(cursor.code());
    if (folded && !afterBlank && !blank && lineBreak === '\n') {
      if (breaks === '') text += ' ';
    } else {
      text += lineBreak;
    }
    text += breaks;
    afterBlank = blank;
    const start = cursor.at;
    while (!isBreakOrEnd(cursor.code())) cursor.skip();
    text += cursor.textFrom(start);
    lineBreak = cursor.skipBreak();
    breaks = scanBlockBreaks(cursor, block);
  }
  if (chomping !== CODE.DASH) text += lineBreak;
  if (chomping === CODE.PLUS) text += breaks;
  return token('scalar', line, text);
}

function scanBlockHeader(cursor: Cursor): { readonly chomping: number; readonly increment: number } {
  let chomping = 0;
  let increment = 0;
  const isSign = () => cursor.code() === CODE.PLUS || cursor.code() === CODE.DASH;
  const takeSign = () => {
    chomping = cursor.code();
    cursor.skip();
  };
  if (isSign()) takeSign();
  if (isDigit(cursor.code())) {
    if (cursor.code() === CODE.ZERO) throw cursor.error('found an indentation indicator equal to 0');
    increment = cursor.code() - CODE.ZERO;
    cursor.skip();
    if (chomping === 0 && isSign()) takeSign();
  }
  cursor.skipBlanks();
  cursor.skipComment();
  if (!isBreakOrEnd(cursor.code())) throw cursor.error('did not find expected comment or line break');
  cursor.skipBreak();
  return { chomping, increment };
}

/** Empty lines and the indentation of the next one. The first call finds out the block's column, where it was 0. */
function scanBlockBreaks(cursor: Cursor, block: { column: number; readonly least: number }): string {
  let breaks = '';
  let widest = 0;
  for (;;) {
    const isIndentation = () => block.column === 0 || cursor.column < block.column;
    while (isIndentation() && cursor.code() === CODE.SPACE) cursor.skip();
    widest = Math.max(widest, cursor.column);
    if (isIndentation() && cursor.code() === CODE.TAB) {
      throw cursor.error('found a tab character where an indentation space is expected');
    }
    if (!isBreak(cursor.code())) break;
    breaks += cursor.skipBreak();
  }
  if (block.column === 0) block.column = Math.max(widest, block.least, 1);
  return breaks;
}

export function scanQuotedScalar(cursor: Cursor): Token {
  const { line } = cursor;
  const quote = cursor.code();
  let text = '';
  cursor.skip();
  for (;;) {
    cursor.require(4);
    if (cursor.atDocumentIndicator()) throw cursor.error('found unexpected document indicator');
    if (cursor.code() === CODE.END) throw cursor.error('found unexpected end of stream');
    const { words, joined } = scanQuotedWords(cursor, quote);
    text += words;
    if (cursor.code() === quote) break;
    text += scanSpace(cursor, joined ? '' : undefined);
  }
  cursor.skip();
  return token('scalar', line, text);
}

const QUOTED = runUntil([CODE.SINGLE_QUOTE, CODE.DOUBLE_QUOTE, CODE.BACKSLASH]);

/** Up to a blank, a break or the closing quote; `joined` if the last thing was a break behind a backslash. */
function scanQuotedWords(cursor: Cursor, quote: number): { readonly words: string; readonly joined: boolean } {
  let words = '';
  let start = cursor.at;
  while (!isBlankOrEnd(cursor.code())) {
    const code = cursor.code();
    if (code === quote && !(quote === CODE.SINGLE_QUOTE && cursor.code(1) === quote)) break;
    if (code === quote) {
      words += `${cursor.textFrom(start)}'`;
      cursor.skip(2);
      start = cursor.at;
    } else if (code === CODE.BACKSLASH && quote === CODE.DOUBLE_QUOTE) {
      words += cursor.textFrom(start);
      if (isBreak(cursor.code(1))) {
        cursor.skip();
        cursor.skipBreak();
        return { words, joined: true };
      }
      words += scanEscape(cursor);
      start = cursor.at;
    } else {
      cursor.skip();
      cursor.skipRun(QUOTED);
    }
  }
  return { words: words + cursor.textFrom(start), joined: false };
}

const ESCAPES: Readonly<Record<string, string>> = {
  '0': '\0',
  a: '\x07',
  b: '\b',
  t: '\t',
  '\t': '\t',
  n: '\n',
  v: '\v',
  f: '\f',
  r: '\r',
  e: '\x1b',
  ' ': ' ',
  '"': '"',
  "'": "'",
  '\\': '\\',
  N: '\x85',
  _: '\xa0',
  L: '\u2028',
  P: '\u2029',
};
const HEX_LENGTHS: Readonly<Record<string, number>> = { x: 2, u: 4, U: 8 };

function scanEscape(cursor: Cursor): string {
  const letter = String.fromCharCode(cursor.code(1));
  const length = HEX_LENGTHS[letter];
  const meant = ESCAPES[letter];
  if (length === undefined && meant === undefined) throw cursor.error('found unknown escape character');
  cursor.skip(2);
  if (length === undefined) return meant ?? '';
  let value = 0;
  for (let digits = 0; digits < length; digits++) {
    const digit = hexValue(cursor.code(digits));
    if (digit < 0) throw cursor.error('did not find expected hexdecimal number');
    value = value * 16 + digit;
  }
  if ((value >= 0xd800 && value <= 0xdfff) || value > 0x10ffff) {
    throw cursor.error('found invalid Unicode character escape code');
  }
  cursor.skip(length);
  return String.fromCodePoint(value);
}

const FLOW_INDICATORS = new Set<number>([
  CODE.COMMA,
  CODE.QUESTION,
  CODE.OPEN_BRACKET,
  CODE.CLOSE_BRACKET,
  CODE.OPEN_BRACE,
  CODE.CLOSE_BRACE,
]);
const PLAIN = runUntil([CODE.COLON, ...FLOW_INDICATORS]);

/** `broken` if line breaks follow it, which were read already: a key may begin there. */
export function scanPlainScalar(
  cursor: Cursor,
  indent: number,
  inFlow: boolean,
): { readonly token: Token; readonly broken: boolean } {
  const { line } = cursor;
  let text = '';
  let space = '';
  let spaceLine = line;
  for (;;) {
    cursor.require(4);
    if (cursor.atDocumentIndicator() || cursor.code() === CODE.HASH) break;
    const start = cursor.at;
    cursor.skipRun(PLAIN);
    while (!isBlankOrEnd(cursor.code()) && !endsPlain(cursor, inFlow)) {
      cursor.skip();
      cursor.skipRun(PLAIN);
    }
    if (cursor.at > start) {
      text += space + cursor.textFrom(start);
      space = '';
      spaceLine = cursor.line;
    }
    if (!isBlank(cursor.code()) && !isBreak(cursor.code())) break;
    space = scanSpace(cursor, undefined, indent + 1);
    if (!inFlow && cursor.column < indent + 1) break;
  }
  return { token: { type: 'scalar', line, text, suffix: '', plain: true }, broken: cursor.line > spaceLine };
}

function endsPlain(cursor: Cursor, inFlow: boolean): boolean {
  const code = cursor.code();
  return (code === CODE.COLON && isBlankOrEnd(cursor.code(1))) || (inFlow && FLOW_INDICATORS.has(code));
}

/**
 * Blanks and breaks between words, folded: blanks alone stay, one break is a space, more are one less. `lineBreak` is
 * one that was read already. Tabs left of `indent` are refused.
 */
function scanSpace(cursor: Cursor, lineBreak: string | undefined, indent = 0): string {
  let first = lineBreak;
  let blanks = '';
  let breaks = '';
  for (;;) {
    const code = cursor.code();
    if (isBlank(code)) {
      if (first !== undefined && code === CODE.TAB && cursor.column < indent) {
        throw cursor.error('found a tab character that violates indentation');
      }
      if (first === undefined) blanks += String.fromCharCode(code);
      cursor.skip();
    } else if (isBreak(code)) {
      if (first === undefined) first = cursor.skipBreak();
      else breaks += cursor.skipBreak();
    } else {
      break;
    }
  }
  if (first === undefined) return blanks;
  if (first !== '\n') return first + breaks;
  return breaks === '' ? ' ' : breaks;
}
