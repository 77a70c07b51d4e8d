import { utf8Text } from '../utf8.ts';
import { YamlError } from './error.ts';
import type { ScalarNode } from './nodes.ts';
import { isTimestamp } from './timestamp.ts';
import type { YamlScalar } from './values.ts';

const LONG_TAG = 'tag:yaml.org,2002:';

/** What a tag may ask for; other tags, except for binary data, mean nothing: the text is a string. */
const RESOLVABLE = new Set(['str', 'bool', 'int', 'float', 'null', 'timestamp'].map((name) => LONG_TAG + name));

const WORDS = new Map<string, YamlScalar>([
  ...['y', 'Y', 'yes', 'Yes', 'YES', 'true', 'True', 'TRUE', 'on', 'On', 'ON'].map((word) => [word, true] as const),
  ...['n', 'N', 'no', 'No', 'NO', 'false', 'False', 'FALSE', 'off', 'Off', 'OFF'].map((word) => [word, false] as const),
  ...['', '~', 'null', 'Null', 'NULL'].map((word) => [word, null] as const),
  ...['.nan', '.NaN', '.NAN'].map((word) => [word, Number.NaN] as const),
  ...['.inf', '.Inf', '.INF', '+.inf', '+.Inf', '+.INF'].map((word) => [word, Number.POSITIVE_INFINITY] as const),
  ...['-.inf', '-.Inf', '-.INF'].map((word) => [word, Number.NEGATIVE_INFINITY] as const),
]);

/** YAML 1.1 as it is read for Kubernetes: dates stay strings, there are no sexagesimal numbers, `08` is a float. */
export function resolveScalar({ tag, text, implicit }: ScalarNode): YamlScalar {
  if (tag === `${LONG_TAG}binary`) return fromBase64(text);
  if (tag === '' && !implicit) return text;
  if (tag === `${LONG_TAG}str` || (tag !== '' && !RESOLVABLE.has(tag))) return text;
  const value = meaningOf(text);
  if (tag === '') return value;
  const wanted = tag.slice(LONG_TAG.length);
  if (wanted === 'timestamp' && isTimestamp(text)) return text;
  const found = typeName(value);
  if (found === wanted) return value;
  if (wanted === 'float' && found === 'int' && BigInt.asIntN(64, value as bigint) === value) return Number(value);
  throw new YamlError(`cannot decode !!${found} \`${text}\` as a !!${wanted}`);
}

function typeName(value: YamlScalar): string {
  if (value === null) return 'null';
  const names: Readonly<Record<string, string>> = { boolean: 'bool', bigint: 'int', number: 'float' };
  return names[typeof value] ?? 'str';
}

function meaningOf(text: string): YamlScalar {
  const word = WORDS.get(text);
  if (word !== undefined) return word;
  if (/^\.[0-9]/.test(text)) return floatOf(text) ?? text;
  if (!/^[-+0-9]/.test(text)) return text;
  const digits = text.replaceAll('_', '');
  return integerOf(digits) ?? floatOf(digits) ?? text;
}

/** With more digits than this, leading zeros aside, nothing fits into 64 bits. */
const MAX_DIGITS = 64;
const INTEGER = /^(?<sign>[-+]?)(?<digits>0[xX][0-9a-fA-F]+|0[bB][01]+|0[oO]?[0-7]+|0|[1-9][0-9]*)$/;

function integerOf(text: string): bigint | undefined {
  const { sign, digits } = INTEGER.exec(text)?.groups ?? {};
  if (digits === undefined || digits.replace(/^0[xXbBoO]?0*/, '').length > MAX_DIGITS) return undefined;
  const size = BigInt(/^0[0-7]/.test(digits) ? `0o${digits.slice(1)}` : digits);
  const value = sign === '-' ? -size : size;
  if (BigInt.asIntN(64, value) === value) return value;
  return sign === '' && BigInt.asUintN(64, value) === value ? value : undefined;
}

function floatOf(text: string): number | undefined {
  if (!/^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?$/.test(text)) return undefined;
  const value = Number(text);
  return Number.isFinite(value) ? value : undefined;
}

function fromBase64(text: string): string {
  const data = text.replace(/[\r\n]/g, '');
  if (data.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(data)) {
    throw new YamlError('!!binary value contains invalid base64 data');
  }
  return utf8Text(Buffer.from(data, 'base64'));
}
