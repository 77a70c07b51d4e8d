import { quote } from './go-quote.ts';

/** A text that is no JSON, in the words of Go's encoding/json, which meets it when it looks for an object's kind. */
class JsonSyntaxError extends Error {
  constructor(problem: string) {
    super(`couldn't get version/kind; json parse error: ${problem}`);
    this.name = 'JsonSyntaxError';
  }
}

const MAX_DEPTH = 10_000;
const SPACES = ' \t\r\n';
const LITERALS: Readonly<Record<string, string>> = { t: 'true', f: 'false', n: 'null' };

type Expected = 'value' | 'first value' | 'key' | 'first key' | 'colon' | 'end';

/** Throws unless the bytes, one by one in `text`, are exactly one JSON value. UTF-8 is not looked at. */
export function checkJson(text: string): void {
  // Open containers are on a stack of its own, so that depth costs no call stack.
  const open: string[] = [];
  let expected: Expected = 'value';
  let at = 0;
  for (;;) {
    at = spaceEnd(text, at);
    const character = text[at];
    if (character === undefined && expected === 'end' && open.length === 0) return;
    if (character === undefined) throw new JsonSyntaxError('unexpected end of JSON input');
    if (expected === 'end') {
      expected = next(text, at++, open);
    } else if (expected === 'colon') {
      if (character !== ':') throw unexpected(text, at, 'after object key');
      expected = 'value';
      at++;
    } else if ((expected === 'first value' && character === ']') || (expected === 'first key' && character === '}')) {
      open.pop();
      expected = 'end';
      at++;
    } else if (expected === 'key' || expected === 'first key') {
      if (character !== '"') throw unexpected(text, at, 'looking for beginning of object key string');
      at = stringEnd(text, at);
      expected = 'colon';
    } else if (character === '[' || character === '{') {
      open.push(character);
      if (open.length > MAX_DEPTH) throw unexpected(text, at, 'exceeded max depth');
      expected = character === '[' ? 'first value' : 'first key';
      at++;
    } else {
      at = scalarEnd(text, at);
      expected = 'end';
    }
  }
}

/** What may follow the character behind a complete value. */
function next(text: string, at: number, open: string[]): Expected {
  const container = open.at(-1);
  const character = text[at];
  if (container === undefined) throw unexpected(text, at, 'after top-level value');
  if (character === ',') return container === '[' ? 'value' : 'key';
  if (character !== (container === '[' ? ']' : '}')) {
    throw unexpected(text, at, container === '[' ? 'after array element' : 'after object key:value pair');
  }
  open.pop();
  return 'end';
}

function spaceEnd(text: string, at: number): number {
  let end = at;
  while (end < text.length && SPACES.includes(text.charAt(end))) end++;
  return end;
}

function scalarEnd(text: string, at: number): number {
  const first = text.charAt(at);
  if (first === '"') return stringEnd(text, at);
  if (/[-0-9]/.test(first)) return numberEnd(text, at);
  const literal = LITERALS[first];
  if (literal === undefined) throw unexpected(text, at, 'looking for beginning of value');
  for (let index = 1; index < literal.length; index++) {
    if (text[at + index] === literal[index]) continue;
    throw unexpected(text, at + index, `in literal ${literal} (expecting '${literal[index]}')`);
  }
  return at + literal.length;
}

function stringEnd(text: string, start: number): number {
  for (let at = start + 1; ; at++) {
    const character = text[at];
    if (character === '"') return at + 1;
    if (character === '\\') {
      at++;
      if (text[at] === 'u') at = hexEnd(text, at);
      else if (!'bfnrt\\/"'.includes(text[at] ?? '!')) throw unexpected(text, at, 'in string escape code');
    } else if (character === undefined || character < ' ') {
      throw unexpected(text, at, 'in string literal');
    }
  }
}

/** Of the last of four digits. */
function hexEnd(text: string, start: number): number {
  for (let at = start + 1; at <= start + 4; at++) {
    if (!/[0-9a-fA-F]/.test(text[at] ?? '')) throw unexpected(text, at, 'in \\u hexadecimal character escape');
  }
  return start + 4;
}

function numberEnd(text: string, start: number): number {
  let at = text[start] === '-' ? start + 1 : start;
  if (!isDigit(text[at])) throw unexpected(text, at, 'in numeric literal');
  at = text[at] === '0' ? at + 1 : digitsEnd(text, at);
  if (text[at] === '.') {
    if (!isDigit(text[at + 1])) throw unexpected(text, at + 1, 'after decimal point in numeric literal');
    at = digitsEnd(text, at + 1);
  }
  if (text[at] === 'e' || text[at] === 'E') {
    at += text[at + 1] === '+' || text[at + 1] === '-' ? 2 : 1;
    if (!isDigit(text[at])) throw unexpected(text, at, 'in exponent of numeric literal');
    at = digitsEnd(text, at);
  }
  return at;
}

function digitsEnd(text: string, start: number): number {
  let at = start;
  while (isDigit(text[at])) at++;
  return at;
}

function isDigit(character: string | undefined): boolean {
  return character !== undefined && character >= '0' && character <= '9';
}

/** What is shown is a byte, which is not a whole character where it is not ASCII. */
function unexpected(text: string, at: number, where: string): JsonSyntaxError {
  const byte = text[at];
  if (byte === undefined) return new JsonSyntaxError('unexpected end of JSON input');
  const shown = byte === "'" ? "'\\''" : byte === '"' ? `'"'` : `'${quote(byte).slice(1, -1)}'`;
  return new JsonSyntaxError(`invalid character ${shown} ${where}`);
}
