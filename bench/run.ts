import { existsSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { cases } from './cases.ts';
import { parseSize } from './generate.ts';
import { type Row, table } from './report.ts';

/**
 * Measures the built program and prints the table of bench/RESULTS.md.
 *
 *     npm run bench                     all of it on 1 GB, and writes bench/RESULTS.md
 *     npm run bench -- --only mix       one case; repeatable
 *     npm run bench -- --size 4GB       with larger logs
 *     npm run bench -- --quick          fewer pairs; ends with 1 when a bar is missed by more than a factor of two
 */
const { values } = parseArgs({
  options: {
    size: { type: 'string' },
    quick: { type: 'boolean', default: false },
    only: { type: 'string', multiple: true, default: [] },
  },
});
const TOLERATED = values.quick ? 2 : Number.MAX_VALUE;
// Below this the start of the process, some 0.2 s, would be a third of what is measured.
const size = values.size ?? '1GB';
const setting = { bytes: parseSize(size), pairs: values.quick ? 3 : 5 };

const unknown = values.only.filter((name) => cases[name] === undefined);
if (unknown.length > 0) throw new Error(`no such case "${unknown[0]}": there are ${Object.keys(cases).join(', ')}`);
if (!existsSync(new URL('../dist/cli.js', import.meta.url)))
  throw new Error('dist/cli.js is missing: run `npm run build`');

const rows: Row[] = [];
for (const [name, measure] of Object.entries(cases)) {
  if (values.only.length > 0 && !values.only.includes(name)) continue;
  process.stderr.write(`${name} ...\n`);
  rows.push(...(await measure(setting)));
}

const args = process.argv.slice(2);
const report = [
  '# Measurements',
  '',
  'One process on generated logs in the page cache; user and system CPU of the whole process. A ratio is the median of',
  `${setting.pairs} pairs run in turn, as machines drift. The loop reads in chunks, cuts at newlines and parses every line.`,
  '',
  `- ${cpus().length} cores, ${cpus()[0]?.model ?? 'of an unknown model'}`,
  `- Node.js ${process.version}, ${process.platform} ${process.arch}`,
  `- \`npm run bench${args.length > 0 ? ` -- ${args.join(' ')}` : ''}\`, logs of ${size}`,
  '',
  table(rows),
  '',
].join('\n');
process.stdout.write(report);
if (!values.quick && values.only.length === 0) writeFileSync(new URL('RESULTS.md', import.meta.url), report);

const far = rows.filter(({ missedBy }) => missedBy !== undefined && missedBy > TOLERATED);
for (const { what, figure, bar } of far) process.stderr.write(`missed by far: ${what}: ${figure}, ${bar}\n`);
process.exitCode = far.length > 0 ? 1 : 0;
