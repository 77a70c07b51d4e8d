import { BACKSLASH, OPEN_ARRAY, OPEN_OBJECT, QUOTE, STRUCTURE } from '../audit/json-bytes.ts';
import { MEANINGFUL_KEYS } from './record-builder.ts';

/** Names and kinds that mean something are shorter, even when every character is an escape. */
const MAX_TEXT = 256;

/** The first letter, by length, of the keys that mean something. */
const FIRST_LETTERS = new Uint8Array(MAX_TEXT);
for (const key of MEANINGFUL_KEYS) FIRST_LETTERS[key.length] = key.charCodeAt(0);

/**
 * Finds the end of values that come in pieces, cut anywhere, between a backslash and what it escapes too. After
 * `begin`, each piece is given to the same method until it returns the position behind the value; -1 until then.
 */
export class ValuePieces {
  private depth = 0;
  private inString = false;
  private escaped = false;
  private plain = true;
  private collected = '';

  /** A string or a value in brackets begins: its first byte was read. */
  begin(): void {
    this.depth = 1;
    this.inString = false;
    this.escaped = false;
    this.plain = true;
    this.collected = '';
  }

  /** In a value in brackets. */
  skipNested(bytes: Buffer, at: number, end: number): number {
    let depth = this.depth;
    if (this.inString) at = this.skipString(bytes, at, end);
    while (at >= 0 && at < end) {
      const byte = bytes[at] as number;
      if (STRUCTURE[byte] === 0) {
        at++;
      } else if (byte === QUOTE) {
        at = this.skipString(bytes, at + 1, end);
      } else {
        at++;
        depth += byte === OPEN_OBJECT || byte === OPEN_ARRAY ? 1 : -1;
        if (depth === 0) return at;
      }
    }
    this.inString = at < 0;
    this.depth = depth;
    return -1;
  }

  /** In a string. */
  skipString(bytes: Buffer, at: number, end: number): number {
    if (this.escaped) at++;
    this.escaped = false;
    while (at < end) {
      const byte = bytes[at] as number;
      if (byte === QUOTE) return at + 1;
      if (byte === BACKSLASH) {
        this.plain = false;
        at++;
      }
      at++;
    }
    this.escaped = at > end;
    return -1;
  }

  /** In a string of which `text` is asked later. */
  readText(bytes: Buffer, at: number, end: number): number {
    const close = this.skipString(bytes, at, end);
    this.collect(bytes, at, close < 0 ? end : close - 1);
    return close;
  }

  /** In a key of which `text` is asked later. That is empty for most keys that mean nothing. */
  readKey(bytes: Buffer, at: number, end: number): number {
    const close = this.skipString(bytes, at, end);
    const until = close < 0 ? end : close - 1;
    const certain = close >= 0 && this.plain && this.collected === '';
    if (!certain || FIRST_LETTERS[until - at] === bytes[at]) this.collect(bytes, at, until);
    return close;
  }

  /** What was read, or the beginning of it, of Latin-1 characters: the texts that mean something are ASCII. */
  get text(): string {
    if (this.plain) return this.collected;
    try {
      return String(JSON.parse(`"${this.collected}"`));
    } catch {
      return this.collected;
    }
  }

  private collect(bytes: Buffer, start: number, end: number): void {
    if (this.collected.length >= MAX_TEXT) return;
    this.collected += bytes.toString('latin1', start, Math.min(end, start + MAX_TEXT));
  }
}
