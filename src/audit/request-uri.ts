/**
 * Request URIs as kube-apiserver records them: the path still escaped, "?", the query untouched. They are read as Go's
 * net/url reads the first line of a request: nothing is normalised, `//`, `;`, `..` and `#` stand for themselves.
 *
 * Go keeps undecodable bytes as they are; where it prints them, each becomes one U+FFFD. So it does here.
 */
export interface RequestUri {
  /** Decoded; "" for what has none (an opaque URI such as `mailto:x`). */
  readonly path: string;
  /** As sent, without the "?". */
  readonly query: string;
}

const PERCENT = 0x25;
const PLUS = 0x2b;
const SPACE = 0x20;
const SLASH = 0x2f;
const REPLACEMENT = '\ufffd';

export function splitUri(uri: string): RequestUri {
  const mark = uri.indexOf('?');
  const before = mark < 0 ? uri : uri.slice(0, mark);
  return { path: decodePath(pathOf(before)), query: mark < 0 ? '' : uri.slice(mark + 1) };
}

/**
 * The bytes that a query's key or value stands for, one character for each; `undefined` if it has a broken escape, in
 * which case Go drops the pair.
 */
export function unescapeQuery(text: string): string | undefined {
  const bytes = Buffer.from(text);
  const length = unescapeInto(bytes, { plus: SPACE, strict: true });
  return length < 0 ? undefined : bytes.toString('latin1', 0, length);
}

/** The text of bytes given as one character each. */
export function textOfBytes(bytes: string): string {
  return goText(Buffer.from(bytes, 'latin1'));
}

/** What stands for the path in a URI without its query: a full URL has one behind its host, an opaque URI has none. */
function pathOf(uri: string): string {
  if (uri.charCodeAt(0) === SLASH || uri === '*') return uri;
  const scheme = schemeLength(uri);
  if (uri.charCodeAt(scheme) !== SLASH) return '';
  if (uri.charCodeAt(scheme + 1) !== SLASH) return uri.slice(scheme);
  const path = uri.indexOf('/', scheme + 2);
  return path < 0 ? '' : uri.slice(path);
}

/** The length of `http:` or another scheme, colon included; 0 if there is none. */
function schemeLength(uri: string): number {
  for (let i = 0; i < uri.length; i++) {
    const char = uri.charCodeAt(i);
    if (char === 0x3a) return i === 0 ? 0 : i + 1;
    const letter = (char | 0x20) >= 0x61 && (char | 0x20) <= 0x7a;
    const later = (char >= 0x30 && char <= 0x39) || char === 0x2b || char === 0x2d || char === 0x2e;
    if (!letter && (!later || i === 0)) return 0;
  }
  return 0;
}

/** kube-apiserver answers 400 to a broken escape and records nothing; here it stands for itself. */
function decodePath(escaped: string): string {
  if (!escaped.includes('%')) return escaped;
  const bytes = Buffer.from(escaped);
  return goText(bytes.subarray(0, unescapeInto(bytes, { plus: PLUS, strict: false })));
}

/** Unescapes in place and returns the new length, -1 for a broken escape where that is not allowed. */
function unescapeInto(bytes: Buffer, { plus, strict }: { plus: number; strict: boolean }): number {
  let to = 0;
  for (let from = 0; from < bytes.length; from++) {
    const byte = bytes[from] as number;
    if (byte === PERCENT) {
      const high = hexDigit(bytes[from + 1]);
      const low = hexDigit(bytes[from + 2]);
      if (high >= 0 && low >= 0) {
        bytes[to++] = high * 16 + low;
        from += 2;
        continue;
      }
      if (strict) return -1;
    }
    bytes[to++] = byte === PLUS ? plus : byte;
  }
  return to;
}

function hexDigit(byte = 0): number {
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
  const lower = byte | 0x20;
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x57 : -1;
}

/**
 * Decodes UTF-8 with one replacement for each byte that is none. Node does the same but for a character that breaks off,
 * whose bytes it replaces together.
 */
function goText(bytes: Buffer): string {
  const text = bytes.toString();
  if (!text.includes(REPLACEMENT)) return text;
  let result = '';
  let from = 0;
  for (let at = 0; at < bytes.length; ) {
    const length = characterLength(bytes, at);
    if (length > 0) {
      at += length;
    } else {
      result += at > from ? bytes.toString('utf8', from, at) + REPLACEMENT : REPLACEMENT;
      from = ++at;
    }
  }
  return result + bytes.toString('utf8', from);
}

/** How many bytes the character at `at` takes; 0 if it breaks off, or none begins there. */
function characterLength(bytes: Buffer, at: number): number {
  const first = bytes[at] as number;
  if (first < 0x80) return 1;
  const length = first < 0xc0 ? 0 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : first < 0xf8 ? 4 : 0;
  for (let i = 1; i < length; i++) if (((bytes[at + i] ?? 0) & 0xc0) !== 0x80) return 0;
  return length;
}
