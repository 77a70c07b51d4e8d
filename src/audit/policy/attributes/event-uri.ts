import { FIELD } from '../../fields.ts';
import { BACKSLASH, QUOTE } from '../../json-bytes.ts';
import { decodeString, startsWith } from '../../json-scan.ts';
import { type Members, seek } from '../../member-table.ts';
import { type RequestUri, splitUri } from '../../request-uri.ts';

const QUESTION_MARK = 0x3f;
const PERCENT = 0x25;
const SLASH = 0x2f;
const LOWER_F = 0x66;
const FIELD_SELECTOR = Buffer.from('fieldSelector');
/** How Go writes the `&` between two options. */
const AMPERSAND = Buffer.from('\\u0026');

/**
 * The `requestURI` of an event, as `splitUri` reads it, but for a query that names no object: it is left out. Most
 * queries are of that kind, and most have escapes that are dear to undo.
 */
export function uriOf(event: Members, verb: string): RequestUri {
  const { bytes, end } = event;
  const at = seek(event, FIELD.requestURI);
  if (at === 0 || bytes[at] !== QUOTE) return splitUri('');
  const close = pathEnd(bytes, at + 1);
  const stop = bytes[close];
  const plain = stop === QUOTE || (stop === QUESTION_MARK && !(isList(verb) && maySelect(bytes, close + 1, end)));
  if (plain && close < end && bytes[at + 1] === SLASH)
    return { path: bytes.toString('utf8', at + 1, close), query: '' };
  return splitUri(decodeString(bytes, at, end) ?? '');
}

function isList(verb: string): boolean {
  return verb === 'list' || verb === 'watch';
}

/** Where the path stops being as it is written: at the query, the end or the first escape of either kind. */
function pathEnd(bytes: Uint8Array, at: number): number {
  for (; at < bytes.length; at++) {
    const byte = bytes[at];
    if (byte === QUESTION_MARK || byte === QUOTE || byte === PERCENT || byte === BACKSLASH) break;
  }
  return at;
}

/** Whether the query may have a field selector, perhaps hidden by escapes. */
function maySelect(bytes: Uint8Array, at: number, end: number): boolean {
  for (; at < end; at++) {
    const byte = bytes[at];
    if (byte === QUOTE) return false;
    if (byte === PERCENT) return true;
    if (byte === BACKSLASH && !startsWith(bytes, at, AMPERSAND)) return true;
    if (byte === LOWER_F && startsWith(bytes, at, FIELD_SELECTOR)) return true;
  }
  return true;
}
