import { parseTime } from './decode-time.ts';
import { type GoType, goNameOf, type StructType } from './decode-types.ts';
import { quote } from './go-quote.ts';
import { JsonCursor } from './json-cursor.ts';

/** What was decoded; what is missing has Go's empty value. */
interface DecodedStruct {
  readonly [field: string]: Decoded;
}

/** `items` may hold more than `length`: what an earlier list under the same key left behind. */
export interface DecodedSlice {
  readonly items: readonly Decoded[];
  readonly length: number;
}

/** JSON that is kept as it was written. */
export interface RawJson {
  readonly raw: string;
}

export type Decoded =
  | string
  | number
  | boolean
  | undefined
  | DecodedStruct
  | DecodedSlice
  | RawJson
  | ReadonlyMap<string, Decoded>;

export interface DecodeResult {
  readonly value: DecodedStruct;
  /** `unknown field "rules[0].verb"` and `duplicate field "kind"`, in order; at most 100, as upstream. */
  readonly strict: readonly string[];
}

const MAX_STRICT = 100;
const NULLABLE = new Set<GoType['kind']>(['pointer', 'slice', 'map', 'interface', 'time', 'micro-time']);

/**
 * Reads checked JSON (json-syntax.ts) as Go's decoder with case-sensitive names reads it into a struct. A value of a
 * wrong type is skipped, and the first one is what is thrown in the end; what a type that reads itself refuses ends
 * it at once. Keys may be repeated: the last value is laid over the earlier ones, which shows in lists and objects.
 */
export function decode(json: string, type: StructType): DecodeResult {
  const decoder = new Decoder(json);
  const value = decoder.value(type, undefined, { struct: '', path: '', strictPath: '' });
  if (decoder.problem !== undefined) throw new Error(decoder.problem);
  return { value: (value ?? {}) as DecodedStruct, strict: [...decoder.strict] };
}

/** What messages say about the place: the innermost struct, the names of the fields, and those with their indices. */
interface Place {
  readonly struct: string;
  readonly path: string;
  readonly strictPath: string;
}

class Decoder {
  /** The first. */
  problem: string | undefined;
  readonly strict = new Set<string>();
  readonly #cursor: JsonCursor;

  constructor(json: string) {
    this.#cursor = new JsonCursor(json);
  }

  /** `current` is what the place holds already. */
  value(type: GoType, current: Decoded, place: Place): Decoded {
    const kind = this.#cursor.peek();
    if (kind === 'null') return this.#null(type, current);
    if (type.kind === 'pointer') return this.value(type.of, current ?? zero(type.of), place);
    if (type.kind === 'raw') return { raw: this.#cursor.take() };
    if (type.kind === 'time' || type.kind === 'micro-time') return this.#time(type, place);
    if (kind === 'array' && type.kind === 'slice') return this.#slice(type.of, current, place);
    if (kind === 'object' && type.kind === 'struct') return this.#struct(type, current, place);
    if (kind === 'object' && type.kind === 'map') return this.#map(type.of, current, place);
    if (kind === 'string' && type.kind === 'string') return this.#cursor.takeString();
    if (kind === 'bool' && type.kind === 'bool') return this.#cursor.take() === 'true';
    const isNumber = type.kind === 'int32' || type.kind === 'int64';
    if (kind === 'number' && isNumber) return this.#integer(type, current, place);
    this.#refuse(kind, type, place);
    this.#cursor.take();
    return current;
  }

  /** What can be nothing becomes it; all else stays what it is. */
  #null(type: GoType, current: Decoded): Decoded {
    this.#cursor.take();
    return NULLABLE.has(type.kind) ? undefined : current;
  }

  #refuse(what: string, type: { readonly name: string }, place: Place): void {
    this.problem ??= typeProblem(what, type.name, place);
  }

  #integer(type: GoType, current: Decoded, place: Place): Decoded {
    const text = this.#cursor.take();
    const bits = type.kind === 'int32' ? 32 : 64;
    if (/^-?[0-9]{1,19}$/.test(text) && BigInt.asIntN(bits, BigInt(text)) === BigInt(text)) return Number(text);
    this.#refuse(`number ${text}`, type, place);
    return current;
  }

  #time(type: GoType, place: Place): Decoded {
    const kind = this.#cursor.peek();
    if (kind !== 'string') throw new Error(typeProblem(kind, 'string', place));
    return parseTime(this.#cursor.takeString(), { micro: type.kind === 'micro-time' });
  }

  #slice(of: GoType, current: Decoded, place: Place): DecodedSlice {
    const { items } = (current ?? { items: [] }) as { items: Decoded[] };
    let length = 0;
    this.#cursor.open();
    for (; this.#cursor.more(); length++) {
      const at = { ...place, strictPath: `${place.strictPath}[${length}]` };
      items[length] = this.value(of, items[length], at);
    }
    return length === 0 ? { items: [], length } : { items, length };
  }

  #map(of: GoType, current: Decoded, place: Place): ReadonlyMap<string, Decoded> {
    const entries = (current ?? new Map()) as Map<string, Decoded>;
    const seen = new Set<string>();
    this.#cursor.open();
    while (this.#cursor.more()) {
      const key = this.#cursor.takeKey();
      if (seen.has(key)) this.#note('duplicate', place, key);
      seen.add(key);
      entries.set(key, this.value(of, zero(of), { ...place, strictPath: join(place.strictPath, key) }));
    }
    return entries;
  }

  #struct(type: StructType, current: Decoded, place: Place): DecodedStruct {
    const value = (current ?? {}) as Record<string, Decoded>;
    const seen = new Set<string>();
    const struct = goNameOf(type);
    this.#cursor.open();
    while (this.#cursor.more()) {
      const key = this.#cursor.takeKey();
      const field = type.fields.get(key);
      if (field === undefined) {
        this.#note('unknown', place, key);
        this.#cursor.take();
        continue;
      }
      if (seen.has(key)) this.#note('duplicate', place, key);
      seen.add(key);
      const path = join(place.path, field.via + key);
      value[key] = this.value(field.type, value[key], { struct, path, strictPath: join(place.strictPath, key) });
    }
    return value;
  }

  #note(what: 'unknown' | 'duplicate', place: Place, key: string): void {
    if (this.strict.size < MAX_STRICT) this.strict.add(`${what} field ${quote(join(place.strictPath, key))}`);
  }
}

function join(path: string, name: string): string {
  return path === '' ? name : `${path}.${name}`;
}

/** What a place holds before anything was decoded into it, where that is not undefined. */
function zero(type: GoType): Decoded {
  if (type.kind === 'string') return '';
  return type.kind === 'bool' ? false : undefined;
}

/** In the words of Go's encoding/json. */
export function typeProblem(what: string, type: string, { struct, path }: { struct: string; path: string }): string {
  const target = path === '' ? 'Go value' : `Go struct field ${struct}.${path}`;
  return `json: cannot unmarshal ${what} into ${target} of type ${type}`;
}
