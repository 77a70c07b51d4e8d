import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import test from 'ava';
import { components } from '../src/components.ts';
import { loadPlans } from '../src/config/load.ts';

const root = fileURLToPath(new URL('..', import.meta.url));

function filesIn(folder: string, ending: RegExp): string[] {
  const entries = readdirSync(join(root, folder), { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && ending.test(entry.name))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)))
    .sort();
}

const pages = [
  ...readdirSync(root).filter((name) => name.endsWith('.md')),
  ...filesIn('docs', /\.md$/),
  ...filesIn('samples', /\.md$/),
];
const read = (page: string): string => readFileSync(join(root, page), 'utf8');

/** Fenced blocks in YAML that are whole pipelines. */
function pipelinesOf(page: string): string[] {
  const blocks = [...read(page).matchAll(/^(?<indent> *)```ya?ml\n(?<text>[\s\S]*?)^ *```$/gm)].map(({ groups }) =>
    (groups?.text ?? '').replaceAll(new RegExp(`^${groups?.indent ?? ''}`, 'gm'), ''),
  );
  return blocks.filter((block) => /^sinks:/m.test(block));
}

async function load(file: string): Promise<string> {
  try {
    const plans = await loadPlans([file], { components, env: {} });
    return `${plans.length} pipeline`;
  } catch (error) {
    return String(error);
  }
}

test('there are pipelines to load', (t) => {
  t.true(filesIn('pipelines', /\.ya?ml$/).length > 2);
});

for (const file of filesIn('pipelines', /\.ya?ml$/)) {
  test(`${file} is a valid pipeline`, async (t) => {
    t.is(await load(join(root, file)), '1 pipeline');
  });

  test(`${file} begins with a comment that says what it is for and how to run it`, (t) => {
    const header = read(file).slice(0, read(file).search(/^[^#\n]/m));
    t.regex(header, /^# [A-Z]/);
    t.true(header.includes(`kaudit-pipe -c ${file}`));
  });
}

for (const page of pages) {
  for (const [index, text] of pipelinesOf(page).entries()) {
    test(`pipeline ${index + 1} of ${page} is valid`, async (t) => {
      const folder = await mkdtemp(join(tmpdir(), 'kaudit-example-'));
      try {
        await writeFile(join(folder, 'example.yaml'), text);
        t.is(await load(join(folder, 'example.yaml')), '1 pipeline', text);
      } finally {
        await rm(folder, { recursive: true });
      }
    });
  }
}

test('every relative link leads to a file, and to a heading where it names one', (t) => {
  for (const page of pages) {
    const prose = read(page).replaceAll(/^ *```[\s\S]*?^ *```$/gm, '');
    for (const { groups } of prose.matchAll(/\]\((?<target>[^)\s]+)\)/g)) {
      const target = groups?.target ?? '';
      if (/^[a-z]+:/.test(target)) continue;
      const [path = '', anchor] = target.split('#');
      const file = path === '' ? join(root, page) : join(root, dirname(page), path);
      t.true(existsSync(file), `${page}: ${target}`);
      if (anchor !== undefined && existsSync(file)) t.true(anchorsOf(file).includes(anchor), `${page}: ${target}`);
    }
  }
});

function anchorsOf(file: string): string[] {
  const headings = readFileSync(file, 'utf8').matchAll(/^#+ (?<heading>.+)$/gm);
  return [...headings].map(({ groups }) =>
    (groups?.heading ?? '')
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
      .replaceAll(' ', '-'),
  );
}
