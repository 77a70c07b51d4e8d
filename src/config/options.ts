import { z } from 'zod';
import { formatBytes, formatDuration } from '../core/units.ts';

/**
 * One option of a component, read from its schema. Validation messages, `check`, the reference and the JSON Schema all
 * ask here, so that they agree.
 */
export interface Option {
  readonly name: string;
  readonly schema: z.ZodType;
  /** In a word or two, as `size`, `json | text`, `list of string`. */
  readonly type: string;
  /** As a user would write it; `undefined` where there is none. */
  readonly default: unknown;
  readonly required: boolean;
  readonly description: string;
}

/** The options of a schema for keys and values, of all such branches of a union; empty for any other schema. */
export function optionsOf(schema: z.ZodType): readonly Option[] {
  const inner = inside(schema);
  if (inner instanceof z.ZodUnion) return branchesOf(inner).flatMap(optionsOf);
  if (!(inner instanceof z.ZodObject)) return [];
  return Object.entries(shapeOf(inner)).map(([name, field]) => ({
    name,
    schema: field,
    type: typeText(field),
    default: defaultOf(field),
    required: !field.safeParse(undefined).success,
    description: descriptionOf(field),
  }));
}

/** What is written below this key or index of a value with this schema. */
export function childOf(schema: z.ZodType, key: PropertyKey): z.ZodType | undefined {
  const inner = inside(schema);
  if (inner instanceof z.ZodUnion) {
    const children = branchesOf(inner).map((branch) => childOf(branch, key));
    return children.find((child) => child !== undefined);
  }
  if (inner instanceof z.ZodObject) {
    const shape = shapeOf(inner);
    return Object.hasOwn(shape, key) ? shape[String(key)] : undefined;
  }
  if (inner instanceof z.ZodArray) return inner.element as z.ZodType;
  return inner instanceof z.ZodRecord ? (inner.valueType as z.ZodType) : undefined;
}

/** The schemas of which any one may hold; empty for anything but a union. */
export function branchesOf(schema: z.ZodType): readonly z.ZodType[] {
  const inner = inside(schema);
  return inner instanceof z.ZodUnion && unitOf(inner) === undefined ? (inner.options as readonly z.ZodType[]) : [];
}

/** The names that are written here, where there is a fixed list of them. */
export function choicesOf(schema: z.ZodType): readonly string[] {
  const inner = inside(schema);
  if (inner instanceof z.ZodEnum) return inner.options.map(String);
  return inner instanceof z.ZodLiteral ? [...inner.values].map(String) : [];
}

/** The schema of a list's entries; `undefined` for anything but a list. */
export function elementOf(schema: z.ZodType): z.ZodType | undefined {
  const inner = inside(schema);
  return inner instanceof z.ZodArray ? (inner.element as z.ZodType) : undefined;
}

export type Unit = 'size' | 'duration' | 'path';

/** Set for `size()`, `duration()` and `filePath()`, also when they are optional or have a default. */
export function unitOf(schema: z.ZodType): Unit | undefined {
  const unit = inside(schema).meta()?.unit;
  return unit === 'size' || unit === 'duration' || unit === 'path' ? unit : undefined;
}

export function typeText(schema: z.ZodType): string {
  const unit = unitOf(schema);
  if (unit !== undefined) return unit;
  const inner = inside(schema);
  const choices = choicesOf(inner);
  if (choices.length > 0) return choices.join(' | ');
  if (inner instanceof z.ZodUnion) return [...new Set(branchesOf(inner).map(typeText))].join(' | ');
  if (inner instanceof z.ZodUnknown) return '';
  if (inner instanceof z.ZodArray) return listText(typeText(inner.element as z.ZodType));
  if (inner instanceof z.ZodNumber) return inner.format === 'safeint' ? 'whole number' : 'number';
  return WORDS[inner._zod.def.type] ?? 'value';
}

/** The default as a user would write it, or `undefined`. */
export function defaultOf(schema: z.ZodType): unknown {
  if (schema instanceof z.ZodPrefault) return schema.def.defaultValue;
  if (schema instanceof z.ZodDefault) {
    const value: unknown = schema.def.defaultValue;
    if (typeof value !== 'number') return value;
    const unit = unitOf(schema);
    return unit === 'size' ? formatBytes(value) : unit === 'duration' ? formatDuration(value) : value;
  }
  const next = unwrap(schema);
  return next === undefined ? undefined : defaultOf(next);
}

const WORDS: Readonly<Record<string, string>> = {
  string: 'string',
  boolean: 'true | false',
  object: 'keys and values',
  record: 'keys and values',
  null: 'null',
};

function listText(element: string): string {
  if (element === '') return 'list';
  return element.includes(' | ') ? `list of (${element})` : `list of ${element}`;
}

function descriptionOf(schema: z.ZodType): string {
  if (schema.description !== undefined) return schema.description;
  const next = unwrap(schema);
  return next === undefined ? '' : descriptionOf(next);
}

/** Without what only says whether a value may be absent, and what becomes of it; stops at a unit. */
function inside(schema: z.ZodType): z.ZodType {
  if (schema.meta()?.unit !== undefined) return schema;
  const next = unwrap(schema);
  return next === undefined ? schema : inside(next);
}

function unwrap(schema: z.ZodType): z.ZodType | undefined {
  if (schema instanceof z.ZodPipe) return (schema.in instanceof z.ZodTransform ? schema.out : schema.in) as z.ZodType;
  if (
    schema instanceof z.ZodOptional ||
    schema instanceof z.ZodDefault ||
    schema instanceof z.ZodPrefault ||
    schema instanceof z.ZodNullable ||
    schema instanceof z.ZodReadonly ||
    schema instanceof z.ZodCatch ||
    schema instanceof z.ZodLazy
  ) {
    return schema.unwrap() as z.ZodType;
  }
  return undefined;
}

function shapeOf(schema: z.ZodObject): Readonly<Record<string, z.ZodType>> {
  return schema.shape as Readonly<Record<string, z.ZodType>>;
}
