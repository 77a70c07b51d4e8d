import { isUtf8 } from 'node:buffer';

const SEQUENCE =
  /[\xc2-\xdf][\x80-\xbf]|\xe0[\xa0-\xbf][\x80-\xbf]|[\xe1-\xec\xee\xef][\x80-\xbf]{2}|\xed[\x80-\x9f][\x80-\xbf]|\xf0[\x90-\xbf][\x80-\xbf]{2}|[\xf1-\xf3][\x80-\xbf]{3}|\xf4[\x80-\x8f][\x80-\xbf]{2}|[\x80-\xff]/g;

/** UTF-8 as Go reads it: each byte that is part of no character becomes U+FFFD, where others may count a few as one. */
export function utf8Text(bytes: Uint8Array): string {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (isUtf8(buffer)) return buffer.toString();
  return buffer
    .toString('latin1')
    .replace(SEQUENCE, (sequence) => (sequence.length === 1 ? '\ufffd' : Buffer.from(sequence, 'latin1').toString()));
}
