import { spawn } from 'node:child_process';
import { closeSync, existsSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import test, { type ExecutionContext } from 'ava';
import fc from 'fast-check';
import { holds } from '../support/property.ts';
import { gzipped, readableOf } from './input/gzip/damage.ts';
import { tempFolder } from './inputs.ts';
import { REAL_EVENTS } from './mixed-input.ts';

const program = fileURLToPath(new URL('../../src/cli.ts', import.meta.url));
const log = `${REAL_EVENTS.slice(0, 40).join('\n')}\n`;
const packed = gzipped(log);

interface Run {
  readonly exit: number | null;
  readonly delivered: string;
  readonly rejected: readonly { readonly raw: string; readonly code: string }[];
  readonly said: string;
}

/** Runs the program over all events of an input. */
async function run(t: ExecutionContext, args: readonly string[], stdin: number | 'ignore' = 'ignore'): Promise<Run> {
  const cwd = tempFolder(t);
  const rejects = join(cwd, 'rejects.ndjson');
  const command = ['--no-warnings', program, '--all', '--rejects', rejects, ...args];
  const child = spawn(process.execPath, command, { cwd, stdio: [stdin, 'pipe', 'pipe'], timeout: 30_000 });
  const exit = new Promise<number | null>((resolve) => child.on('close', resolve));
  const [delivered, said] = await Promise.all([child.stdout, child.stderr].map((stream) => text(stream as never)));
  const lines = existsSync(rejects) ? readFileSync(rejects, 'utf8').trimEnd().split('\n') : [];
  const rejected = lines.map((line) => JSON.parse(line) as Run['rejected'][number]);
  return { exit: await exit, delivered: delivered as string, rejected, said: said as string };
}

function fileWith(t: ExecutionContext, bytes: Buffer): string {
  const path = join(tempFolder(t), 'audit.log.gz');
  writeFileSync(path, bytes);
  return path;
}

test('every byte of a log that was cut off is delivered or rejected, and the run fails', async (t) => {
  const length = fc.integer({ min: packed.length - 200, max: packed.length - 1 });
  const property = fc.asyncProperty(length, fc.boolean(), async (length, piped) => {
    const path = fileWith(t, packed.subarray(0, length));
    const fd = openSync(path, 'r');
    const { exit, delivered, rejected, said } = await run(t, piped ? [] : [path], piped ? fd : 'ignore');
    closeSync(fd);
    const { output } = readableOf(packed.subarray(0, length));
    const torn = rejected.map(({ raw, code }) => `${code} ${raw}`).join();
    const whole = output.lastIndexOf('\n') + 1;
    t.is(delivered, output.subarray(0, whole).toString());
    t.is(torn, whole === output.length ? '' : `torn-line ${output.subarray(whole)}`);
    t.is(exit, 1);
    t.true(said.includes(`cannot unpack ${piped ? 'stdin' : path}: cut off at byte ${length}, `), said);
  });
  await holds(t, property, { runs: 4 });
});

/** The log with one byte changed in its second half, so that zlib objects to it before anything wrong is unpacked. */
function damagedLog() {
  for (let at = packed.length >> 1; at < packed.length - 8; at++) {
    const damaged = Buffer.from(packed);
    damaged[at] = ~(damaged[at] as number);
    const { output, faultAt } = readableOf(damaged);
    if (faultAt !== undefined && log.startsWith(output.toString())) return { damaged, output, faultAt };
  }
  throw new Error('no change of a byte is noticed at once');
}

test('what stands in front of damage is delivered or rejected, and the run fails', async (t) => {
  const { damaged, output, faultAt } = damagedLog();
  const path = fileWith(t, damaged);
  const { exit, delivered, rejected, said } = await run(t, [path]);
  const whole = output.lastIndexOf('\n') + 1;
  t.is(delivered, output.subarray(0, whole).toString());
  t.is(rejected.map(({ raw, code }) => `${code} ${raw}`).join(), `torn-line ${output.subarray(whole)}`);
  t.is(exit, 1);
  t.true(said.includes(`cannot unpack ${path}: damaged at byte ${faultAt} (`), said);
});

test('a standard input that is a directory starts nothing', async (t) => {
  const folder = tempFolder(t);
  const output = join(folder, 'kept.ndjson');
  writeFileSync(output, 'kept\n');
  const fd = openSync(folder, 'r');
  const { exit, said } = await run(t, ['--output', output], fd);
  closeSync(fd);
  t.is(said, 'kaudit-pipe: error: cannot read stdin: it is a directory, name the files in it\n');
  t.is(exit, 2);
  t.is(readFileSync(output, 'utf8'), 'kept\n');
});
