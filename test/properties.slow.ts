import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import test from 'ava';

const root = fileURLToPath(new URL('..', import.meta.url));
const ava = fileURLToPath(new URL('../node_modules/ava/entrypoints/cli.js', import.meta.url));

/** How many times as many random cases as in `npm test`. */
const FACTOR = '5';

const suites = globSync('test/**/*.test.ts', { cwd: root }).filter((file) =>
  /from '(\.\.\/)+support\/property\.ts'/.test(readFileSync(`${root}/${file}`, 'utf8')),
);

test(`every property holds for ${FACTOR} times as many cases`, async (t) => {
  t.timeout(900_000);
  t.true(suites.length > 5, 'finds the files with properties');
  const env = { ...process.env, KAUDIT_RUNS: FACTOR };
  const child = spawn(process.execPath, [ava, '--timeout=10m', ...suites], { cwd: root, env });
  let output = '';
  child.stdout.on('data', (chunk) => {
    output += chunk;
  });
  child.stderr.on('data', (chunk) => {
    output += chunk;
  });
  const [code] = await once(child, 'close');
  t.is(code, 0, output.slice(-20_000));
});
