/**
 * The inside of a JSON string as Go's encoding/json writes it: what HTML and JavaScript give a meaning is escaped,
 * DEL and everything else beyond ASCII is not, and half of a surrogate pair becomes U+FFFD.
 */
export function goEscape(text: string): string {
  const whole = text.toWellFormed();
  return ESCAPED.test(whole) ? whole.replaceAll(EVERY_ESCAPED, escapeOf) : whole;
}

const ESCAPED = /[\u0000-\u001f"\\<>&\u2028\u2029]/;
const EVERY_ESCAPED = new RegExp(ESCAPED, 'g');

const SHORT: Readonly<Record<string, string>> = {
  '"': '\\"',
  '\\': '\\\\',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
};

function escapeOf(character: string): string {
  return SHORT[character] ?? `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
