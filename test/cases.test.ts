import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import test, { type ExecutionContext } from 'ava';

/** Runs every folder of test/cases through the real program; cases/README.md says what such a folder holds. */
const root = fileURLToPath(new URL('..', import.meta.url));
const program = join(root, 'bin', 'kaudit-pipe.js');
const cases = join(root, 'test', 'cases');
const maxAtOnce = 4;
const deadlineMs = 30_000;

const rejectFields = ['component', 'code', 'source', 'line', 'offset', 'raw', 'rawBase64', 'bytes', 'sha256'];
const known = new Set(['stdout.ndjson', 'stdout-lines.txt', 'stderr.txt', 'rejects.ndjson', 'exit', 'files']);

test('the program is built', (t) => {
  t.true(existsSync(join(root, 'dist', 'cli.js')), 'dist/cli.js is missing: run `npm run build`');
});

for (const entry of readdirSync(cases, { withFileTypes: true })) {
  if (entry.isDirectory()) test(entry.name, (t) => inTurn(() => runCase(t, join(cases, entry.name))));
}

async function runCase(t: ExecutionContext, folder: string): Promise<void> {
  const expected = join(folder, 'expected');
  const strange = (await readdir(expected)).filter((name) => !known.has(name));
  t.deepEqual(strange, [], `${basename(folder)}/expected holds files that nothing compares`);

  const top = await mkdtemp(join(tmpdir(), 'kaudit-case-'));
  try {
    const work = join(top, 'work');
    const dataDir = join(top, 'data');
    await mkdir(work);
    await cp(folder, work, { recursive: true, filter: (path) => path !== expected });
    const result = await execute(work, dataDir);

    const said = `\n--- stderr ---\n${result.stderr}`;
    const exit = Number(text(join(expected, 'exit')) ?? '0');
    t.is(result.exit, exit, `exit code${said}`);
    if (existsSync(join(expected, 'stdout-lines.txt'))) {
      t.deepEqual(
        missing(join(expected, 'stdout-lines.txt'), result.stdout.toString()),
        [],
        `stdout lacks these:\n${result.stdout}`,
      );
    } else {
      t.is(difference(bytes(join(expected, 'stdout.ndjson')), result.stdout), '', `stdout differs${said}`);
    }
    t.deepEqual(missing(join(expected, 'stderr.txt'), result.stderr), [], `stderr lacks these${said}`);
    t.deepEqual(
      await rejectsIn(top),
      rejects(text(join(expected, 'rejects.ndjson')) ?? '', work),
      `rejects differ${said}`,
    );
    for (const path of await filesIn(join(expected, 'files'))) {
      const name = relative(join(expected, 'files'), path);
      t.is(difference(bytes(path), bytes(join(work, name))), '', `${name} differs${said}`);
    }
  } finally {
    await rm(top, { recursive: true, force: true });
  }
}

interface Result {
  readonly exit: number | string | null;
  readonly stdout: Buffer;
  readonly stderr: string;
}

function execute(work: string, dataDir: string): Promise<Result> {
  const input = readdirSync(work).find((name) => name.startsWith('input'));
  const listed = text(join(work, 'args'));
  const args = listed?.split('\n').filter((line) => line !== '');
  const implied = existsSync(join(work, 'pipeline.yaml')) ? ['-c', 'pipeline.yaml'] : [];
  const child = spawn(process.execPath, [program, ...(args ?? implied)], {
    cwd: work,
    env: { PATH: process.env.PATH, HOME: work, KAUDIT_DATA_DIR: dataDir },
    timeout: deadlineMs,
    killSignal: 'SIGKILL',
  });
  const stdout: Buffer[] = [];
  const stderr: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => stdout.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => stderr.push(chunk));
  // A program that ends before it has read everything breaks the pipe; what it printed tells the rest.
  child.stdin.on('error', () => {});
  child.stdin.end(input === undefined ? undefined : readFileSync(join(work, input)));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) =>
      resolve({ exit: code ?? signal, stdout: Buffer.concat(stdout), stderr: Buffer.concat(stderr).toString() }),
    );
  });
}

/** The patterns of a file that no line of a text matches: a part of a line, or a regular expression between slashes. */
function missing(path: string, actual: string): string[] {
  const lines = actual.split('\n');
  const patterns = (text(path) ?? '').split('\n').filter((line) => line !== '');
  return patterns.filter((pattern) => {
    const expression = /^\/(?<source>.+)\/(?<flags>i?)$/.exec(pattern)?.groups;
    if (expression === undefined) return !lines.some((line) => line.includes(pattern));
    const regex = new RegExp(expression.source ?? '', expression.flags);
    return !lines.some((line) => regex.test(line));
  });
}

/** Empty when the bytes are the same; else the first line on which they are not. */
function difference(expected: Buffer, actual: Buffer): string {
  if (expected.equals(actual)) return '';
  const want = expected.toString('latin1').split('\n');
  const got = actual.toString('latin1').split('\n');
  const at = want.findIndex((line, index) => line !== got[index]);
  const line = at < 0 ? want.length : at;
  const show = (lines: readonly string[]): string =>
    lines[line] === undefined ? '(nothing)' : JSON.stringify(Buffer.from(lines[line], 'latin1').toString());
  return `first at line ${line + 1} of ${want.length - 1} expected and ${got.length - 1} actual\n- ${show(want)}\n+ ${show(got)}`;
}

async function rejectsIn(top: string): Promise<Reject[]> {
  const work = join(top, 'work');
  const files = (await filesIn(join(top, 'data'))).filter((path) => path.endsWith('.ndjson'));
  const chosen = join(work, 'rejects.ndjson');
  const texts = await Promise.all(
    [...files, chosen].filter((path) => existsSync(path)).map((path) => readFile(path, 'utf8')),
  );
  return rejects(texts.join(''), work);
}

/**
 * Reject entries in the order of the input, without what differs from run to run; a path is shown as seen from the
 * case's folder. What a later step rejects of a batch lies behind what an earlier one did: that order is not compared.
 */
function rejects(ndjson: string, work: string): Reject[] {
  const lines = ndjson.split('\n').filter((line) => line !== '');
  const entries = lines.map((line): Reject => {
    const entry: Reject = JSON.parse(line);
    const source = entry.source.startsWith('/') ? relative(work, entry.source) : entry.source;
    const compared = Object.entries(entry).filter(([key]) => rejectFields.includes(key));
    return { ...Object.fromEntries(compared), source, offset: entry.offset };
  });
  return entries.sort((a, b) => a.source.localeCompare(b.source) || a.offset - b.offset);
}

interface Reject {
  readonly source: string;
  readonly offset: number;
}

async function filesIn(folder: string): Promise<string[]> {
  if (!existsSync(folder)) return [];
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

function bytes(path: string): Buffer {
  return existsSync(path) ? readFileSync(path) : Buffer.alloc(0);
}

function text(path: string): string | undefined {
  return existsSync(path) ? readFileSync(path, 'utf8') : undefined;
}

let running = 0;
const waiting: (() => void)[] = [];

async function inTurn(run: () => Promise<void>): Promise<void> {
  if (running >= maxAtOnce) await new Promise<void>((resolve) => waiting.push(resolve));
  else running++;
  try {
    await run();
  } finally {
    const next = waiting.shift();
    if (next === undefined) running--;
    else next();
  }
}
