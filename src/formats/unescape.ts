import { BACKSLASH, QUOTE } from '../audit/json-bytes.ts';

const UNICODE = 0x75;
const NO_CHARACTER = 0xfffd;

/** What stands for the byte behind a backslash; 0 where that is no escape. */
const SHORT = new Uint8Array(256);
for (const [letter, byte] of ['""', '\\\\', '//', 'b\b', 'f\f', 'n\n', 'r\r', 't\t'].map((pair) => Buffer.from(pair))) {
  SHORT[letter as number] = byte as number;
}

/**
 * The bytes that a JSON string stands for, from behind its opening quote, and the position behind its closing one.
 * Everything but escapes is copied as it is; half a surrogate pair becomes U+FFFD. `undefined` if the string does not
 * end before `end` or has a broken escape.
 */
export function unescapeString(bytes: Buffer, at: number, end: number): { bytes: Buffer; end: number } | undefined {
  const text = Buffer.allocUnsafe(end - at);
  let length = 0;
  while (at < end) {
    const byte = bytes[at] as number;
    if (byte === QUOTE) return { bytes: text.subarray(0, length), end: at + 1 };
    if (byte !== BACKSLASH) {
      text[length++] = byte;
      at++;
      continue;
    }
    const letter = at + 1 < end ? (bytes[at + 1] as number) : 0;
    if (letter === UNICODE) {
      const unit = hexUnit(bytes, at, end);
      if (unit < 0) return undefined;
      at += 6;
      let character = unit;
      if (unit >= 0xd800 && unit <= 0xdfff) {
        const low = unit < 0xdc00 ? hexUnit(bytes, at, end) : -1;
        const pair = low >= 0xdc00 && low <= 0xdfff;
        character = pair ? 0x10000 + ((unit - 0xd800) << 10) + (low - 0xdc00) : NO_CHARACTER;
        if (pair) at += 6;
      }
      length = writeUtf8(text, length, character);
    } else {
      const plain = SHORT[letter] as number;
      if (plain === 0) return undefined;
      text[length++] = plain;
      at += 2;
    }
  }
  return undefined;
}

/** The number in the escape `\u0000` at `at`; -1 if there is none. */
function hexUnit(bytes: Buffer, at: number, end: number): number {
  if (at + 6 > end || bytes[at] !== BACKSLASH || bytes[at + 1] !== UNICODE) return -1;
  let unit = 0;
  for (let i = at + 2; i < at + 6; i++) {
    const byte = bytes[i] as number;
    const letter = byte | 0x20;
    if (byte >= 0x30 && byte <= 0x39) unit = unit * 16 + byte - 0x30;
    else if (letter >= 0x61 && letter <= 0x66) unit = unit * 16 + letter - 0x61 + 10;
    else return -1;
  }
  return unit;
}

/** An escape is never shorter than what it stands for, so there is room. */
function writeUtf8(text: Buffer, at: number, character: number): number {
  if (character < 0x80) {
    text[at++] = character;
  } else if (character < 0x800) {
    text[at++] = 0xc0 | (character >> 6);
    text[at++] = 0x80 | (character & 0x3f);
  } else if (character < 0x10000) {
    text[at++] = 0xe0 | (character >> 12);
    text[at++] = 0x80 | ((character >> 6) & 0x3f);
    text[at++] = 0x80 | (character & 0x3f);
  } else {
    text[at++] = 0xf0 | (character >> 18);
    text[at++] = 0x80 | ((character >> 12) & 0x3f);
    text[at++] = 0x80 | ((character >> 6) & 0x3f);
    text[at++] = 0x80 | (character & 0x3f);
  }
  return at;
}
