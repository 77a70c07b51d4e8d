import type { Decoded, DecodedSlice, RawJson } from './decode.ts';
import { formatTime } from './decode-time.ts';
import type { Field, GoType, StructType } from './decode-types.ts';

/** A decoded struct as upstream would write it again: fields in its order, and empty ones left out. */
export function toPlain(type: StructType, value: Decoded): Record<string, unknown> {
  const plain: Record<string, unknown> = {};
  const fields = (value ?? {}) as Readonly<Record<string, Decoded>>;
  for (const [key, field] of type.fields) {
    const member = fields[key];
    if (field.always || !isEmpty(field, member)) plain[key] = plainOf(field.type, member);
  }
  return plain;
}

/** A pointer to an empty value is not empty. */
function isEmpty({ type }: Field, value: Decoded): boolean {
  if (value === undefined) return true;
  if (type.kind === 'pointer') return false;
  if (type.kind === 'slice') return (value as DecodedSlice).length === 0;
  if (type.kind === 'map') return (value as ReadonlyMap<string, Decoded>).size === 0;
  if (type.kind === 'time') return formatTime(value as number) === null;
  return value === '' || value === false || value === 0;
}

function plainOf(type: GoType, value: Decoded): unknown {
  if (type.kind === 'pointer') return plainOf(type.of, value);
  if (type.kind === 'struct') return toPlain(type, value);
  if (type.kind === 'string') return value ?? '';
  if (value === undefined) return null;
  if (type.kind === 'slice') {
    const { items, length } = value as DecodedSlice;
    return items.slice(0, length).map((item) => plainOf(type.of, item));
  }
  if (type.kind === 'map') return plainMap(type.of, value as ReadonlyMap<string, Decoded>);
  if (type.kind === 'time') return formatTime(value as number);
  return type.kind === 'raw' ? JSON.parse((value as RawJson).raw) : value;
}

/** A key may be __proto__. */
function plainMap(of: GoType, entries: ReadonlyMap<string, Decoded>): Record<string, unknown> {
  return Object.fromEntries([...entries].map(([key, value]) => [key, plainOf(of, value)]));
}
