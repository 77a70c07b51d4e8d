import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import fc from 'fast-check';
import { interpolate } from '../../src/config/interpolate.ts';

const surroundings = { env: { HOST: 'alpha', EMPTY: '', BRACED: '{x}', DOLLAR: '$' }, directory: '/' };
const seed = 99;

test('replaces variables, with a default where they are unset or empty', async (t) => {
  const text = async (source: string) => (await interpolate(source, surroundings)).text;
  t.is(await text(`http://\${HOST}:8080/`), 'http://alpha:8080/');
  t.is(await text(`\${HOST}\${HOST}`), 'alphaalpha');
  t.is(await text(`\${NONE:-beta}`), 'beta');
  t.is(await text(`\${EMPTY:-beta}`), 'beta');
  t.is(await text(`\${HOST:-beta}`), 'alpha');
  t.is(await text(`<\${EMPTY}>`), '<>');
  t.is(await text(`<\${NONE:-}>`), '<>');
  t.is(await text(`\${NONE:-a:-b c}`), 'a:-b c');
});

test('two dollars stand for a literal placeholder, and what a variable holds is not looked at again', async (t) => {
  t.is((await interpolate(`$\${HOST}`, surroundings)).text, `\${HOST}`);
  t.is((await interpolate('$HOST costs 5$', surroundings)).text, '$HOST costs 5$');
  const nested = await interpolate(`\${A}`, { env: { A: `\${HOST}` }, directory: '/' });
  t.is(nested.text, `\${HOST}`);
});

test('names a variable that is not set, and each thing that cannot be read', async (t) => {
  const { problems } = await interpolate(`\${NONE} \${A-B} \${A:-\${B}} \${} \${HOST`, surroundings);
  t.is(problems[0], `environment variable NONE is not set, set it or write \${NONE:-default}`);
  t.regex(problems[1] ?? '', /^"\$\{A-B\}" cannot be read, write/);
  t.regex(problems[2] ?? '', /^"\$\{A:-\$\{B\}" cannot be read/);
  t.regex(problems[3] ?? '', /^"\$\{\}" cannot be read/);
  t.regex(problems[4] ?? '', /^"\$\{HOST" has no closing brace/);
});

test('a secret loses one newline at its end and is shown as stars', async (t) => {
  const directory = await mkdtemp(join(tmpdir(), 'kaudit-secret-'));
  t.teardown(() => rm(directory, { recursive: true, force: true }));
  await writeFile(join(directory, 'token'), 'hunter2\n\n');
  await writeFile(join(directory, 'windows'), 'hunter3\r\n');
  await writeFile(join(directory, 'binary'), Buffer.from([0xff, 0xfe]));
  const one = await interpolate(`Bearer \${file:${directory}/token}`, surroundings);
  t.deepEqual(one, { text: 'Bearer hunter2\n', shown: 'Bearer ***', secrets: ['hunter2\n'], problems: [] });
  const relative = await interpolate(`\${file:windows}`, { env: {}, directory });
  t.is(relative.text, 'hunter3');
  const { problems } = await interpolate(`\${file:none}\${file:binary}`, { env: {}, directory });
  t.regex(problems[0] ?? '', /^cannot read the secret in .*none: no such file or directory$/);
  t.regex(problems[1] ?? '', /^cannot read the secret in .*binary: it is not UTF-8 text/);
});

test('what is shown reads back as the same text', async (t) => {
  const part = fc.constantFrom('$', '{', '}', '${', '$${', `\${HOST}`, `\${BRACED}`, `\${DOLLAR}`, 'a', ' ');
  await fc.assert(
    fc.asyncProperty(fc.array(part, { maxLength: 8 }), async (parts) => {
      const first = await interpolate(parts.join(''), surroundings);
      if (first.problems.length > 0) return;
      const again = await interpolate(first.shown, { env: {}, directory: '/' });
      t.deepEqual(again.problems, []);
      t.is(again.text, first.text);
    }),
    { seed, numRuns: 1000 },
  );
});
