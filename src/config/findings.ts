import type { z } from 'zod';
import { childOf, choicesOf, elementOf, optionsOf, typeText, unitOf } from './options.ts';
import { didYouMean, suggest } from './suggest.ts';

/**
 * A problem before its place in the file is known. `key` points at the key (unknown keys; a missing one is looked for at
 * the key of its parent), `value` at what is written behind it.
 */
export interface Finding {
  readonly path: readonly PropertyKey[];
  readonly at: 'key' | 'value';
  readonly message: string;
}

/** `sinks[1].path` */
export function pathText(path: readonly PropertyKey[]): string {
  let text = '';
  for (const key of path) text += typeof key === 'number' ? `[${key}]` : `${text === '' ? '' : '.'}${String(key)}`;
  return text;
}

/** Checks a value against a schema. Messages that a component's author wrote stay as they are. */
export function checked<S extends z.ZodType>(
  schema: S,
  value: unknown,
  { path, otherKeys = [] }: { readonly path: readonly PropertyKey[]; readonly otherKeys?: readonly string[] },
): { readonly output: z.output<S> | undefined; readonly findings: readonly Finding[] } {
  const { success, data, error } = schema.safeParse(value, { error: plainMessage });
  if (success) return { output: data, findings: [] };
  const findings: Finding[] = [];
  for (const issue of error.issues) addFindings(issue, [], findings);
  const located = findings.map((finding) => ({ ...finding, path: [...path, ...finding.path] }));
  return { output: undefined, findings: withoutRepeats(located) };

  function addFindings(issue: z.core.$ZodIssue, above: readonly PropertyKey[], found: Finding[]): void {
    const place = [...above, ...issue.path];
    if (issue.code === 'unrecognized_keys') {
      const known = [...optionsOf(schemaAt(schema, place) ?? schema).map(({ name }) => name)];
      if (place.length === 0) known.push(...otherKeys);
      for (const key of issue.keys) found.push({ path: [...place, key], at: 'key', message: unknownKey(key, known) });
      return;
    }
    const branch = issue.code === 'invalid_union' ? meantBranch(issue.errors) : undefined;
    if (branch !== undefined) for (const inner of branch) addFindings(inner, place, found);
    else if (isMissing(value, place)) found.push({ path: place, at: 'key', message: issue.message });
    else found.push({ path: place, at: 'value', message: issue.message });
  }
}

/** A value may be wrong in the same way twice, as the list of codes `4xx,,` is. */
function withoutRepeats(findings: readonly Finding[]): readonly Finding[] {
  const byText = new Map(
    findings.map((finding) => [`${pathText(finding.path)} ${finding.at} ${finding.message}`, finding]),
  );
  return [...byText.values()];
}

function unknownKey(key: string, known: readonly string[]): string {
  if (/[\u00a0\u2007\u202f\ufeff]/.test(key)) return 'unknown key, it holds a non-breaking space; use plain spaces';
  if (key === '<<') return 'unknown key, merging (<<) is not supported; write the keys out';
  return `unknown key${didYouMean(key, known)}`;
}

/** What a value should have been, for issues whose schema has no message of its own. */
function plainMessage(issue: z.core.$ZodRawIssue): string | undefined {
  const schema = issue.inst as z.ZodType | undefined;
  const wanted = schema === undefined || !('safeParse' in schema) ? undefined : expectation(schema);
  if (issue.input === undefined && wanted !== undefined) return `missing, expected ${wanted}`;
  if (issue.input === null && wanted !== undefined) return `empty, expected ${wanted}`;
  if (issue.code === 'invalid_value') {
    const choices = issue.values.map(String);
    const must = choices.length === 1 ? `must be ${choices[0]}` : `must be one of ${choices.join(', ')}`;
    const guess = typeof issue.input === 'string' ? suggest(issue.input, choices) : undefined;
    return guess === undefined ? must : `${must}, did you mean "${guess}"?`;
  }
  if (issue.code === 'invalid_type' && issue.expected === 'int')
    return `expected a whole number, received ${issue.input}`;
  if (issue.code === 'invalid_type' || issue.code === 'invalid_union') {
    return `expected ${wanted ?? 'another value'}, received ${kindOf(issue.input)}`;
  }
  if (issue.code === 'too_small') return limit('at least', Number(issue.minimum), issue.origin);
  if (issue.code === 'too_big') return limit('at most', Number(issue.maximum), issue.origin);
  if (issue.code === 'invalid_format') return `is not a valid ${issue.format === 'regex' ? 'value' : issue.format}`;
  return undefined;
}

function expectation(schema: z.ZodType): string {
  const choices = choicesOf(schema);
  if (choices.length > 1) return `one of ${choices.join(', ')}`;
  const unit = unitOf(schema);
  if (unit === 'size') return 'a size such as 64MiB';
  if (unit === 'duration') return 'a duration such as 30s';
  const element = elementOf(schema);
  if (element !== undefined) return listExpectation(element);
  const words = typeText(schema).split(' | ');
  return words.map((word) => (ARTICLE.has(word) ? `a ${word}` : word)).join(' or ');
}

const ARTICLE: ReadonlySet<string> = new Set(['path', 'string', 'number', 'whole number', 'value', 'list']);

function listExpectation(element: z.ZodType): string {
  const type = typeText(element);
  const words = type.split(' | ');
  if (words.includes('path')) return 'a list of paths, such as [audit.log]';
  if (type === 'string') return 'a list of strings, such as ["one", "two"]';
  return type === '' ? 'a list' : `a list of ${words.join(' or ')}`;
}

function limit(bound: string, count: number, origin: string): string {
  if (origin === 'array' || origin === 'set') return `must have ${bound} ${count} ${count === 1 ? 'entry' : 'entries'}`;
  if (origin === 'string') return count === 1 ? 'must not be empty' : `must have ${bound} ${count} characters`;
  return `must be ${bound} ${count}`;
}

/** The one branch of a union that fits the value's own kind: its problems say more than the union's. */
function meantBranch(branches: readonly (readonly z.core.$ZodIssue[])[]): readonly z.core.$ZodIssue[] | undefined {
  const fitting = branches.filter((issues) =>
    issues.every(({ path, code }) => path.length > 0 || code === 'unrecognized_keys'),
  );
  return fitting.length === 1 ? fitting[0] : undefined;
}

function schemaAt(schema: z.ZodType, path: readonly PropertyKey[]): z.ZodType | undefined {
  let here: z.ZodType | undefined = schema;
  for (const key of path) here = here === undefined ? undefined : childOf(here, key);
  return here;
}

function isMissing(value: unknown, path: readonly PropertyKey[]): boolean {
  let here: unknown = value;
  for (const key of path) {
    here = typeof here === 'object' && here !== null && Object.hasOwn(here, key) ? Reflect.get(here, key) : undefined;
  }
  return here === undefined;
}

export function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function kindOf(value: unknown): string {
  if (value === null) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'object' ? 'keys and values' : `a ${typeof value}`;
}
