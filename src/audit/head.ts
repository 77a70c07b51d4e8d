import type { EventHead, ObjectRef, UserInfo } from '../core/event.ts';
import { FIELD } from './fields.ts';
import { OPEN_OBJECT } from './json-bytes.ts';
import {
  decodeNumber,
  decodeString,
  findMember,
  firstElement,
  firstMember,
  memberValue,
  nextElement,
  nextMember,
  parseJson,
  skipSpace,
  startsWith,
  valueEnd,
} from './json-scan.ts';
import { type Members, type Place, seek, seekFromEnd } from './member-table.ts';
import { isUpstream } from './upstream.ts';
import { decodeWord } from './words.ts';

/** Longer events mostly have bodies. */
const SMALL_BYTES = 2048;
const CODE = Buffer.from('code');
/** How kube-apiserver writes the status of everything that did not fail. */
const PLAIN_STATUS = Buffer.from('{"metadata":{},"code":');
const MESSAGE = Buffer.from('message');
const GROUPS = Buffer.from('groups');
const EXTRA = Buffer.from('extra');

/** The head of an Event of audit.k8s.io, cut straight from its bytes; bodies are skipped, not parsed. */
export class BytesHead implements EventHead, Members {
  readonly bytes: Buffer;
  readonly table: Int32Array;
  readonly slot: number;
  readonly start: number;
  readonly end: number;
  readonly tail: number;
  readonly upstream: boolean;

  constructor({ chunk, table }: { chunk: Buffer; table: Int32Array }, place: Place) {
    this.bytes = chunk;
    this.table = table;
    this.slot = place.slot;
    this.start = place.start;
    this.end = place.end;
    this.tail = place.tail ?? 0;
    this.upstream = this.tail > 0 || isUpstream(chunk, place.start, place.end);
  }

  get kind(): string | undefined {
    return this.upstream ? 'Event' : this.text(FIELD.kind);
  }

  get apiVersion(): string | undefined {
    return this.upstream ? 'audit.k8s.io/v1' : this.text(FIELD.apiVersion);
  }

  get level(): string | undefined {
    return this.text(FIELD.level);
  }

  get auditID(): string | undefined {
    return this.text(FIELD.auditID);
  }

  get stage(): string | undefined {
    return this.text(FIELD.stage);
  }

  get requestURI(): string | undefined {
    return this.text(FIELD.requestURI);
  }

  get verb(): string | undefined {
    return this.text(FIELD.verb);
  }

  get user(): UserInfo | undefined {
    return userAt(this.bytes, seek(this, FIELD.user), this.end);
  }

  get impersonatedUser(): UserInfo | undefined {
    return userAt(this.bytes, seek(this, FIELD.impersonatedUser), this.end);
  }

  get sourceIPs(): readonly string[] {
    return stringsAt(this.bytes, seek(this, FIELD.sourceIPs), this.end);
  }

  get userAgent(): string | undefined {
    return this.text(FIELD.userAgent);
  }

  get objectRef(): ObjectRef | undefined {
    const at = seek(this, FIELD.objectRef);
    return at > 0 && this.bytes[at] === OPEN_OBJECT ? stringMembers(this.bytes, at, this.end) : undefined;
  }

  get code(): number | undefined {
    const { bytes, end, status } = this;
    if (status === 0) return undefined;
    if (startsWith(bytes, status, PLAIN_STATUS)) {
      return decodeNumber(bytes, skipSpace(bytes, status + PLAIN_STATUS.length, end), end);
    }
    const at = findMember(bytes, status, end, CODE);
    return at < 0 ? undefined : decodeNumber(bytes, at, end);
  }

  get message(): string | undefined {
    const status = this.status;
    const at = status === 0 ? -1 : findMember(this.bytes, status, this.end, MESSAGE);
    return at < 0 ? undefined : decodeString(this.bytes, at, this.end);
  }

  get requestReceivedTimestamp(): string | undefined {
    return this.text(FIELD.requestReceivedTimestamp);
  }

  get stageTimestamp(): string | undefined {
    return this.text(FIELD.stageTimestamp);
  }

  annotation(key: string): string | undefined {
    const annotations = seekFromEnd(this, FIELD.annotations);
    const at = annotations === 0 ? -1 : findMember(this.bytes, annotations, this.end, nameOf(key));
    return at < 0 ? undefined : decodeString(this.bytes, at, this.end);
  }

  /** It lies in front of the bodies: searched for from the end of events that can hardly have any. */
  private get status(): number {
    return this.end - this.start < SMALL_BYTES
      ? seekFromEnd(this, FIELD.responseStatus)
      : seek(this, FIELD.responseStatus);
  }

  private text(field: number): string | undefined {
    const at = seek(this, field);
    return at === 0 ? undefined : decodeWord(this.bytes, at, this.end);
  }
}

const names = new Map<string, Buffer>();

/** A key as bytes; rules ask for the same few again and again. */
function nameOf(key: string): Buffer {
  const known = names.get(key);
  if (known !== undefined) return known;
  const name = Buffer.from(key);
  names.set(key, name);
  return name;
}

/** The user object at `at` (0: there is none); `undefined` for `{}`. */
function userAt(bytes: Buffer, at: number, end: number): UserInfo | undefined {
  if (at === 0 || firstMember(bytes, at, end) < 0) return undefined;
  const { username, uid } = stringMembers(bytes, at, end) as { username?: string; uid?: string };
  const groups = findMember(bytes, at, end, GROUPS);
  const extra = findMember(bytes, at, end, EXTRA);
  return {
    ...(username !== undefined && { username }),
    ...(uid !== undefined && { uid }),
    ...(groups >= 0 && { groups: stringsAt(bytes, groups, end) }),
    ...(extra >= 0 && {
      extra: parseJson<Record<string, string[]>>(bytes.toString('utf8', extra, valueEnd(bytes, extra, end))),
    }),
  };
}

/** The members of the object at `at` whose values are strings. */
function stringMembers(bytes: Buffer, at: number, end: number): Record<string, string> {
  const members: Record<string, string> = {};
  let key = firstMember(bytes, at, end);
  while (key >= 0) {
    const value = memberValue(bytes, key, end);
    if (value < 0) break;
    const text = decodeWord(bytes, value, end);
    if (text !== undefined) members[decodeString(bytes, key, end) as string] = text;
    key = nextMember(bytes, value, end);
  }
  return members;
}

/** The strings of the array at `at` (0: there is none). */
function stringsAt(bytes: Buffer, at: number, end: number): readonly string[] {
  const strings: string[] = [];
  let element = at === 0 ? -1 : firstElement(bytes, at, end);
  while (element >= 0) {
    const text = decodeString(bytes, element, end);
    if (text !== undefined) strings.push(text);
    element = nextElement(bytes, element, end);
  }
  return strings;
}
