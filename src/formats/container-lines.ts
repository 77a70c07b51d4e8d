import { PartialLines, type StreamName, unwrapCri, unwrapDocker } from './container-log.ts';
import type { OversizeReader } from './oversize.ts';

/** What a container wrote as one line: in the bytes of the log, or in bytes of its own. */
export interface Content {
  readonly bytes: Buffer;
  readonly start: number;
  readonly end: number;
}

/**
 * Takes the wrapping of a container runtime off the lines of a log and joins the pieces of long ones. A joined line
 * that grows beyond the limit goes to a reader of oversize lines instead of into memory.
 */
export class ContainerLines {
  private readonly maxEventBytes: number;
  private readonly openReader: () => OversizeReader;
  private readonly pieces = new PartialLines();
  private readonly readers = new Map<StreamName, OversizeReader>();

  constructor(maxEventBytes: number, openReader: () => OversizeReader) {
    this.maxEventBytes = maxEventBytes;
    this.openReader = openReader;
  }

  /** `undefined`: the line is not wrapped. 'taken': it goes on in a later line, or went to a reader. */
  unwrap(bytes: Buffer, start: number, end: number): Content | 'taken' | undefined {
    const cri = unwrapCri(bytes, start, end);
    if (cri !== undefined) return this.join(cri.stream, cri.partial, { bytes, start: cri.start, end: cri.end });
    const docker = unwrapDocker(bytes, start, end);
    if (docker === undefined) return undefined;
    return this.join(docker.stream, docker.partial, { bytes: docker.bytes, start: 0, end: docker.bytes.length });
  }

  /** The input is over: the lines that were begun and never ended. */
  end(): readonly Buffer[] {
    for (const reader of this.readers.values()) reader.end();
    this.readers.clear();
    return this.pieces.pending().map(({ bytes }) => bytes);
  }

  private join(stream: StreamName, partial: boolean, content: Content): Content | 'taken' {
    const { bytes, start, end } = content;
    const reader = this.readers.get(stream);
    if (reader !== undefined) {
      reader.push(bytes, start, end);
      if (!partial) {
        reader.end();
        this.readers.delete(stream);
      }
      return 'taken';
    }
    if (!partial && !this.pieces.has(stream)) return content;
    const length = this.pieces.add(stream, bytes, start, end);
    if (length > this.maxEventBytes) {
      const joined = this.pieces.take(stream);
      const opened = this.openReader();
      opened.push(joined, 0, joined.length);
      if (partial) this.readers.set(stream, opened);
      else opened.end();
      return 'taken';
    }
    if (partial) return 'taken';
    const joined = this.pieces.take(stream);
    return { bytes: joined, start: 0, end: joined.length };
  }
}
