import type { ComponentSpec, Kind } from '../core/component.ts';
import { relativeTo } from '../core/paths.ts';
import type { Configured, PipelinePlan, SinkPlan } from '../pipeline/plan.ts';
import { type Component, checkComponent } from './check-component.ts';
import { deliveryPlan } from './delivery-options.ts';
import { checked, type Finding, isMap } from './findings.ts';
import { nameAll } from './names.ts';
import { nameOption, pipelineOptions } from './pipeline-schema.ts';

/** A pipeline as plain data, and what it is checked against. */
export interface Draft {
  readonly value: unknown;
  readonly components: readonly ComponentSpec[];
  /** Where relative paths start. */
  readonly directory: string;
  /** The pipeline's name where the value has none. */
  readonly defaultName: string;
}

/** Checks everything about one pipeline. There is a plan only if there are no findings. */
export function planFrom(draft: Draft): { readonly plan?: PipelinePlan; readonly findings: readonly Finding[] } {
  return relativeTo(draft.directory, () => {
    const findings: Finding[] = [];
    const plan = build(draft, findings);
    return plan === undefined || findings.length > 0 ? { findings } : { plan, findings };
  });
}

const DEFAULT_MAX_EVENT_BYTES = 16 * 1024 * 1024;
const IMPLIED_PARSE = { type: 'parse' };

function build({ value, components: specs, defaultName }: Draft, findings: Finding[]): PipelinePlan | undefined {
  const layout = checked(pipelineOptions, value, { path: [] });
  findings.push(...layout.findings.map((finding) => withSinkTypes(finding, specs)));
  if (!isMap(value)) return undefined;

  const name = layout.output?.name ?? defaultName;
  if (value.name === undefined && !nameOption.safeParse(name).success) {
    const message = `missing, and the file name cannot stand for it: "${name}" holds more than letters, digits, ".", "_" and "-"`;
    findings.push({ path: ['name'], at: 'key', message });
  }
  const checkAll = <K extends Kind>(kind: K, values: readonly unknown[], path: readonly PropertyKey[]) =>
    values.map((entry, index) => checkComponent(kind, entry, { path: [...path, index], specs, findings }));

  const source = checkComponent('source', value.source, { path: ['source'], specs, findings });
  const listed = listOf(value.transforms);
  findings.push(...misplacedParse(listed));
  const implied = listed.some(isParse) ? [] : [IMPLIED_PARSE];
  const transforms = [
    ...checkAll('transform', implied, ['transforms']),
    ...checkAll('transform', listed, ['transforms']),
  ];
  const sinkValues = listOf(value.sinks);
  const sinks = checkAll('sink', sinkValues, ['sinks']);
  const sinkTransforms = sinkValues.map((sink, index) => {
    const own = isMap(sink) ? listOf(sink.transforms) : [];
    const path = ['sinks', index, 'transforms'];
    findings.push(...parseInSink(own, path));
    return checkAll('transform', own, path);
  });

  const transformNames = nameAll([...transforms, ...sinkTransforms.flat()], findings);
  const sinkNames = nameAll(sinks, findings);
  const configured = <K extends Kind>(
    list: readonly (Component<K> | undefined)[],
    names: ReadonlyMap<unknown, string>,
  ) => list.flatMap((component) => (component === undefined ? [] : [named(component, names.get(component))]));

  const sinkPlans: SinkPlan[] = [];
  for (const [index, sink] of sinks.entries()) {
    if (sink === undefined) continue;
    const own = configured(sinkTransforms[index] ?? [], transformNames);
    sinkPlans.push({ ...named(sink, sinkNames.get(sink)), transforms: own, delivery: deliveryPlan(sink.common) });
  }
  if (source === undefined) return undefined;
  return {
    name,
    source: named(source, source.common.name),
    transforms: configured(transforms, transformNames),
    sinks: sinkPlans,
    maxEventBytes: maxEventBytesOf(transforms[0]?.config),
  };
}

/** Who leaves the sinks out does not know yet what a sink is. */
function withSinkTypes(finding: Finding, specs: readonly ComponentSpec[]): Finding {
  if (finding.path.length !== 1 || finding.path[0] !== 'sinks') return finding;
  const types = specs.filter(({ kind }) => kind === 'sink').map(({ type }) => type);
  const message = finding.message
    .replace(
      /^(missing|empty), expected a list$/,
      `$1, expected a list of sinks, each with a type: one of ${types.join(', ')}`,
    )
    .replace('expected a list,', 'expected a list of sinks, each with a type,');
  return { ...finding, message };
}

function named<K extends Kind>({ spec, config }: Component<K>, name: string | undefined): Configured<K> {
  return { name: name ?? spec.type, spec, config };
}

function misplacedParse(transforms: readonly unknown[]): readonly Finding[] {
  const first = transforms.findIndex(isParse);
  return transforms.flatMap((entry, index): Finding[] => {
    if (!isParse(entry) || index === 0) return [];
    const message =
      index === first ? 'parse must be the first transform' : 'parse is already listed, remove one of them';
    return [{ path: ['transforms', index, 'type'], at: 'value', message }];
  });
}

function parseInSink(transforms: readonly unknown[], path: readonly PropertyKey[]): readonly Finding[] {
  const message = "parse cannot stand in a sink, list it first under the pipeline's own transforms";
  return transforms.flatMap((entry, index): Finding[] =>
    isParse(entry) ? [{ path: [...path, index, 'type'], at: 'value', message }] : [],
  );
}

function isParse(entry: unknown): boolean {
  return isMap(entry) && entry.type === 'parse';
}

/** Anything but a list has been reported by the check of the layout. */
function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function maxEventBytesOf(parseConfig: unknown): number {
  const bytes = isMap(parseConfig) ? parseConfig.maxEventBytes : undefined;
  return typeof bytes === 'number' ? bytes : DEFAULT_MAX_EVENT_BYTES;
}
