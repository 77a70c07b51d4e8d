import { spawn, spawnSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface Setting {
  /** Size of the large logs, in bytes. */
  readonly bytes: number;
  /** How often both sides of a comparison run. */
  readonly pairs: number;
}

/** A program and its arguments. */
export type Command = readonly string[];

/**
 * User and system CPU of the whole process, in seconds. With `stdin`, these files come through a pipe, not counted.
 * Standard output goes to a file: grep stops at the first match when it sees /dev/null.
 */
export function cpuSeconds(command: Command, { stdin = [] }: { stdin?: readonly string[] } = {}): number {
  const timed = `TIMEFORMAT='cpu %3U %3S'; time "$@"`;
  const piped = `files=("\${@:1:$FEED}"); shift "$FEED"; cat "\${files[@]}" | { ${timed}; }`;
  const script = stdin.length === 0 ? timed : piped;
  const folder = mkdtempSync(join(tmpdir(), 'kaudit-bench-'));
  const output = openSync(join(folder, 'stdout'), 'w');
  try {
    const { status, stderr } = spawnSync('bash', ['-o', 'pipefail', '-c', script, 'bench', ...stdin, ...command], {
      env: { ...process.env, FEED: String(stdin.length), LC_ALL: 'C' },
      encoding: 'utf8',
      stdio: ['ignore', output, 'pipe'],
    });
    const figures = /^cpu (?<user>[\d.]+) (?<system>[\d.]+)$/m.exec(stderr)?.groups;
    if (status !== 0 || figures === undefined) throw new Error(`${command.join(' ')} ended with ${status}: ${stderr}`);
    return Number(figures.user) + Number(figures.system);
  } finally {
    closeSync(output);
    rmSync(folder, { recursive: true });
  }
}

/** The most memory a process ever had, asked of the kernel every 20 ms. */
export function peakBytes([program = '', ...args]: Command): Promise<number> {
  const child = spawn(program, args, { stdio: 'ignore' });
  let peak = 0;
  const timer = setInterval(() => {
    peak = Math.max(peak, peakSoFar(child.pid ?? 0));
  }, 20);
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', (code) => {
      clearInterval(timer);
      if (code === 0) resolve(peak);
      else reject(new Error(`${program} ${args.join(' ')} ended with ${code}`));
    });
  });
}

function peakSoFar(pid: number): number {
  try {
    const kilobytes = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1];
    return Number(kilobytes ?? 0) * 1024;
  } catch {
    return 0;
  }
}

/** Time from the start of a command to its first output. */
export function firstOutputMs([program = '', ...args]: Command, input: string): Promise<number> {
  const start = performance.now();
  const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'ignore'] });
  let first: number | undefined;
  child.stdout.on('data', () => {
    first ??= performance.now() - start;
  });
  child.stdin.on('error', () => {});
  child.stdin.end(input);
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => {
      if (code === 0 && first !== undefined) resolve(first);
      else reject(new Error(`${program} ${args.join(' ')} ended with ${code} and without output`));
    });
  });
}

/** Runs both sides of a comparison in turn, so that a machine that slows down slows both. */
export function inPairs(count: number, first: () => number, second: () => number): (readonly [number, number])[] {
  return Array.from({ length: count }, () => [first(), second()] as const);
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const high = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? high : ((sorted[middle - 1] ?? high) + high) / 2;
}
