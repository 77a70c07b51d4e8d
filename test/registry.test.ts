import { existsSync, readFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import test from 'ava';
import { parse } from 'yaml';
import { z } from 'zod';
import { components } from '../src/components.ts';
import type { ComponentSpec } from '../src/core/component.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const folders = { source: 'sources', transform: 'transforms', sink: 'sinks' } as const;

const nameOf = ({ kind, type }: ComponentSpec): string => `${kind} ${type}`;

interface Found {
  readonly file: string;
  readonly folder: string;
  readonly spec: ComponentSpec;
}

async function specsInFiles(): Promise<Found[]> {
  const found: Found[] = [];
  for (const folder of Object.values(folders)) {
    const entries = await readdir(join(root, 'src', folder), { recursive: true, withFileTypes: true });
    for (const entry of entries) {
      if (!entry.isFile() || !entry.name.endsWith('.ts')) continue;
      const file = join(entry.parentPath, entry.name);
      const { default: spec } = await import(file);
      if (spec?.kind !== undefined) found.push({ file, folder, spec });
    }
  }
  return found;
}

/** The path of every option of a JSON Schema that has no description. */
function undescribed(schema: unknown, path: string): string[] {
  if (Array.isArray(schema)) return schema.flatMap((part) => undescribed(part, path));
  if (typeof schema !== 'object' || schema === null) return [];
  const { properties, ...rest } = schema as { properties?: Record<string, { description?: string }> };
  const options = Object.entries(properties ?? {}).flatMap(([name, option]) => [
    ...(option.description ? [] : [`${path}.${name}`]),
    ...undescribed(option, `${path}.${name}`),
  ]);
  return [...options, ...Object.values(rest).flatMap((part) => undescribed(part, path))];
}

const optionsOf = (spec: ComponentSpec): Record<string, unknown> =>
  z.toJSONSchema(spec.config, { io: 'input', unrepresentable: 'any' });

test('the registry lists exactly the components that have a file', async (t) => {
  const found = await specsInFiles();
  t.true(found.length >= 6);
  t.deepEqual(components.map(nameOf).sort(), found.map(({ spec }) => nameOf(spec)).sort());
  for (const { spec } of found) t.true(components.includes(spec), nameOf(spec));
});

test('no two components of a kind share a type', (t) => {
  t.is(new Set(components.map(nameOf)).size, components.length);
});

test('a component lives in the folder of its kind, in a file named by its type', async (t) => {
  for (const { file, folder, spec } of await specsInFiles()) {
    t.is(basename(file), `${spec.type}.ts`);
    t.is(folder, folders[spec.kind]);
    t.is(file, join(root, 'src', folder, basename(file)));
  }
});

for (const spec of components) {
  const name = nameOf(spec);

  test(`${name}: every option has a description`, (t) => {
    t.deepEqual(undescribed(optionsOf(spec), spec.type), []);
  });

  test(`${name}: refuses an option it does not know`, (t) => {
    const { type, ...options } = parse(spec.example);
    t.false(spec.config.safeParse({ ...options, 'no-such-option': 1 }).success);
  });

  test(`${name}: its example names it and is valid`, (t) => {
    const { type, ...options } = parse(spec.example);
    t.is(type, spec.type);
    t.is(spec.config.safeParse(options).error, undefined);
  });

  test(`${name}: its summary is one sentence without a full stop`, (t) => {
    t.regex(spec.summary, /^[^\s.][^\n]*[^\s.]$/);
  });

  test(`${name}: has a test file and a page that names it and each of its options`, (t) => {
    t.true(existsSync(join(root, 'test', folders[spec.kind], `${spec.type}.test.ts`)));
    const page = readFileSync(join(root, 'docs', 'components', `${spec.type}.md`), 'utf8');
    t.true(page.startsWith(`# ${spec.type}\n`));
    t.regex(page, new RegExp(`^${spec.kind[0]?.toUpperCase()}${spec.kind.slice(1)}\\b`, 'm'));
    for (const option of Object.keys(optionsOf(spec).properties ?? {})) t.true(page.includes(`\`${option}\``), option);
  });
}
