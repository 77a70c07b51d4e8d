import { floatKey, goSyntax } from './go-syntax.ts';
import type { YamlMap, YamlScalar, YamlValue } from './values.ts';

/**
 * A document as JSON, the keys of objects sorted as Go sorts them, by their bytes: it is in this order that upstream
 * reads the fields of a policy, and finds its mistakes. Keys that are no strings become some; null cannot be one, and
 * NaN and the infinities cannot be values.
 */
export function toJson(root: YamlValue): string {
  const open: Frame[] = [];
  let text = '';
  let unsupported: string | undefined;
  const write = (value: YamlValue) => {
    if (typeof value === 'number' && !Number.isFinite(value)) unsupported ??= NAMES[String(value)];
    if (value === null || typeof value !== 'object') text += scalarText(value);
    else open.push(frameOf(value));
  };
  write(root);
  for (let frame = open.at(-1); frame !== undefined; frame = open.at(-1)) {
    const { isArray, entries } = frame;
    const entry = entries[frame.next];
    if (frame.next === 0) text += isArray ? '[' : '{';
    if (entry === undefined) {
      text += isArray ? ']' : '}';
      open.pop();
    } else {
      if (frame.next++ > 0) text += ',';
      if (!isArray) text += `${JSON.stringify(entry.key)}:`;
      write(entry.value);
    }
  }
  if (unsupported !== undefined) throw new Error(`json: unsupported value: ${unsupported}`);
  return text;
}

interface Entry {
  readonly key: string;
  readonly value: YamlValue;
}
interface Frame {
  readonly isArray: boolean;
  readonly entries: readonly Entry[];
  next: number;
}

const NAMES: Readonly<Record<string, string>> = { NaN: 'NaN', Infinity: '+Inf', '-Infinity': '-Inf' };

function scalarText(value: YamlScalar): string {
  if (typeof value === 'bigint') return String(value);
  return Object.is(value, -0) ? '-0' : JSON.stringify(value);
}

function frameOf(value: readonly YamlValue[] | YamlMap): Frame {
  if (isMap(value)) return { isArray: false, entries: entriesOf(value), next: 0 };
  return { isArray: true, entries: value.map((item) => ({ key: '', value: item })), next: 0 };
}

function isMap(value: readonly YamlValue[] | YamlMap): value is YamlMap {
  return value instanceof Map;
}

function entriesOf(map: YamlMap): readonly Entry[] {
  const entries: Entry[] = [];
  for (const [key, value] of map) entries.push({ key: keyText(key, value), value });
  entries.sort((a, b) => compareBytes(a.key, b.key));
  return entries.filter(({ key }, index) => key !== entries[index + 1]?.key);
}

function keyText(key: YamlScalar | symbol, value: YamlValue): string {
  if (typeof key === 'string') return key;
  if (typeof key === 'symbol') return floatKey(Number.NaN);
  if (typeof key === 'boolean') return String(key);
  if (typeof key === 'number') return floatKey(key);
  if (typeof key === 'bigint' && BigInt.asIntN(64, key) === key) return String(key);
  const type = key === null ? '%!s(<nil>)' : 'uint64';
  const shown = key === null ? '<nil>' : goSyntax(key);
  const valueShown = value === null ? '<nil>' : goSyntax(value);
  throw new Error(`unsupported map key of type: ${type}, key: ${shown}, value: ${valueShown}`);
}

/** UTF-16 order is that of UTF-8 but for surrogates. */
function compareBytes(a: string, b: string): number {
  if (a === b) return 0;
  if (/[\ud800-\udfff]/.test(a) || /[\ud800-\udfff]/.test(b)) return Buffer.compare(Buffer.from(a), Buffer.from(b));
  return a < b ? -1 : 1;
}
