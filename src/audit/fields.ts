import { BACKSLASH } from './json-bytes.ts';
import { decodeString } from './json-scan.ts';

/** The top-level members of an audit event, in the order in which kube-apiserver writes them (audit.k8s.io/v1). */
export const FIELDS = [
  'kind',
  'apiVersion',
  'level',
  'auditID',
  'stage',
  'requestURI',
  'verb',
  'user',
  'impersonatedUser',
  'authenticationMetadata',
  'sourceIPs',
  'userAgent',
  'objectRef',
  'responseStatus',
  'requestObject',
  'responseObject',
  'requestReceivedTimestamp',
  'stageTimestamp',
  'annotations',
] as const;

export type FieldName = (typeof FIELDS)[number];

/** The index of each field: `FIELD.verb` is 6. */
export const FIELD = Object.fromEntries(FIELDS.map((name, index) => [name, index])) as Record<FieldName, number>;

/** What is kept of an event behind a position for each field: see member-table.ts. */
export const SLOT = {
  /** Where the walk over the members goes on. */
  resume: FIELDS.length,
  /** The field there. */
  last: FIELDS.length + 1,
  /** Behind the value of requestObject. */
  requestEnd: FIELDS.length + 2,
  /** Behind the value of responseObject. */
  responseEnd: FIELDS.length + 3,
} as const;

/**
 * A name is recognised by its length and the one byte in which names of that length differ; then it is compared.
 * LOOKUP holds the field for each length and byte at PROBE, or -1; NAMES the names one behind the other.
 */
const MAX_LENGTH = 32;
const PROBE = new Uint8Array(MAX_LENGTH);
const LOOKUP = new Int8Array(MAX_LENGTH * 256).fill(-1);
const NAMES = Buffer.from(FIELDS.join(''));
const OFFSETS = FIELDS.map((_, index) => FIELDS.slice(0, index).join('').length);
for (const [index, name] of FIELDS.entries()) {
  const rivals = FIELDS.filter(({ length }) => length === name.length);
  const probe = [...name].findIndex((_, at) => new Set(rivals.map((rival) => rival[at])).size === rivals.length);
  PROBE[name.length] = probe;
  LOOKUP[name.length * 256 + name.charCodeAt(probe)] = index;
}

/** The field whose name is the key at `key` (its opening quote) that ends behind `keyEnd`; -1 for any other key. */
export function fieldAt(bytes: Buffer, key: number, keyEnd: number): number {
  const from = key + 1;
  const length = keyEnd - 1 - from;
  if (length < MAX_LENGTH) {
    const field = LOOKUP[length * 256 + (bytes[from + (PROBE[length] as number)] as number)] as number;
    if (field >= 0) {
      const name = OFFSETS[field] as number;
      let i = 0;
      while (i < length && bytes[from + i] === NAMES[name + i]) i++;
      if (i === length) return field;
    }
  }
  for (let i = from; i < keyEnd; i++) {
    if (bytes[i] === BACKSLASH) return FIELDS.indexOf(decodeString(bytes, key, keyEnd) as FieldName);
  }
  return -1;
}
