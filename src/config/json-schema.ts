import { z } from 'zod';
import type { ComponentSpec, Kind } from '../core/component.ts';
import { deliveryOptions } from './delivery-options.ts';
import { isMap } from './findings.ts';
import { defaultOf } from './options.ts';
import { commonOptions, pipelineOptions } from './pipeline-schema.ts';

/** A JSON Schema, or a part of one. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/**
 * The JSON Schema (draft 2020-12) of a pipeline file, for editors: completion, descriptions and most mistakes. It knows
 * less than the loader, which also looks at what options mean together, and it accepts `${...}` in every string.
 */
export function pipelineJsonSchema(components: readonly ComponentSpec[]): JsonSchema {
  const layout = propertiesOf(pipelineOptions);
  const listOf = (kind: Kind, rest: JsonSchema) => ({ ...rest, type: 'array', items: anyComponent(components, kind) });
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'kaudit-pipe pipeline',
    type: 'object',
    properties: {
      name: layout.name,
      source: { ...layout.source, ...anyComponent(components, 'source') },
      transforms: listOf('transform', layout.transforms ?? {}),
      sinks: listOf('sink', layout.sinks ?? {}),
    },
    required: ['source', 'sinks'],
    additionalProperties: false,
    $defs: {
      ...Object.fromEntries(components.map((spec) => [definitionName(spec), definition(spec, components)])),
      ...propertiesOf(deliveryOptions),
    },
  };
}

function definition(spec: ComponentSpec, components: readonly ComponentSpec[]): JsonSchema {
  const own = schemaOf(spec.config);
  const common = propertiesOf(commonOptions[spec.kind]);
  return {
    title: `${spec.kind} ${spec.type}`,
    description: spec.summary,
    type: 'object',
    properties: {
      type: { const: spec.type, description: spec.summary },
      name: common.name,
      ...(isMap(own.properties) ? own.properties : {}),
      ...(spec.kind === 'sink' ? sinkProperties(common, components) : {}),
    },
    required: ['type', ...(Array.isArray(own.required) ? own.required : [])],
    additionalProperties: false,
  };
}

/** What means the same in every sink is defined once. */
function sinkProperties(
  common: Readonly<Record<string, JsonSchema>>,
  components: readonly ComponentSpec[],
): JsonSchema {
  const elsewhere = components.filter(({ type }) => type !== 'parse');
  const shared = Object.keys(deliveryOptions.shape).map((key) => [key, { $ref: `#/$defs/${key}` }]);
  return {
    transforms: { ...common.transforms, items: anyComponent(elsewhere, 'transform') },
    ...Object.fromEntries(shared),
  };
}

function anyComponent(components: readonly ComponentSpec[], kind: Kind): JsonSchema {
  const specs = components.filter((spec) => spec.kind === kind);
  return { oneOf: specs.map((spec) => ({ $ref: `#/$defs/${definitionName(spec)}` })) };
}

function definitionName({ kind, type }: ComponentSpec): string {
  return `${kind}.${type}`;
}

function propertiesOf(schema: z.ZodType): Readonly<Record<string, JsonSchema>> {
  const { properties } = schemaOf(schema);
  return isMap(properties) ? (properties as Readonly<Record<string, JsonSchema>>) : {};
}

function schemaOf(schema: z.ZodType): JsonSchema {
  const json: unknown = z.toJSONSchema(schema, {
    io: 'input',
    unrepresentable: 'any',
    override: ({ zodSchema, jsonSchema }) => {
      const fallback = zodSchema instanceof z.ZodDefault ? defaultOf(zodSchema) : undefined;
      if (jsonSchema.default === undefined && JSON.stringify(fallback) !== '{}') setDefault(jsonSchema, fallback);
    },
  });
  const tidied = tidy(json);
  return isMap(tidied) ? tidied : {};
}

function setDefault(jsonSchema: { default?: unknown }, fallback: unknown): void {
  if (fallback !== undefined) jsonSchema.default = fallback;
}

/** Removes what only this program reads, and lets every restricted string hold a `${...}` instead. */
function tidy(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(tidy);
  if (!isMap(node)) return node;
  const kept = Object.entries(node).filter(
    ([key, value]) =>
      !(key === 'unit' && typeof value === 'string') &&
      !(typeof value === 'number' && Math.abs(value) === Number.MAX_SAFE_INTEGER),
  );
  const {
    description,
    default: fallback,
    ...rest
  } = Object.fromEntries(kept.map(([key, value]) => [key, tidy(value)]));
  const about = {
    ...(description === undefined ? {} : { description }),
    ...(fallback === undefined ? {} : { default: fallback }),
  };
  const restricted = rest.type === 'string' && ['pattern', 'enum', 'format'].some((key) => key in rest);
  return restricted ? { ...about, anyOf: [rest, { type: 'string', pattern: '\\$\\{' }] } : { ...about, ...rest };
}
