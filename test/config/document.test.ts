import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import fc from 'fast-check';
import { stringify } from 'yaml';
import { readDocument } from '../../src/config/document.ts';
import { pathText } from '../../src/config/findings.ts';

const seed = 1812;

async function read(text: string, env: Record<string, string> = {}, directory = '/') {
  const document = await readDocument(text, { env, directory });
  const found = document.findings.map(
    ({ line, column, path, message }) => `${line}:${column} ${pathText(path)} ${message}`,
  );
  return { ...document, found };
}

test('points at what is not YAML, once a line', async (t) => {
  const first = async (text: string) => (await read(text)).found[0] ?? '';
  t.regex(await first('a:\n\tb: 1\n'), /^2:1 {2}a tab cannot indent, use spaces/);
  t.regex(await first('a: b: c\n'), /^1:4 {2}a key stands where a value belongs/);
  t.regex(await first('a: [1,\n'), /^\d:\d {2}not valid YAML: flow sequence/);
  t.regex(await first('a: "x\n'), /^\d:\d {2}not valid YAML: missing closing/);
  t.is((await read('- a\nb: 1\n')).found.length, 1);
  t.is((await read('a: [1,\n')).value, undefined);
});

test('asks for quotes around a text that begins with a character of YAML, and says nothing else', async (t) => {
  const message = (mark: string, text = mark) => `a text that begins with ${mark} needs quotes: "${text}"`;
  const cases: readonly (readonly [string, string])[] = [
    ['a:\n  b: >400\nc: 1\n', `2:6  ${message('>', '>400')}`],
    ['a:\n  b: >=400\nc: 1\n', `2:6  ${message('>', '>=400')}`],
    ['a: > 400 # high\n', `1:4  ${message('>', '> 400')}`],
    ['a:\n  - >400\n  - 401\n', `2:5  ${message('>', '>400')}`],
    ['a: [>400, 401]\n', `1:5  ${message('>', '>400')}`],
    ['a: |400\n', `1:4  ${message('|', '|400')}`],
    ['a: !403\n', `1:4  ${message('!', '!403')}`],
    ['a: [!403]\n', `1:5  ${message('!', '!403')}`],
    ['a: !secret x\n', `1:4  ${message('!', '!secret')}`],
    ['a: [*]\n', `1:5  ${message('*')}`],
    ['a:\n  - *\n  - b\n', `2:5  ${message('*')}`],
    ['a: @x\n', `1:4  ${message('@', '@x')}`],
    ['a: { b: %x }\n', `1:9  ${message('%', '%x')}`],
  ];
  for (const [text, expected] of cases) {
    const { found, value } = await read(text);
    t.deepEqual(found, [expected], text);
    t.is(value, undefined);
  }
  t.deepEqual((await read('a: >400\nb: !403\n')).found.length, 2);
  t.deepEqual((await read('a: >\n  folded\nb: |-\n  kept\nc: <500\n')).value, { a: 'folded\n', b: 'kept', c: '<500' });
});

test('says of a wrong indentation what is wrong, and nothing of the lines below', async (t) => {
  const beside = 'the indentation is wrong: the line stands neither under the entry above nor beside its dash';
  const found = async (text: string) => (await read(text)).found;
  t.deepEqual(await found('a:\n  - b: 1\n   c: 2\n  - d: 3\n   e: 4\n'), [`3:4  ${beside}`]);
  t.deepEqual(await found('a:\n  b: 1\n c: 2\n'), [
    '3:2  the indentation is wrong: no key above begins in this column',
  ]);
  t.deepEqual(await found('a:\n\tb: 1\n\tc: 2\n\t\td: 3\n'), ['2:1  a tab cannot indent, use spaces']);
  t.is((await found('a:\n   - b: 1\n  - c: 2\nd: 1\n')).length, 1);
});

test('a text that is nested without end is refused before anything else looks at it', async (t) => {
  const message = 'nested too deeply: more than 100 lists and maps inside of each other';
  const { found, value } = await read(`a: 1\nb: ${'['.repeat(20_000)}`);
  t.deepEqual(found, [`2:103  ${message}`]);
  t.is(value, undefined);
  t.deepEqual((await read('- '.repeat(20_000))).found, [`1:201  ${message}`]);
});

test('a key that stands twice is reported where it stands again', async (t) => {
  const { found, value } = await read('sinks:\n  - type: a\n    path: x\n    type: b\n');
  t.deepEqual(found, ['4:5 sinks[0].type the key is given twice, remove one of them']);
  t.not(value, undefined);
});

test('a second document is refused, with its place', async (t) => {
  const { found } = await read('a: 1\n---\nb: 2\n');
  t.deepEqual(found, ['2:1  a pipeline file holds one document, move what follows "---" to a file of its own']);
  t.deepEqual((await read('---\na: 1\n...\n')).found, []);
});

test('an empty file is named as such', async (t) => {
  for (const text of ['', '# nothing\n', '---\n', 'null\n']) {
    t.deepEqual(
      (await read(text)).found,
      ['1:1  the file is empty, a pipeline has a source and sinks'],
      JSON.stringify(text),
    );
  }
});

test('aliases repeat what they refer to, but not themselves and not without end', async (t) => {
  const { value } = await read('a: &x [1]\nb: *x\n');
  t.deepEqual(value, { a: [1], b: [1] });
  t.deepEqual((await read('a: &x\n  - *x\n')).found, ['2:5 a[0] the alias *x stands inside of what it refers to']);
  t.deepEqual((await read('a:\n  b: *nope\n')).found, [
    '2:6 a.b the alias *nope has no anchor &nope before it, a text needs quotes: "*nope"',
  ]);
  const levels = Array.from(
    { length: 9 },
    (_, level) => `a${level}: &a${level} [${Array(9).fill(level === 0 ? 'x' : `*a${level - 1}`)}]`,
  );
  t.regex((await read(levels.join('\n'))).found[0] ?? '', /excessive alias count/);
});

test('replaces placeholders in values only, and text stays text', async (t) => {
  const { value, found } = await read(`\${A}: \${A}\nb: ["\${N}", '\${N}']\nd: \${N}\nc: |\n  <\${A}>\n`, {
    A: 'x',
    N: '5',
  });
  t.deepEqual(found, []);
  t.deepEqual(
    value,
    Object.fromEntries([
      [`\${A}`, 'x'],
      ['b', ['5', '5']],
      ['d', '5'],
      ['c', '<x>\n'],
    ]),
  );
});

test('asks for quotes where YAML would take the brace of a placeholder for its own', async (t) => {
  const message = `a text with \${...} needs quotes inside of [ ] and { }`;
  t.deepEqual((await read(`a: { x: \${N}, y: 1 }\nb: 1\n`)).found, [`1:10  ${message}`]);
  t.deepEqual((await read(`a: [x-\${N:-b}]\n`)).found, [`1:8  ${message}`]);
});

test('points at a value whose placeholder cannot be replaced', async (t) => {
  const { found } = await read(`a:\n  - b\n  - c: "x \${NONE}"\n`);
  t.deepEqual(found, [`3:8 a[1].c environment variable NONE is not set, set it or write \${NONE:-default}`]);
});

test('keeps secrets out of what is shown, also behind an alias', async (t) => {
  const directory = await mkdtemp(join(tmpdir(), 'kaudit-document-'));
  t.teardown(() => rm(directory, { recursive: true, force: true }));
  await writeFile(join(directory, 'token'), 'hunter2\n');
  const { value, shown, secrets } = await read(`a: &t "Bearer \${file:token}"\nb: *t\n`, {}, directory);
  t.deepEqual(value, { a: 'Bearer hunter2', b: 'Bearer hunter2' });
  t.deepEqual(shown, { a: 'Bearer ***', b: 'Bearer ***' });
  t.deepEqual(secrets, ['hunter2']);
});

test('a place is that of the key, of the value, or of the nearest key above', async (t) => {
  const { place } = await read(
    'source: { type: x }\nsinks:\n  - type: file\n    path:\n    list: &l\n      - 1\n  - *l\n',
  );
  const at = (path: readonly PropertyKey[], part: 'key' | 'value') => {
    const { line, column } = place({ path, at: part, message: '' });
    return `${line}:${column}`;
  };
  t.is(at(['source', 'type'], 'key'), '1:11');
  t.is(at(['source', 'type'], 'value'), '1:17');
  t.is(at(['sinks', 0, 'type'], 'value'), '3:11');
  t.is(at(['sinks', 0, 'path'], 'value'), '4:5');
  t.is(at(['sinks', 0, 'none', 'deeper'], 'value'), '3:5');
  t.is(at(['sinks', 7], 'value'), '2:1');
  t.is(at(['sinks', 1], 'value'), '7:5');
  t.is(at(['sinks', 1, 0], 'value'), '6:9');
  t.is(at(['none'], 'key'), '1:1');
});

test('every value of any document is found at the place where its text stands', async (t) => {
  const leaf = fc.stringMatching(/^[a-z]{1,8}$/).map((word) => `v-${word}`);
  const key = fc.stringMatching(/^[a-z]{1,6}$/);
  const tree = fc.letrec((tie) => ({
    node: fc.oneof(
      { maxDepth: 4 },
      leaf,
      fc.array(tie('node'), { maxLength: 3 }),
      fc.dictionary(key, tie('node'), { maxKeys: 3 }),
    ),
  })).node;
  await fc.assert(
    fc.asyncProperty(fc.dictionary(key, tree, { minKeys: 1, maxKeys: 4 }), fc.boolean(), async (value, asJson) => {
      const text = asJson ? JSON.stringify(value, null, 2) : stringify(value, { aliasDuplicateObjects: false });
      const document = await readDocument(text, { env: {}, directory: '/' });
      t.deepEqual(document.value, JSON.parse(JSON.stringify(value)));
      const lines = text.split('\n');
      for (const { path, word } of leavesOf(value, [])) {
        const { line, column } = document.place({ path, at: 'value', message: '' });
        t.true(
          lines[line - 1]
            ?.slice(column - 1)
            .replace(/^"/, '')
            .startsWith(word),
          `${pathText(path)} in ${text}`,
        );
      }
    }),
    { seed, numRuns: 200 },
  );
});

function leavesOf(
  value: unknown,
  path: readonly PropertyKey[],
): readonly { path: readonly PropertyKey[]; word: string }[] {
  if (typeof value === 'string') return [{ path, word: value }];
  if (Array.isArray(value)) return value.flatMap((entry, index) => leavesOf(entry, [...path, index]));
  return Object.entries(value ?? {}).flatMap(([key, entry]) => leavesOf(entry, [...path, key]));
}
