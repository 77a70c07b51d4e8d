import { quote } from '../go-quote.ts';
import type { YamlMap, YamlValue } from './values.ts';

const MAX_DEPTH = 100;

/** A value as Go's %#v prints it, which is how upstream's messages show keys and values that cannot be. */
export function goSyntax(value: YamlValue, depth = 0): string {
  if (depth > MAX_DEPTH) return '...';
  if (value === null) return 'interface {}(nil)';
  if (typeof value === 'string') return quote(value);
  if (typeof value === 'number') return goFloat(value);
  if (typeof value === 'bigint') return BigInt.asIntN(64, value) === value ? String(value) : `0x${value.toString(16)}`;
  if (typeof value === 'boolean') return String(value);
  if (Array.isArray(value)) return `[]interface {}{${value.map((item) => goSyntax(item, depth + 1)).join(', ')}}`;
  const entries = [...(value as YamlMap)].map(([key, item]) => ({
    key: typeof key === 'symbol' ? Number.NaN : key,
    item,
  }));
  const texts = entries.sort(byKey).map(({ key, item }) => `${goSyntax(key)}:${goSyntax(item, depth + 1)}`);
  return `map[interface {}]interface {}{${texts.join(', ')}}`;
}

/** A float as the text of a key: as Go prints one of 32 bits in the shortest way. */
export function floatKey(value: number): string {
  if (Number.isNaN(value)) return '.nan';
  const single = Math.fround(value);
  if (!Number.isFinite(single)) return single > 0 ? '.inf' : '-.inf';
  let digits = 1;
  while (Math.fround(Number(single.toPrecision(digits))) !== single) digits++;
  return goFloat(Number(single.toPrecision(digits)));
}

/** `%g`: with an exponent below 1e-4 and from 1e6 on. */
function goFloat(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? '+Inf' : '-Inf';
  if (value === 0) return Object.is(value, -0) ? '-0' : '0';
  const [mantissa, exponent = ''] = value.toExponential().split('e');
  const size = Number(exponent);
  if (size >= -4 && size < 6) return String(value);
  return `${mantissa}e${size < 0 ? '-' : '+'}${String(Math.abs(size)).padStart(2, '0')}`;
}

const ORDER = ['object', 'string', 'bigint', 'number', 'boolean'];

function byKey(a: { readonly key: unknown }, b: { readonly key: unknown }): number {
  const types = ORDER.indexOf(typeof a.key) - ORDER.indexOf(typeof b.key);
  if (types !== 0) return types;
  const [left, right] = [a.key as string, b.key as string];
  return left < right ? -1 : left > right ? 1 : 0;
}
