import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer, text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import test from 'ava';
import fc from 'fast-check';
import { holds } from '../support/property.ts';

/**
 * The program as a whole against what kube-apiserver v1.36 itself would have written: one full recording, and for each
 * policy the lines of its log backend.
 */
const fixtures = fileURLToPath(new URL('../fixtures/policy/', import.meta.url));
const program = fileURLToPath(new URL('../../src/cli.ts', import.meta.url));
const recording = readFileSync(join(fixtures, 'events.jsonl'));

interface Ended {
  readonly stdout: Buffer;
  readonly stderr: string;
}

/** Runs `stdin -> parse -> policy-match -> stdout` over these pieces of input. */
async function shipped(policy: string, pieces: readonly Buffer[]): Promise<Ended> {
  const folder = await mkdtemp(join(tmpdir(), 'kaudit-written-'));
  try {
    const path = join(fixtures, 'policies', `${policy}.yaml`);
    const pipeline = { source: { type: 'stdin' }, transforms: [{ type: 'policy-match', policy: path }] };
    await writeFile(join(folder, 'pipe.yaml'), JSON.stringify({ ...pipeline, sinks: [{ type: 'stdout' }] }));
    const env = { PATH: process.env.PATH, HOME: folder, KAUDIT_DATA_DIR: join(folder, 'data') };
    const child = spawn(process.execPath, ['--no-warnings', program, '-c', 'pipe.yaml'], { cwd: folder, env });
    const [stdout, stderr] = await Promise.all([buffer(child.stdout), text(child.stderr), feed(child, pieces)]);
    return { stdout, stderr };
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** Writes each piece once the pipe has taken the one before. */
async function feed({ stdin }: ChildProcess, pieces: readonly Buffer[]): Promise<void> {
  for (const piece of pieces) await new Promise((resolve) => stdin?.write(piece, resolve));
  stdin?.end();
}

for (const policy of ['docs', 'podsec', 'tricky1-subresource-globs']) {
  const expected = readFileSync(join(fixtures, 'written', `${policy}.jsonl`));

  test(`writes what kube-apiserver would have written under ${policy}.yaml, byte for byte`, async (t) => {
    const { stdout, stderr } = await shipped(policy, [recording]);
    t.true(stdout.equals(expected), `${stdout.length} bytes, expected ${expected.length}\n${stderr}`);
    const lines = expected.toString('latin1').split('\n').length - 1;
    t.regex(
      stderr,
      new RegExp(`rules\\): read 929 .* policy-dropped ${929 - lines} .* delivered ${lines} .* buffered 0`),
    );
  });
}

test('it does not matter where the input is cut', async (t) => {
  const expected = readFileSync(join(fixtures, 'written', 'tricky1-subresource-globs.jsonl'));
  const cuts = fc.array(fc.nat(recording.length), { minLength: 1, maxLength: 40 });
  await holds(
    t,
    fc.asyncProperty(cuts, async (cuts) => {
      const ends = [...cuts.sort((a, b) => a - b), recording.length];
      const pieces = ends.map((end, index) => recording.subarray(index === 0 ? 0 : ends[index - 1], end));
      const { stdout, stderr } = await shipped('tricky1-subresource-globs', pieces);
      t.true(stdout.equals(expected), stderr);
    }),
    { runs: 4 },
  );
});
