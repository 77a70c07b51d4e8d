import { CLOSE_OBJECT, COMMA, OPEN_OBJECT } from '../audit/json-bytes.ts';
import { decodeString, findMember, firstMember, memberValue, nextMember, valueEnd } from '../audit/json-scan.ts';
import { EventError } from '../core/errors.ts';
import type { Edit } from '../core/event.ts';

/**
 * What kube-apiserver does to an event that is too large: both bodies are left out and an annotation says so. Here it
 * is done while the event is being read, so that the bodies need not fit into memory.
 */
export const BODIES: ReadonlySet<string> = new Set(['requestObject', 'responseObject']);
const MARK = '"audit.k8s.io/truncated":"true"';
const MARK_KEY = 'audit.k8s.io/truncated';
const ANNOTATIONS = Buffer.from('annotations');

const NO_EDIT: Edit = { start: 0, end: 0, text: '' };

/**
 * Collects the bytes of one object, up to a limit. Beside the bytes it is told where members begin, so that the bodies
 * can be cut, each with the comma that joins it to the others, at the moment the limit is passed.
 *
 * For an object: `begin`, `write` the bracket and what follows, `body` behind the key of one, `mark` or `comma` between
 * members, `close` in place of the closing bracket, `take`. For any other value: `begin`, `write`, `take`.
 */
export class EventBuffer {
  private readonly maxBytes: number;
  private readonly beforeCut: (content: Buffer) => void;
  private bytes = Buffer.allocUnsafe(16 * 1024);
  private length = 0;
  /** Where the current member begins: its comma, or its key if it is the first. */
  private member = 0;
  private firstMember = true;
  /** Bodies collected so far, as pairs of borders; the last one is open while `inBody`. */
  private bodies: number[] = [];
  private inBody = false;
  private cut = false;
  private lost = false;

  /** `beforeCut` sees all that was collected, once, before anything is left out of it. */
  constructor(maxBytes: number, beforeCut: (content: Buffer) => void) {
    this.maxBytes = maxBytes;
    this.beforeCut = beforeCut;
  }

  /** Whether the bodies were cut. */
  get truncated(): boolean {
    return this.cut;
  }

  /** What was collected: a view, until the next call. */
  get content(): Buffer {
    return this.bytes.subarray(0, this.length);
  }

  begin(): void {
    this.length = 0;
    this.member = 1;
    this.firstMember = true;
    this.bodies = [];
    this.inBody = false;
    this.cut = false;
    this.lost = false;
  }

  write(bytes: Buffer, start: number, end: number): void {
    if (!this.fits(end - start)) return;
    this.length += bytes.copy(this.bytes, this.length, start, end);
  }

  /** Whether a body is being written, or left out. */
  get insideBody(): boolean {
    return this.inBody;
  }

  /** A body begins: its key was just written. */
  body(): void {
    this.inBody = true;
    if (this.cut) this.length = Math.min(this.length, this.member);
    else this.bodies.push(this.member);
  }

  /**
   * A member ends here and its comma comes next, which is written as any byte; unless the member is a body, whose comma
   * is for `comma` to write. `unwritten`: how many bytes were read but not written yet.
   */
  mark(unwritten: number): void {
    this.member = this.length + unwritten;
    this.firstMember = false;
  }

  /** In place of the comma behind a body. */
  comma(): void {
    if (this.firstMember) {
      if (!this.cut) this.writeByte(COMMA);
      this.endBody();
      this.member = this.length;
    } else {
      this.endBody();
      this.member = this.length;
      this.writeByte(COMMA);
    }
  }

  close(): void {
    this.endBody();
    this.writeByte(CLOSE_OBJECT);
  }

  /**
   * The object in bytes of its own, with the members of `head` put in front (empty, or ending in a comma);
   * `undefined` if it is too large, also without its bodies. Only an event may lose them.
   */
  take({ head, isEvent }: { head: Buffer; isEvent: boolean }): Buffer | undefined {
    if (!this.cut && this.length + head.length > this.maxBytes) this.cutBodies();
    if (this.lost || (this.cut && !isEvent)) return undefined;
    const content = this.content;
    const { start, end, text } = this.cut ? annotation(content) : NO_EDIT;
    const alone = head.length > 0 && text === '' && firstMember(content, 0, content.length) < 0;
    const headLength = alone ? head.length - 1 : head.length;
    const size = content.length + headLength + text.length - (end - start);
    if (size > this.maxBytes) return undefined;
    const taken = Buffer.allocUnsafe(size);
    let at = 0;
    let from = 0;
    if (head.length > 0) {
      taken[at++] = OPEN_OBJECT;
      at += head.copy(taken, at, 0, headLength);
      from = 1;
    }
    if (text !== '') {
      at += content.copy(taken, at, from, start);
      at += taken.write(text, at);
      from = end;
    }
    content.copy(taken, at, from);
    return taken;
  }

  private fits(count: number): boolean {
    if (this.lost || (this.cut && this.inBody)) return false;
    if (this.length + count > this.maxBytes) {
      if (!this.cut) this.cutBodies();
      if (this.inBody) return false;
      this.lost = this.length + count > this.maxBytes;
      if (this.lost) return false;
    }
    const needed = this.length + count;
    if (needed > this.bytes.length) {
      const larger = Buffer.allocUnsafe(Math.min(this.maxBytes, Math.max(needed, this.bytes.length * 2)));
      this.bytes.copy(larger, 0, 0, this.length);
      this.bytes = larger;
    }
    return true;
  }

  private writeByte(byte: number): void {
    if (this.fits(1)) this.bytes[this.length++] = byte;
  }

  private endBody(): void {
    if (this.inBody && !this.cut) this.bodies.push(this.length);
    this.inBody = false;
  }

  private cutBodies(): void {
    this.beforeCut(this.content);
    if (this.inBody) this.bodies.push(this.length);
    let to = this.bodies[0] ?? this.length;
    for (let i = 0; i < this.bodies.length; i += 2) {
      to += this.bytes.copy(this.bytes, to, this.bodies[i + 1], this.bodies[i + 2] ?? this.length);
    }
    this.member = this.inBody ? to : this.member - (this.length - to);
    this.length = to;
    this.cut = true;
  }
}

/** Where the annotation goes: a map's keys are sorted as Go sorts them, and annotations are an event's last member. */
function annotation(event: Buffer): Edit {
  const close = event.lastIndexOf(CLOSE_OBJECT);
  const comma = firstMember(event, 0, event.length) < 0 ? '' : ',';
  const atEnd = { start: close, end: close, text: `${comma}"annotations":{${MARK}}` };
  try {
    const map = findMember(event, 0, event.length, ANNOTATIONS);
    const mapEnd = map < 0 ? -1 : valueEnd(event, map, event.length);
    return mapEnd < 0 ? atEnd : annotationIn(event, map, mapEnd);
  } catch (error) {
    // A broken escape in a key: the event is refused later for that.
    if (error instanceof EventError) return atEnd;
    throw error;
  }
}

function annotationIn(event: Buffer, map: number, mapEnd: number): Edit {
  if (event[map] !== OPEN_OBJECT) return { start: map, end: mapEnd, text: `{${MARK}}` };
  let behind = -1;
  for (let key = firstMember(event, map, mapEnd); key >= 0; ) {
    const name = decodeString(event, key, mapEnd) ?? '';
    if (name === MARK_KEY) return { start: key, end: key, text: '' };
    if (name > MARK_KEY) return { start: key, end: key, text: `${MARK},` };
    const value = memberValue(event, key, mapEnd);
    if (value < 0) break;
    behind = valueEnd(event, value, mapEnd);
    key = nextMember(event, value, mapEnd);
  }
  if (behind < 0) return { start: map + 1, end: map + 1, text: MARK };
  return { start: behind, end: behind, text: `,${MARK}` };
}
