import {
  BACKSLASH,
  CLOSE_ARRAY,
  CLOSE_OBJECT,
  COMMA,
  NEWLINE,
  OPEN_ARRAY,
  OPEN_OBJECT,
  QUOTE,
} from '../audit/json-bytes.ts';

/** Go's decoder goes no deeper either. */
const MAX_DEPTH = 10_000;
/** A step is no longer than this, so that what becomes of its bytes stays small. */
const MAX_STEP = 16 * 1024;

/**
 * Why a step ended: behind a newline, behind the document's last byte, before the newline that a string must not hold,
 * at a byte that begins no document, at too deep a bracket; or anywhere else.
 */
type Stop = 'line' | 'document' | 'open-string' | 'foreign' | 'too-deep' | 'more';

/**
 * Walks over a document in steps: no step reaches over the end of a line, of the document or of an item, or over the
 * beginning of an item. It minds strings and brackets only; the document may still be malformed.
 */
export class Outline {
  /** Where the last step ended. */
  cut = 0;
  /** Where the bytes of the last step lie: in an item, from its first byte on or farther in, or in none. */
  place: 'item-start' | 'item' | 'outside' = 'outside';
  private depth = 0;
  private inString = false;
  private escaped = false;
  private inItem = false;
  /** Depth at the start of the current line, if an object of its own may lie on it; else -1. */
  private lineDepth = -1;
  /** Behind the bracket that closes the object with which the line begins. */
  private loneEnd = -1;

  reset(): void {
    this.depth = 0;
    this.inString = false;
    this.escaped = false;
    this.inItem = false;
  }

  /** A line begins at `at`. */
  startLine(bytes: Buffer, at: number, inItems: boolean): void {
    const possible = this.depth > 0 && bytes[at] === OPEN_OBJECT && !(inItems && this.depth === 2);
    this.lineDepth = possible ? this.depth : -1;
    this.loneEnd = -1;
  }

  /** Whether the line that ends at `end` is nothing but one object in the midst of the document. */
  isLone(bytes: Buffer, end: number): boolean {
    return this.loneEnd >= 0 && this.depth === this.lineDepth && isBlank(bytes, this.loneEnd, end);
  }

  /** Goes on from `at`. `inItems`: the array at depth 2, if one is open, is a list's. */
  next(bytes: Buffer, at: number, end: number, inItems: boolean): Stop {
    const limit = Math.min(end, at + MAX_STEP);
    this.place = this.inItem ? 'item' : 'outside';
    for (let i = at; i < limit; i++) {
      const byte = bytes[i] as number;
      if (this.inString) {
        if (byte === NEWLINE) return this.stop('open-string', i);
        if (this.escaped) this.escaped = false;
        else if (byte === BACKSLASH) this.escaped = true;
        else if (byte === QUOTE) this.inString = false;
        continue;
      }
      if (this.depth === 0 && byte > 0x20 && byte !== OPEN_OBJECT) return this.stop('foreign', i);
      if (inItems && this.depth === 2 && !this.inItem && beginsItem(byte)) {
        if (i > at) return this.stop('more', i);
        this.inItem = true;
        this.place = 'item-start';
      }
      if (byte === NEWLINE) return this.stop('line', i + 1);
      if (byte === QUOTE) {
        this.inString = true;
      } else if (byte === OPEN_OBJECT || byte === OPEN_ARRAY) {
        if (++this.depth > MAX_DEPTH) return this.stop('too-deep', i);
        if (this.depth === 2 && byte === OPEN_ARRAY) return this.stop('more', i + 1);
      } else if (byte === CLOSE_OBJECT || byte === CLOSE_ARRAY) {
        if (this.closeBracket(i)) return this.stop(this.depth <= 0 ? 'document' : 'more', i + 1);
      } else if (byte === COMMA && this.inItem && this.depth === 2) {
        this.inItem = false;
        return this.stop('more', i);
      }
    }
    return this.stop('more', limit);
  }

  private closeBracket(at: number): boolean {
    this.depth--;
    if (this.depth === this.lineDepth && this.loneEnd < 0) this.loneEnd = at + 1;
    if (this.depth >= 2 && !(this.depth === 2 && this.inItem)) return false;
    this.inItem = false;
    return true;
  }

  private stop(stop: Stop, cut: number): Stop {
    this.cut = cut;
    return stop;
  }
}

function beginsItem(byte: number): boolean {
  return byte > 0x20 && byte !== COMMA && byte !== CLOSE_ARRAY;
}

/** Whether there is nothing but white space from `at` to `end`. */
export function isBlank(bytes: Buffer, at: number, end: number): boolean {
  while (at < end && (bytes[at] as number) <= 0x20) at++;
  return at >= end;
}
