import { CODE, hexValue, isBlank, isBlankOrEnd, isBreakOrEnd, isDigit, isWord } from './characters.ts';
import type { Cursor } from './cursor.ts';
import { type Token, token } from './tokens.ts';

/** Directives, anchors, aliases and tags: tokens that carry a name. The cursor is at their first character. */
export function scanDirective(cursor: Cursor): Token {
  const { line } = cursor;
  cursor.skip();
  const name = scanWord(cursor);
  if (name === '') throw cursor.error('could not find expected directive name');
  if (!isBlankOrEnd(cursor.code())) throw cursor.error('found unexpected non-alphabetical character');
  if (name !== 'YAML' && name !== 'TAG') throw cursor.error('found unknown directive name');
  cursor.skipBlanks();
  const directive =
    name === 'YAML' ? token('version-directive', line, scanVersion(cursor)) : scanTagDirective(cursor, line);
  cursor.skipBlanks();
  cursor.skipComment();
  if (!isBreakOrEnd(cursor.code())) throw cursor.error('did not find expected comment or line break');
  cursor.skipBreak();
  return directive;
}

function scanVersion(cursor: Cursor): string {
  const major = scanNumber(cursor);
  if (cursor.code() !== CODE.DOT) throw cursor.error("did not find expected digit or '.' character");
  cursor.skip();
  return `${major}.${scanNumber(cursor)}`;
}

function scanNumber(cursor: Cursor): number {
  const start = cursor.at;
  while (isDigit(cursor.code())) {
    if (cursor.at - start === 2) throw cursor.error('found extremely long version number');
    cursor.skip();
  }
  if (cursor.at === start) throw cursor.error('did not find expected version number');
  return Number(cursor.textFrom(start));
}

function scanTagDirective(cursor: Cursor, line: number): Token {
  const handle = scanHandle(cursor);
  if (handle !== '!' && !isWholeHandle(handle)) throw cursor.error("did not find expected '!'");
  if (!isBlank(cursor.code())) throw cursor.error('did not find expected whitespace');
  cursor.skipBlanks();
  const prefix = scanUri(cursor, '');
  if (!isBlankOrEnd(cursor.code())) throw cursor.error('did not find expected whitespace or line break');
  return token('tag-directive', line, handle, prefix);
}

const AFTER_ANCHOR = new Set<number>([
  CODE.QUESTION,
  CODE.COLON,
  CODE.COMMA,
  CODE.CLOSE_BRACKET,
  CODE.CLOSE_BRACE,
  CODE.PERCENT,
  CODE.AT,
  CODE.BACKTICK,
]);

export function scanAnchor(cursor: Cursor): Token {
  const { line } = cursor;
  const type = cursor.code() === CODE.ASTERISK ? 'alias' : 'anchor';
  cursor.skip();
  const name = scanWord(cursor);
  if (name === '' || !(isBlankOrEnd(cursor.code()) || AFTER_ANCHOR.has(cursor.code()))) {
    throw cursor.error('did not find expected alphabetic or numeric character');
  }
  return token(type, line, name);
}

/** `!<uri>`, `!!suffix`, `!handle!suffix`, `!suffix` or `!` alone, whose handle is empty. */
export function scanTag(cursor: Cursor): Token {
  const { line } = cursor;
  let handle = '';
  let suffix: string;
  if (cursor.code(1) === CODE.LESS) {
    cursor.skip(2);
    suffix = scanUri(cursor, '');
    if (cursor.code() !== CODE.GREATER) throw cursor.error("did not find the expected '>'");
    cursor.skip();
  } else {
    handle = scanHandle(cursor);
    if (isWholeHandle(handle)) {
      suffix = scanUri(cursor, '');
    } else {
      suffix = scanUri(cursor, handle);
      handle = '!';
      if (suffix === '') [handle, suffix] = [suffix, handle];
    }
  }
  if (!isBlankOrEnd(cursor.code())) throw cursor.error('did not find expected whitespace or line break');
  return token('tag', line, handle, suffix);
}

function scanHandle(cursor: Cursor): string {
  if (cursor.code() !== CODE.EXCLAMATION) throw cursor.error("did not find expected '!'");
  const start = cursor.at;
  cursor.skip();
  scanWord(cursor);
  if (cursor.code() === CODE.EXCLAMATION) cursor.skip();
  return cursor.textFrom(start);
}

function isWholeHandle(handle: string): boolean {
  return handle.length > 1 && handle.endsWith('!');
}

const URI = new Set(Array.from(";/?:@&=+$,.!~*'()[]%", (character) => character.charCodeAt(0)));

/** `head` is what looked like a handle and was none: its `!` is left out. Empty only if there is a head. */
function scanUri(cursor: Cursor, head: string): string {
  let uri = head.slice(1);
  const start = cursor.at;
  while (isWord(cursor.code()) || URI.has(cursor.code())) {
    if (cursor.code() === CODE.PERCENT) {
      uri += scanEscapes(cursor);
    } else {
      uri += String.fromCharCode(cursor.code());
      cursor.skip();
    }
  }
  if (head === '' && cursor.at === start) throw cursor.error('did not find expected tag URI');
  return uri;
}

/** The octets of one character in UTF-8. */
function scanEscapes(cursor: Cursor): string {
  const octets: number[] = [];
  let width = 1;
  while (octets.length < width) {
    const high = hexValue(cursor.code(1));
    const low = hexValue(cursor.code(2));
    if (cursor.code() !== CODE.PERCENT || high < 0 || low < 0) throw cursor.error('did not find URI escaped octet');
    const octet = high * 16 + low;
    if (octets.length === 0) {
      width = octet < 0x80 ? 1 : octet < 0xc0 ? 0 : octet < 0xe0 ? 2 : octet < 0xf0 ? 3 : octet < 0xf8 ? 4 : 0;
      if (width === 0) throw cursor.error('found an incorrect leading UTF-8 octet');
    } else if ((octet & 0xc0) !== 0x80) {
      throw cursor.error('found an incorrect trailing UTF-8 octet');
    }
    octets.push(octet);
    cursor.skip(3);
  }
  return Buffer.from(octets).toString();
}

function scanWord(cursor: Cursor): string {
  const start = cursor.at;
  while (isWord(cursor.code())) cursor.skip();
  return cursor.textFrom(start);
}
