import { CLOSE_OBJECT, COLON, NEWLINE } from '../audit/json-bytes.ts';
import { startsWith } from '../audit/json-scan.ts';
import { unescapeString } from './unescape.ts';

/**
 * Lines as container runtimes keep them: what a kube-apiserver writes with `--audit-log-path=-`.
 *
 * containerd and CRI-O:  `2026-11-21T05:58:06.14698Z stdout F {"kind":…}`
 *     a time (RFC 3339), the stream, tags joined by `:` of which the first is F (full) or P (partial), the content.
 * Docker's json-file:    `{"log":"{\"kind\":…}\n","stream":"stdout","time":"…"}`
 *     the content as a JSON string with its newline; a piece of a long line has none.
 */
export type StreamName = 'stdout' | 'stderr';

export interface ContainerLine {
  /** The borders of the content in the bytes that were given. */
  readonly start: number;
  readonly end: number;
  readonly stream: StreamName;
  /** The line goes on in the stream's next one. */
  readonly partial: boolean;
}

export interface DockerLine {
  /** The content, unescaped, without its newline. */
  readonly bytes: Buffer;
  readonly stream: StreamName;
  readonly partial: boolean;
}

const SPACE = 0x20;
const FULL = 0x46;
const PARTIAL = 0x50;

const TIME_SHAPE = '0000-00-00T00:00:00';
const MAX_TIME = '2026-11-21T05:58:06.146980000+02:00'.length;
/** Time, stream and tags, of which there is but one up to now. */
const MAX_PREFIX = 1024;
const STREAMS = { stdout: Buffer.from('stdout '), stderr: Buffer.from('stderr ') };

const DOCKER_START = Buffer.from('{"log":"');
const DOCKER_STREAMS = { stdout: Buffer.from(',"stream":"stdout"'), stderr: Buffer.from(',"stream":"stderr"') };

/** The parts of a CRI line without its newline; `undefined` if it is none, which a look at its first byte mostly tells. */
export function unwrapCri(bytes: Buffer, start: number, end: number): ContainerLine | undefined {
  if (!hasTimeShape(bytes, start, end)) return undefined;
  const space = bytes.subarray(start, Math.min(end, start + MAX_TIME + 1)).indexOf(SPACE);
  if (
    space < 0 ||
    !/^(\.\d+)?(Z|[+-]\d\d:\d\d)$/.test(bytes.toString('latin1', start + TIME_SHAPE.length, start + space))
  ) {
    return undefined;
  }
  const at = start + space + 1;
  const stream = streamAt(bytes, at, end, STREAMS);
  if (stream === undefined) return undefined;
  const tag = at + STREAMS[stream].length;
  if (tag >= end || (bytes[tag] !== FULL && bytes[tag] !== PARTIAL)) return undefined;
  let content = tag + 1;
  if (content < end && bytes[content] === COLON) while (content < end && bytes[content] !== SPACE) content++;
  if (content < end && bytes[content++] !== SPACE) return undefined;
  return { start: content, end, stream, partial: bytes[tag] === PARTIAL };
}

/** Whether a line that begins with these bytes may be a CRI line of which the content has not begun yet. */
export function mayBeCri(bytes: Buffer, start: number, end: number): boolean {
  return end - start < MAX_PREFIX && (end - start < TIME_SHAPE.length || hasTimeShape(bytes, start, end));
}

/** Whether a line that begins with these bytes may be one of Docker's. */
export function isDockerStart(bytes: Buffer, start: number, end: number): boolean {
  return end - start < DOCKER_START.length || startsWith(bytes, start, DOCKER_START);
}

/** The parts of a line of Docker's json-file log, without its newline; `undefined` if it is none. */
export function unwrapDocker(bytes: Buffer, start: number, end: number): DockerLine | undefined {
  if (!startsWith(bytes, start, DOCKER_START)) return undefined;
  const from = start + DOCKER_START.length;
  const text = unescapeString(bytes, from, end);
  if (text === undefined) return undefined;
  const stream = dockerStream(bytes, text.end, end);
  if (stream === undefined) return undefined;
  const partial = text.bytes[text.bytes.length - 1] !== NEWLINE;
  return { bytes: partial ? text.bytes : text.bytes.subarray(0, -1), stream, partial };
}

/** Joins the pieces of long lines, for each stream on its own: the lines of stdout and stderr may be interleaved. */
export class PartialLines {
  private readonly streams = new Map<StreamName, Begun>();

  /** The length of this stream's line so far; `undefined` if none has begun. */
  length(stream: StreamName): number | undefined {
    return this.streams.get(stream)?.length;
  }

  /** Copies one more piece. Returns the length of the line so far. */
  add(stream: StreamName, bytes: Buffer, start: number, end: number): number {
    const begun = this.streams.get(stream) ?? { bytes: Buffer.alloc(0), length: 0 };
    const length = begun.length + end - start;
    if (length > begun.bytes.length) {
      const larger = Buffer.allocUnsafe(Math.max(length, begun.bytes.length * 2, 64 * 1024));
      begun.bytes.copy(larger, 0, 0, begun.length);
      begun.bytes = larger;
    }
    bytes.copy(begun.bytes, begun.length, start, end);
    begun.length = length;
    this.streams.set(stream, begun);
    return length;
  }

  /** The line, which is forgotten here; empty if none has begun. */
  take(stream: StreamName): Buffer {
    const begun = this.streams.get(stream);
    this.streams.delete(stream);
    return begun === undefined ? Buffer.alloc(0) : begun.bytes.subarray(0, begun.length);
  }

  /** The lines that were begun and not taken. */
  pending(): readonly { readonly stream: StreamName; readonly bytes: Buffer }[] {
    return [...this.streams].map(([stream, { bytes, length }]) => ({ stream, bytes: bytes.subarray(0, length) }));
  }
}

interface Begun {
  bytes: Buffer;
  length: number;
}

function hasTimeShape(bytes: Buffer, start: number, end: number): boolean {
  if (end - start < TIME_SHAPE.length) return false;
  for (let i = 0; i < TIME_SHAPE.length; i++) {
    const byte = bytes[start + i] as number;
    const shape = TIME_SHAPE.charCodeAt(i);
    if (shape === 0x30 ? byte < 0x30 || byte > 0x39 : byte !== shape) return false;
  }
  return true;
}

function streamAt(
  bytes: Buffer,
  at: number,
  end: number,
  spellings: Readonly<Record<StreamName, Buffer>>,
): StreamName | undefined {
  for (const stream of ['stdout', 'stderr'] as const) {
    const spelling = spellings[stream];
    if (at + spelling.length <= end && spelling.compare(bytes, at, at + spelling.length) === 0) return stream;
  }
  return undefined;
}

/** The stream, from what stands behind the text: Docker writes it first. */
function dockerStream(bytes: Buffer, at: number, end: number): StreamName | undefined {
  const stream = streamAt(bytes, at, end, DOCKER_STREAMS);
  if (stream !== undefined) return bytes[end - 1] === CLOSE_OBJECT ? stream : undefined;
  const rest = parse(`{"log":""${bytes.toString('utf8', at, end)}`);
  if (typeof rest !== 'object' || rest === null || !('stream' in rest)) return undefined;
  return rest.stream === 'stdout' || rest.stream === 'stderr' ? rest.stream : undefined;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
