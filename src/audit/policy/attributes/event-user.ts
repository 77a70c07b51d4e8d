import { QUOTE } from '../../json-bytes.ts';
import {
  decodeString,
  findMember,
  firstElement,
  firstMember,
  nextElement,
  startsWith,
  valueEnd,
} from '../../json-scan.ts';
import type { Attributes } from '../policy.ts';

type User = NonNullable<Attributes['user']>;

/** The bytes of a user from the opening brace to the end of its groups: what begins with them is the same user. */
interface Known {
  readonly bytes: Uint8Array;
  readonly user: User;
}

const START = Buffer.from('{"username":"');
const USERNAME = Buffer.from('username');
const GROUPS = Buffer.from('groups');

/** A cluster has few users, and each asks again and again. */
const known: (Known | undefined)[] = new Array(512).fill(undefined);
const MAX_KNOWN_BYTES = 1024;

/**
 * The user object at `at` (0: there is none), without what policies do not look at; null for `{}` and whatever is no
 * object. One that was met lately is the same object again.
 */
export function userAt(bytes: Buffer, at: number, end: number): User | null {
  if (at === 0) return null;
  const slot = startsWith(bytes, at, START) ? slotOf(bytes, at + START.length) : -1;
  if (slot < 0) return readUser(bytes, at, end);
  const met = known[slot];
  if (met !== undefined && at + met.bytes.length <= end && startsWith(bytes, at, met.bytes)) return met.user;
  const user = readUser(bytes, at, end);
  const groups = findMember(bytes, at, end, GROUPS);
  const close = groups < 0 ? -1 : valueEnd(bytes, groups, end);
  if (user !== null && close > 0 && close - at <= MAX_KNOWN_BYTES) {
    known[slot] = { bytes: new Uint8Array(bytes.subarray(at, close)), user };
  }
  return user;
}

/** A hash of the name that begins at `at`, as it is written; -1 if it is too long to be kept. */
function slotOf(bytes: Uint8Array, at: number): number {
  let hash = 0;
  for (let i = at; i < at + MAX_KNOWN_BYTES; i++) {
    const byte = bytes[i] as number;
    if (byte === QUOTE) return (hash ^ (hash >>> 15)) & (known.length - 1);
    hash = (Math.imul(hash, 31) + byte) | 0;
  }
  return -1;
}

function readUser(bytes: Buffer, at: number, end: number): User | null {
  if (firstMember(bytes, at, end) < 0) return null;
  const username = findMember(bytes, at, end, USERNAME);
  const array = findMember(bytes, at, end, GROUPS);
  const groups: string[] = [];
  let element = array < 0 ? -1 : firstElement(bytes, array, end);
  while (element >= 0) {
    const group = decodeString(bytes, element, end);
    if (group !== undefined) groups.push(group);
    element = nextElement(bytes, element, end);
  }
  return { username: (username < 0 ? undefined : decodeString(bytes, username, end)) ?? '', groups };
}
