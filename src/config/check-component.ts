import type { z } from 'zod';
import type { ComponentSpec, Kind } from '../core/component.ts';
import { unavailableOptions } from './delivery-options.ts';
import { checked, type Finding, isMap, kindOf } from './findings.ts';
import { optionsOf } from './options.ts';
import { commonOptions } from './pipeline-schema.ts';
import { didYouMean } from './suggest.ts';

/** One entry of a pipeline file, checked by itself; its name may still clash with another's. */
export interface Component<K extends Kind> {
  readonly path: readonly PropertyKey[];
  readonly spec: ComponentSpec<K>;
  readonly config: unknown;
  readonly common: z.output<(typeof commonOptions)[K]>;
}

interface Place {
  readonly path: readonly PropertyKey[];
  readonly specs: readonly ComponentSpec[];
  /** Takes what is found. */
  readonly findings: Finding[];
}

/** Checks `value` as a component of this kind. The result is `undefined` where anything is wrong with it. */
export function checkComponent<K extends Kind>(
  kind: K,
  value: unknown,
  { path, specs, findings }: Place,
): Component<K> | undefined {
  const spec = specOf(kind, value, { path, specs, findings });
  if (spec === undefined || !isMap(value)) return undefined;

  const shared = commonOptions[kind];
  const sharedKeys = optionsOf(shared).map(({ name }) => name);
  const own: Record<string, unknown> = {};
  const common: Record<string, unknown> = {};
  const found: Finding[] = [];
  const ownKeys = optionsOf(spec.config).map(({ name }) => name);
  for (const [key, entry] of Object.entries(value)) {
    if (sharedKeys.includes(key)) common[key] = entry;
    else if (kind === 'sink' && unavailableOptions.includes(key) && !ownKeys.includes(key)) {
      found.push({ path: [...path, key], at: 'key', message: 'not available in this version' });
    } else Object.defineProperty(own, key, { value: entry, enumerable: true });
  }
  const config = checked(spec.config, own, { path, otherKeys: sharedKeys });
  const rest = checked(shared, common, { path });
  found.push(...config.findings, ...rest.findings);
  findings.push(...found);
  if (found.length > 0) return undefined;
  return { path, spec, config: config.output, common: rest.output as z.output<(typeof commonOptions)[K]> };
}

function specOf<K extends Kind>(
  kind: K,
  value: unknown,
  { path, specs, findings }: Place,
): ComponentSpec<K> | undefined {
  const known = specs.filter((spec): spec is ComponentSpec<K> => spec.kind === kind);
  const types = known.map((spec) => spec.type);
  const refuse = (at: Finding['at'], message: string, key?: string) => {
    findings.push({ path: key === undefined ? path : [...path, key], at, message });
    return undefined;
  };
  if (value === undefined) return refuse('key', `missing, expected a ${kind} with a type: one of ${types.join(', ')}`);
  if (!isMap(value)) {
    return refuse('value', `expected a ${kind} with a type, such as "type: ${types[0]}", received ${kindOf(value)}`);
  }
  const { type } = value;
  if (type === undefined || type === null) return refuse('key', `missing, expected one of ${types.join(', ')}`, 'type');
  const spec = known.find((candidate) => candidate.type === type);
  if (spec !== undefined) return spec;
  if (typeof type !== 'string') return refuse('value', `must be one of ${types.join(', ')}`, 'type');
  const elsewhere = specs.find((candidate) => candidate.type === type);
  if (elsewhere !== undefined) {
    return refuse('value', `"${type}" is a ${elsewhere.kind}, not a ${kind}; ${kind}s are ${types.join(', ')}`, 'type');
  }
  return refuse('value', `unknown ${kind} "${type}"${didYouMean(type, types)}`, 'type');
}
