/** The characters that have a meaning in YAML, as UTF-16 code units, and the classes they form. */
export const CODE = {
  /** Behind the text; it occurs nowhere else. */
  END: 0,
  TAB: 0x09,
  LINE_FEED: 0x0a,
  CARRIAGE_RETURN: 0x0d,
  SPACE: 0x20,
  EXCLAMATION: 0x21,
  DOUBLE_QUOTE: 0x22,
  HASH: 0x23,
  PERCENT: 0x25,
  AMPERSAND: 0x26,
  SINGLE_QUOTE: 0x27,
  ASTERISK: 0x2a,
  PLUS: 0x2b,
  COMMA: 0x2c,
  DASH: 0x2d,
  DOT: 0x2e,
  ZERO: 0x30,
  COLON: 0x3a,
  LESS: 0x3c,
  GREATER: 0x3e,
  QUESTION: 0x3f,
  AT: 0x40,
  OPEN_BRACKET: 0x5b,
  BACKSLASH: 0x5c,
  CLOSE_BRACKET: 0x5d,
  BACKTICK: 0x60,
  OPEN_BRACE: 0x7b,
  PIPE: 0x7c,
  CLOSE_BRACE: 0x7d,
  NEXT_LINE: 0x85,
  LINE_SEPARATOR: 0x2028,
  PARAGRAPH_SEPARATOR: 0x2029,
} as const;

export function isBlank(code: number): boolean {
  return code === CODE.SPACE || code === CODE.TAB;
}

/** YAML 1.1 has five line breaks; CR LF is one. */
export function isBreak(code: number): boolean {
  return code === CODE.LINE_FEED || code === CODE.CARRIAGE_RETURN || isRareBreak(code);
}

function isRareBreak(code: number): boolean {
  return code === CODE.NEXT_LINE || code === CODE.LINE_SEPARATOR || code === CODE.PARAGRAPH_SEPARATOR;
}

/** What a break means inside a scalar: the Unicode separators are kept, all others are a line feed. */
export function breakText(code: number): string {
  return code === CODE.LINE_SEPARATOR || code === CODE.PARAGRAPH_SEPARATOR ? String.fromCharCode(code) : '\n';
}

export function isBreakOrEnd(code: number): boolean {
  return isBreak(code) || code === CODE.END;
}

export function isBlankOrEnd(code: number): boolean {
  return isBlank(code) || isBreakOrEnd(code);
}

export function isDigit(code: number): boolean {
  return code >= CODE.ZERO && code <= 0x39;
}

/** Of names: anchors, tag handles, directives. */
export function isWord(code: number): boolean {
  return (
    isDigit(code) ||
    (code >= 0x41 && code <= 0x5a) ||
    (code >= 0x61 && code <= 0x7a) ||
    code === 0x5f ||
    code === CODE.DASH
  );
}

/** For Cursor.skipRun: marked are what ends a line, a word and the text, and these. */
export function runUntil(codes: readonly number[]): Uint8Array {
  const table = new Uint8Array(128);
  for (const code of [CODE.END, CODE.TAB, CODE.LINE_FEED, CODE.CARRIAGE_RETURN, CODE.SPACE, ...codes]) table[code] = 1;
  return table;
}

/** -1 if it is none. */
export function hexValue(code: number): number {
  if (isDigit(code)) return code - CODE.ZERO;
  const lower = code | 0x20;
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x61 + 10 : -1;
}
