import type { ComponentSpec, Kind } from '../core/component.ts';
import { isMap } from './findings.ts';
import { type Option, optionsOf } from './options.ts';
import { commonOptions } from './pipeline-schema.ts';

/** Every component type with its summary, by kind: what `kaudit-pipe components` prints. */
export function componentList(components: readonly ComponentSpec[]): string {
  const width = Math.max(...components.map(({ type }) => type.length));
  const kinds: readonly Kind[] = ['source', 'transform', 'sink'];
  const sections = kinds.map((kind) => {
    const specs = components.filter((spec) => spec.kind === kind);
    return [`${kind}s:`, ...specs.map(({ type, summary }) => `  ${type.padEnd(width)}  ${summary}`), ''];
  });
  return `${sections.flat().join('\n')}\n"kaudit-pipe components TYPE" shows the options of one\n`;
}

/** One component: its options with type, default and description, then an example. */
export function componentText({ kind, type, summary, config, example }: ComponentSpec): string {
  const options = allOptions(optionsOf(config));
  const width = Math.max(0, ...options.map(({ name }) => name.length));
  const lines = [
    `${kind} ${type}: ${summary}`,
    '',
    options.length === 0 ? 'It has no options of its own.' : 'options:',
  ];
  for (const option of options) {
    lines.push(`  ${option.name.padEnd(width)}  ${option.type}${presence(option)}`);
    if (option.description !== '') lines.push(`  ${' '.repeat(width)}  ${option.description}`);
  }
  lines.push('', `as in every ${kind}: ${commonNames(kind).join(', ')}`, '', 'example:');
  for (const line of example.trimEnd().split('\n')) lines.push(line === '' ? '' : `  ${line}`);
  return `${lines.join('\n')}\n`;
}

/** Options with those inside of them right behind, named `ignore.users`. */
function allOptions(options: readonly Option[], above = ''): readonly Option[] {
  return options.flatMap((option) => {
    const name = above + option.name;
    return [{ ...option, name }, ...allOptions(optionsOf(option.schema), `${name}.`)];
  });
}

function presence({ required, default: fallback }: Option): string {
  if (required) return ', required';
  if (fallback === undefined || isMap(fallback)) return '';
  return `, default ${typeof fallback === 'string' && fallback !== '' ? fallback : JSON.stringify(fallback)}`;
}

function commonNames(kind: Kind): readonly string[] {
  return optionsOf(commonOptions[kind]).map(({ name, schema }) => {
    const inner = optionsOf(schema).map((option) => option.name);
    return inner.length === 0 ? name : `${name} {${inner.join(', ')}}`;
  });
}
