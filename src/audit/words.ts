import { QUOTE } from './json-bytes.ts';
import { decodeString, stringEnd } from './json-scan.ts';

/** Words that occur in nearly every event, so that reading one of them makes no new string. */
const WORDS: { readonly text: string; readonly bytes: Uint8Array }[][] = Array.from({ length: 32 }, () => []);
for (const text of [
  ...['Event', 'audit.k8s.io/v1'],
  ...['None', 'Metadata', 'Request', 'RequestResponse'],
  ...['RequestReceived', 'ResponseStarted', 'ResponseComplete', 'Panic'],
  ...['get', 'list', 'watch', 'create', 'update', 'patch', 'delete', 'deletecollection', 'head', 'post', 'put'],
]) {
  WORDS[text.length]?.push({ text, bytes: Buffer.from(text) });
}

/** The text of the string at `at`, as `decodeString`; one of the known words without making a string. */
export function decodeWord(bytes: Buffer, at: number, end: number): string | undefined {
  if (bytes[at] !== QUOTE) return undefined;
  const from = at + 1;
  const length = stringEnd(bytes, at, end) - 1 - from;
  const candidates = length >= 0 && length < WORDS.length ? WORDS[length] : undefined;
  for (const word of candidates ?? []) {
    let i = 0;
    while (i < length && bytes[from + i] === word.bytes[i]) i++;
    if (i === length) return word.text;
  }
  return decodeString(bytes, at, end);
}
