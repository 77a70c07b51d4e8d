import { isDockerStart, mayBeCri, PartialLines, type StreamName, unwrapCri, unwrapDocker } from './container-log.ts';
import type { OversizeReader } from './oversize.ts';

/** What a container wrote as one line: in the bytes of the log, or in bytes of its own. */
export interface Content {
  readonly bytes: Buffer;
  readonly start: number;
  readonly end: number;
}

/** Reads one line in pieces, without its newline; each method as the OversizeReader's. */
export interface LineReader {
  push(bytes: Buffer, start: number, end: number): number;
  end(): void;
}

/** A line that is too long to be taken whole, and where its content begins. */
export interface LongLine {
  readonly reader: LineReader;
  readonly start: number;
}

/** Docker itself cuts the lines of a container at 16 KiB; with every byte escaped that is less than this. */
const DOCKER_ROOM = 256 * 1024;

/**
 * Takes the wrapping of a container runtime off the lines of a log and joins the pieces of long ones. A line that grows
 * beyond the limit goes to a reader of oversize lines instead of into memory; what that cannot take at once waits here.
 *
 * A line of Docker's is taken whole, since it names the stream behind the content: if it is longer than twice the limit
 * and 256 KiB, it counts as not wrapped.
 */
export class ContainerLines {
  private readonly maxEventBytes: number;
  private readonly openReader: () => OversizeReader;
  private readonly pieces = new PartialLines();
  private readonly readers = new Map<StreamName, OversizeReader>();
  private waiting: Waiting[] = [];

  constructor(maxEventBytes: number, openReader: () => OversizeReader) {
    this.maxEventBytes = maxEventBytes;
    this.openReader = openReader;
  }

  /** `undefined`: the line is not wrapped. 'taken': it goes on in a later line, or went to a reader. */
  unwrap(bytes: Buffer, start: number, end: number): Content | 'taken' | undefined {
    const cri = unwrapCri(bytes, start, end);
    if (cri !== undefined) return this.join(cri.stream, cri.partial, { bytes, start: cri.start, end: cri.end });
    if (end - start > this.maxDockerBytes) return undefined;
    const docker = unwrapDocker(bytes, start, end);
    if (docker === undefined) return undefined;
    return this.join(docker.stream, docker.partial, { bytes: docker.bytes, start: 0, end: docker.bytes.length });
  }

  /**
   * What to do with a line that is longer than the limit, or its beginning: 'whole': take it whole, and wait for the
   * rest of it if there is more; `undefined`: it is not wrapped.
   */
  openLong(bytes: Buffer, start: number, end: number, { whole }: { whole: boolean }): LongLine | 'whole' | undefined {
    const cri = unwrapCri(bytes, start, end);
    if (cri !== undefined) {
      if (end - cri.start <= this.maxEventBytes) return 'whole';
      return { reader: this.longReader(cri.stream, cri.partial), start: cri.start };
    }
    if (!whole) {
      const mayBeDocker = isDockerStart(bytes, start, end) && end - start <= this.maxDockerBytes;
      return mayBeDocker || mayBeCri(bytes, start, end) ? 'whole' : undefined;
    }
    if (end - start > this.maxDockerBytes) return undefined;
    return unwrapDocker(bytes, start, end) === undefined ? undefined : 'whole';
  }

  /** Whether something waits: `drain` before the next line. */
  get busy(): boolean {
    return this.waiting.length > 0;
  }

  /** Gives the readers what waits for them, until they are full. */
  drain(): void {
    for (let next = this.waiting[0]; next !== undefined; next = this.waiting[0]) {
      next.at = next.reader.push(next.bytes, next.at, next.bytes.length);
      if (next.at < next.bytes.length) return;
      if (next.last) next.reader.end();
      this.waiting.shift();
    }
  }

  /** The input is over: the lines that were begun and never ended. */
  end(): readonly Buffer[] {
    for (const reader of this.readers.values()) reader.end();
    this.readers.clear();
    return this.pieces.pending().map(({ bytes }) => bytes);
  }

  private get maxDockerBytes(): number {
    return 2 * this.maxEventBytes + DOCKER_ROOM;
  }

  private join(stream: StreamName, partial: boolean, content: Content): Content | 'taken' {
    const { bytes, start, end } = content;
    const begun = this.pieces.length(stream) ?? 0;
    if (this.readers.has(stream) || begun + end - start > this.maxEventBytes) {
      const reader = this.readerOf(stream);
      this.feed({ reader, bytes: bytes.subarray(start, end), at: 0, last: !partial });
      if (!partial) this.readers.delete(stream);
      return 'taken';
    }
    if (!partial && this.pieces.length(stream) === undefined) return content;
    this.pieces.add(stream, bytes, start, end);
    if (partial) return 'taken';
    const joined = this.pieces.take(stream);
    return { bytes: joined, start: 0, end: joined.length };
  }

  private longReader(stream: StreamName, partial: boolean): LineReader {
    const reader = this.readerOf(stream);
    return {
      push: (bytes, start, end) => reader.push(bytes, start, end),
      end: () => {
        if (partial) return;
        reader.end();
        this.readers.delete(stream);
      },
    };
  }

  /** The reader of this stream's line, which has got what was begun of it. */
  private readerOf(stream: StreamName): OversizeReader {
    const open = this.readers.get(stream);
    if (open !== undefined) return open;
    const reader = this.openReader();
    this.readers.set(stream, reader);
    this.feed({ reader, bytes: this.pieces.take(stream), at: 0, last: false });
    return reader;
  }

  private feed(piece: Waiting): void {
    this.waiting.push(piece);
    this.drain();
    const left = this.waiting.at(-1);
    if (left === piece && piece.at < piece.bytes.length) {
      piece.bytes = Buffer.from(piece.bytes.subarray(piece.at));
      piece.at = 0;
    }
  }
}

interface Waiting {
  readonly reader: OversizeReader;
  bytes: Buffer;
  at: number;
  /** The line ends behind these bytes. */
  readonly last: boolean;
}
