const MAX = '9223372036854775807';
const MIN = '9223372036854775808';

/** Whether Go reads the text as a decimal int64: an optional sign, digits, and no more than fits. */
export function isInt64(text: string): boolean {
  const sign = text[0] === '+' || text[0] === '-' ? 1 : 0;
  let start = sign;
  while (text[start] === '0') start++;
  for (let i = start; i < text.length; i++) {
    const char = text.charCodeAt(i);
    if (char < 0x30 || char > 0x39) return false;
  }
  const digits = text.length - start;
  const limit = text[0] === '-' ? MIN : MAX;
  return text.length > sign && (digits < limit.length || (digits === limit.length && text.slice(start) <= limit));
}
