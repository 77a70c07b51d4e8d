import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import test from 'ava';
import fc from 'fast-check';
import { holds } from './support/property.ts';

const program = fileURLToPath(new URL('../bin/kaudit-pipe.js', import.meta.url));
const sample = readFileSync(new URL('../samples/events/audit.log', import.meta.url), 'utf8');
const lines = sample.trimEnd().split('\n');

const PIPELINE = `
source: { type: stdin }
sinks:
  - { type: file, path: out.ndjson, batch: { maxEvents: 20 } }
`;

/** Feeds numbered rounds of the sample until the process is killed, or to the end. */
async function run(folder: string, { rounds, killAfter }: { rounds: number; killAfter: number }) {
  const child = spawn(process.execPath, [program, '-c', 'p.yaml'], {
    cwd: folder,
    env: { ...process.env, KAUDIT_DATA_DIR: join(folder, 'data') },
    stdio: ['pipe', 'ignore', 'pipe'],
  });
  child.stdin.on('error', () => {});
  let errors = '';
  child.stderr.on('data', (chunk) => {
    errors += chunk;
  });
  const closed = once(child, 'close');
  let ended = false;
  void closed.then(() => {
    ended = true;
  });
  for (let round = 0; round < rounds && !ended; round++) {
    if (!child.stdin.write(sample)) await Promise.race([new Promise((go) => child.stdin.once('drain', go)), closed]);
    if (round * sample.length >= killAfter && existsSync(join(folder, 'out.ndjson'))) child.kill('SIGKILL');
  }
  child.stdin.end();
  await closed;
  return { code: child.exitCode, errors };
}

test('a file that kill -9 tore in the middle of a line holds whole lines again after the next start', async (t) => {
  t.timeout(600_000);
  const folder = mkdtempSync(join(tmpdir(), 'kaudit-crash-'));
  t.teardown(() => rmSync(folder, { recursive: true, force: true }));
  const known = new Set(lines);
  await holds(
    t,
    fc.asyncProperty(
      fc.integer({ min: 0, max: 40 * sample.length }),
      fc.nat({ max: 4000 }),
      async (killAfter, torn) => {
        rmSync(join(folder, 'out.ndjson'), { force: true });
        writeFileSync(join(folder, 'p.yaml'), PIPELINE);
        await run(folder, { rounds: 60, killAfter });
        const partial = (lines[torn % lines.length] as string).slice(0, torn % 700);
        writeFileSync(join(folder, 'out.ndjson'), partial, { flag: 'a' });
        const { code, errors } = await run(folder, { rounds: 1, killAfter: Infinity });
        t.is(code, 0, errors);
        const written = readFileSync(join(folder, 'out.ndjson'), 'utf8');
        t.true(written.endsWith('\n'));
        const found = written.trimEnd().split('\n');
        t.deepEqual(found.slice(-lines.length), lines);
        for (const line of found) t.true(known.has(line), line.slice(0, 200));
      },
    ),
    { runs: 25 },
  );
});
