import { OPEN_ARRAY, OPEN_OBJECT } from '../../json-bytes.ts';
import { decodeString, findMember, valueEnd } from '../../json-scan.ts';
import { type Cutting, closeOf, cutMembers, first, isNamed, type Member, next, valueAt } from './cutting.ts';

/**
 * Cuts `managedFields` out of the body at `body` (0: there is none) where kube-apiserver leaves it out
 * under omitManagedFields: in `metadata` of the object, of each of its `items`, and of the object of each row of a
 * Table. Nothing deeper is touched. It takes the items of a list as objects and gives up when one is not: then the
 * whole body stays as it is, its own metadata too. Bodies may be nested deep and lists long: no recursion here.
 */
export function cutManagedFields(of: Cutting, body: number): void {
  const { bytes, end, edits } = of;
  if (body === 0 || bytes[body] !== OPEN_OBJECT) return;
  const before = edits.length;
  let table: boolean | undefined;
  const inTable = () => {
    table ??= isTable(of, body);
    return table;
  };
  let key = first(of, body);
  while (key >= 0) {
    const value = valueAt(of, key);
    let behind: number;
    if (isNamed(bytes, key, METADATA)) behind = cutFromMetadata(of, value);
    else if (isNamed(bytes, key, ITEMS) && bytes[value] === OPEN_ARRAY) behind = cutFromItems(of, value);
    else if (isNamed(bytes, key, ROWS) && bytes[value] === OPEN_ARRAY && inTable()) behind = cutFromRows(of, value);
    else behind = valueEnd(bytes, value, end);
    if (behind < 0) {
      edits.length = before;
      return;
    }
    key = next(of, behind);
  }
}

/**
 * Whether bytes that are JSON may hold a key `managedFields`. It has no character that JSON escapes otherwise than by
 * \u00, so whoever finds neither has seen every spelling.
 */
export function mayHoldManagedFields(bytes: Buffer): boolean {
  return bytes.includes(MANAGED_FIELDS) || bytes.includes(ESCAPE);
}

const METADATA = Buffer.from('metadata');
const MANAGED_FIELDS = Buffer.from('managedFields');
const ITEMS = Buffer.from('items');
const ROWS = Buffer.from('rows');
const OBJECT = Buffer.from('object');
const KIND = Buffer.from('kind');
const API_VERSION = Buffer.from('apiVersion');
const ESCAPE = Buffer.from('\\u00');

/** Each of these returns the position behind the value it looked at, or -1 to give up. */
function cutFromMetadata(of: Cutting, metadata: number): number {
  const { bytes, end } = of;
  if (bytes[metadata] !== OPEN_OBJECT) return valueEnd(bytes, metadata, end);
  let found: Member[] | undefined;
  let behind = metadata + 1;
  let key = first(of, metadata);
  while (key >= 0) {
    behind = valueEnd(bytes, valueAt(of, key), end);
    if (isNamed(bytes, key, MANAGED_FIELDS)) {
      found ??= [];
      found.push({ key, end: behind });
    }
    key = next(of, behind);
  }
  if (found !== undefined) cutMembers(of, found);
  return closeOf(of, behind);
}

function cutFromItems(of: Cutting, items: number): number {
  let behind = items + 1;
  let item = first(of, items);
  while (item >= 0) {
    if (of.bytes[item] !== OPEN_OBJECT) return -1;
    behind = cutFromObject(of, item);
    item = next(of, behind);
  }
  return closeOf(of, behind);
}

function cutFromRows(of: Cutting, rows: number): number {
  const { bytes, end } = of;
  let behind = rows + 1;
  let row = first(of, rows);
  while (row >= 0) {
    behind = valueEnd(bytes, row, end);
    const object = findMember(bytes, row, end, OBJECT);
    if (object >= 0 && bytes[object] === OPEN_OBJECT) cutFromObject(of, object);
    row = next(of, behind);
  }
  return closeOf(of, behind);
}

function cutFromObject(of: Cutting, object: number): number {
  const { bytes, end } = of;
  let behind = object + 1;
  let key = first(of, object);
  while (key >= 0) {
    const value = valueAt(of, key);
    behind = isNamed(bytes, key, METADATA) ? cutFromMetadata(of, value) : valueEnd(bytes, value, end);
    key = next(of, behind);
  }
  return closeOf(of, behind);
}

function isTable({ bytes, end }: Cutting, body: number): boolean {
  const text = (name: Buffer): string | undefined => {
    const value = findMember(bytes, body, end, name);
    return value < 0 ? undefined : decodeString(bytes, value, end);
  };
  return text(KIND) === 'Table' && text(API_VERSION)?.startsWith('meta.k8s.io/') === true;
}
