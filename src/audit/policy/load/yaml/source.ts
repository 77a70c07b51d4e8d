import { encodingOf } from './encodings.ts';

/**
 * The characters of a YAML stream. What is not allowed there is an error only once reading gets near it: kube-apiserver
 * takes its input in chunks of 512 bytes, and one that is never needed, behind the first document, may hold anything.
 */
export interface Source {
  /** Ends in NULs, which occur nowhere else, so that looking a few characters ahead needs no check. */
  readonly text: string;
  /** What stands at this position and behind must not be read; Infinity if all is well. */
  readonly limit: number;
  readonly problem: string;
}

const END = '\0\0\0\0';
const CHUNK_BYTES = 512;
const NOT_ALLOWED = /[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u;

/** UTF-8, or UTF-16 if a byte order mark says so. */
export function sourceOf(bytes: Uint8Array): Source {
  const encoding = encodingOf(bytes);
  const text = decoded(bytes.subarray(encoding.markBytes), encoding.name);
  if (text !== undefined && !NOT_ALLOWED.test(text)) return { text: text + END, limit: Infinity, problem: '' };
  return readableStart(bytes);
}

function decoded(bytes: Uint8Array, encoding: string): string | undefined {
  try {
    return new TextDecoder(encoding, { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

/** Whole chunks up to the one with the first thing that is not allowed. A character may lie across two of them. */
function readableStart(bytes: Uint8Array): Source {
  const { markBytes, name, characterAt } = encodingOf(bytes);
  let chunk = 0;
  let at = markBytes;
  const upTo = (end: number, problem: string): Source => {
    const text = decoded(bytes.subarray(markBytes, Math.max(end, markBytes)), name) ?? '';
    return { text: text + END, limit: text.length, problem };
  };
  for (;;) {
    const chunkEnd = Math.min(chunk + CHUNK_BYTES, bytes.length);
    while (at < chunkEnd) {
      const { width, value, problem } = characterAt(bytes, at);
      if (at + width > chunkEnd) break;
      if (problem !== undefined) return upTo(chunk, problem);
      if (NOT_ALLOWED.test(String.fromCodePoint(value))) return upTo(chunk, 'control characters are not allowed');
      at += width;
    }
    if (chunkEnd === bytes.length) return upTo(at, characterAt(bytes, at).incomplete);
    chunk = at;
  }
}
