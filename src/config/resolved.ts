import { dirname, resolve } from 'node:path';
import type { z } from 'zod';
import type { Kind } from '../core/component.ts';
import type { Configured } from '../pipeline/plan.ts';
import { isMap } from './findings.ts';
import type { LoadedFile } from './load.ts';
import { branchesOf, childOf, optionsOf, unitOf } from './options.ts';
import { commonOptions } from './pipeline-schema.ts';

/**
 * A pipeline file as it is understood, in the form of a pipeline file: every default filled in, every name given, paths
 * absolute, secrets as `***`. What a user wrote stays as written, so this reads back as the same plan.
 */
export function resolvedPipeline({ file, plan, shown }: LoadedFile): Readonly<Record<string, unknown>> {
  const directory = dirname(resolve(file));
  const written: Readonly<Record<string, unknown>> = isMap(shown) ? shown : {};
  const sinks = listOf(written.sinks);
  return {
    name: plan.name,
    source: component('source', plan.source, { written: written.source, directory }),
    transforms: transforms(plan.transforms, { written: listOf(written.transforms), directory }),
    sinks: plan.sinks.map((sink, index) => {
      const view = component('sink', sink, { written: sinks[index], directory });
      const own = isMap(sinks[index]) ? listOf(sinks[index].transforms) : [];
      return { ...view, transforms: transforms(sink.transforms, { written: own, directory }) };
    }),
  };
}

/** An implied parse stands in the plan but not in the file, in front of the others. */
function transforms(
  plans: readonly Configured<'transform'>[],
  { written, directory }: { readonly written: readonly unknown[]; readonly directory: string },
): readonly unknown[] {
  const implied = plans.length - written.length;
  return plans.map((plan, index) => component('transform', plan, { written: written[index - implied], directory }));
}

function component<K extends Kind>(
  kind: K,
  { name, spec }: Configured<K>,
  { written, directory }: { readonly written: unknown; readonly directory: string },
): Readonly<Record<string, unknown>> {
  const value = isMap(written) ? written : {};
  const own = withDefaults(spec.config, value, directory);
  const common = withDefaults(commonOptions[kind], value, directory);
  return {
    type: spec.type,
    name,
    ...(isMap(own) ? own : {}),
    ...(isMap(common) ? { ...common, type: spec.type, name } : {}),
  };
}

function withDefaults(schema: z.ZodType, value: unknown, directory: string): unknown {
  if (typeof value === 'string' && unitOf(schema) === 'path') return resolve(directory, value);
  const branches = branchesOf(schema);
  if (branches.length > 0) {
    const branch = branches.find((one) => one.safeParse(value).success);
    return branch === undefined ? value : withDefaults(branch, value, directory);
  }
  const below = (key: PropertyKey, entry: unknown): unknown => {
    const child = childOf(schema, key);
    return child === undefined ? entry : withDefaults(child, entry, directory);
  };
  if (Array.isArray(value)) return value.map((entry, index) => below(index, entry));
  if (!isMap(value)) return value;
  const options = optionsOf(schema);
  if (options.length === 0)
    return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, below(key, entry)]));
  const filled: Record<string, unknown> = {};
  for (const { name, default: fallback } of options) {
    const entry = Object.hasOwn(value, name) ? value[name] : fallback;
    if (entry !== undefined && isPlain(entry)) filled[name] = below(name, entry);
  }
  return filled;
}

/** A default may be given in the form the program works with, which no file can hold. */
function isPlain(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return typeof value !== 'function';
  const prototype: unknown = Object.getPrototypeOf(value);
  return Array.isArray(value) || prototype === Object.prototype || prototype === null;
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
