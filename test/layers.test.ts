import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import test from 'ava';

const BELOW = ['pipeline', 'delivery', 'sources', 'transforms', 'sinks', 'formats', 'audit', 'core'];

/**
 * Which parts of src each part may import, itself aside: docs/architecture.md, as a table. The loose files count as
 * parts. A part that is not listed is refused, so that its place is decided when it is made.
 */
const PARTS: Readonly<Record<string, readonly string[]>> = {
  core: [],
  audit: ['core'],
  formats: ['audit', 'core'],
  sources: ['audit', 'formats', 'core'],
  transforms: ['audit', 'formats', 'core'],
  sinks: ['audit', 'formats', 'core'],
  delivery: ['core'],
  pipeline: ['delivery', 'core'],
  policy: ['audit', 'core'],
  components: ['sources', 'transforms', 'sinks', 'core'],
  config: BELOW,
  commands: ['config', 'components', ...BELOW],
  cli: ['commands', 'config', 'components', ...BELOW],
};
const COMPONENTS = ['sources', 'transforms', 'sinks'];
const MAX_LINES = 300;

const src = fileURLToPath(new URL('../src', import.meta.url));
const files = readdirSync(src, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
  .map((entry) => relative(src, join(entry.parentPath, entry.name)))
  .sort();
const texts = new Map(files.map((file) => [file, readFileSync(join(src, file), 'utf8')]));
const imports = new Map(
  files.map((file) => [file, importsOf(texts.get(file) ?? '').flatMap((path) => inside(file, path))]),
);

test('imports point one way', (t) => {
  const wrong = files.flatMap((file) =>
    (imports.get(file) ?? []).flatMap((target) => {
      const [from, to] = [partOf(file), partOf(target)];
      return from === to || PARTS[from]?.includes(to) ? [] : [`${file} imports ${target}`];
    }),
  );
  t.deepEqual(wrong, []);
});

test('every part has its place', (t) => {
  const parts = new Set(files.map(partOf));
  t.deepEqual(
    [...parts].filter((part) => PARTS[part] === undefined),
    [],
  );
});

test('imports stay inside src and name files that exist', (t) => {
  const strange = files.flatMap((file) =>
    (imports.get(file) ?? []).filter((target) => !texts.has(target)).map((target) => `${file} imports ${target}`),
  );
  t.deepEqual(strange, []);
});

test('no file imports itself by way of others', (t) => {
  t.deepEqual(cycleIn(imports), []);
});

test('default exports are for component specs', (t) => {
  const wrong = files.filter((file) => /^export (default\b|\{[^}]*\bas default\b)/m.test(texts.get(file) ?? ''));
  t.deepEqual(
    wrong.filter((file) => !COMPONENTS.includes(partOf(file))),
    [],
  );
});

test('every component is a default export', (t) => {
  const wrong = files.filter((file) => isSpec(file) && !/^export default\b/m.test(texts.get(file) ?? ''));
  t.deepEqual(wrong, []);
});

test(`no file is longer than ${MAX_LINES} lines`, (t) => {
  const long = [...texts].map(([file, text]) => [file, text.split('\n').length - 1] as const);
  t.deepEqual(
    long.filter(([, lines]) => lines > MAX_LINES),
    [],
  );
});

test('there are files to look at, and imports in them', (t) => {
  t.true(files.length > 20);
  t.true([...imports.values()].flat().length > files.length);
});

test('every form of import is seen, and nothing else', (t) => {
  const text = [
    `import { a } from './one.ts';`,
    `import type { B } from "./two.ts";`,
    `import {\n  c,\n  type D,\n} from './three.ts';`,
    `import './four.ts';`,
    `export { e } from './five.ts';`,
    `export * from './six.ts';`,
    `const g = await import('./seven.ts');`,
    `type H = import('./eight.ts').H;`,
    `const text = "from './nine.ts'";`,
    `export const from = 'ten';`,
    `// import './eleven.ts';`,
  ].join('\n');
  const numbers = ['one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight'];
  t.deepEqual(importsOf(text).sort(), numbers.map((number) => `./${number}.ts`).sort());
});

test('a cycle is found', (t) => {
  const graph = { a: ['b', 'c'], b: ['c'], c: ['d'], d: ['b'], e: [] };
  t.deepEqual(cycleIn(new Map(Object.entries(graph))), ['b', 'c', 'd', 'b']);
  t.deepEqual(cycleIn(new Map(Object.entries({ ...graph, d: [] }))), []);
});

function importsOf(text: string): string[] {
  const code = text.replace(/^\s*(\/\/|\/?\*).*$/gm, '');
  const forms = [
    /^(?:import|export)\b[^;'"=()]*?\bfrom\s*(['"])(?<path>[^'"]+)\1/gm,
    /^import\s*(['"])(?<path>[^'"]+)\1/gm,
    /\bimport\(\s*(['"])(?<path>[^'"]+)\1/g,
  ];
  return forms.flatMap((form) => [...code.matchAll(form)].map((match) => match.groups?.path ?? ''));
}

/** A relative import as a path below src; nothing for a package. */
function inside(file: string, path: string): string[] {
  return path.startsWith('.') ? [join(dirname(file), path)] : [];
}

/** The folder, or the name of a file that lies in src itself. */
function partOf(file: string): string {
  return (file.split('/')[0] ?? '').replace(/\.ts$/, '');
}

/** `sinks/file.ts` is a component; what lies deeper belongs to one. */
function isSpec(file: string): boolean {
  return COMPONENTS.includes(dirname(file));
}

function cycleIn(graph: ReadonlyMap<string, readonly string[]>): string[] {
  const done = new Set<string>();
  const visit = (node: string, path: readonly string[]): string[] => {
    if (path.includes(node)) return [...path.slice(path.indexOf(node)), node];
    if (done.has(node)) return [];
    for (const next of graph.get(node) ?? []) {
      const cycle = visit(next, [...path, node]);
      if (cycle.length > 0) return cycle;
    }
    done.add(node);
    return [];
  };
  return [...graph.keys()].map((node) => visit(node, [])).find((cycle) => cycle.length > 0) ?? [];
}
