import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { dataDir } from './generate.ts';
import type { Command } from './measure.ts';

const program = fileURLToPath(new URL('../bin/kaudit-pipe.js', import.meta.url));
const loopScript = fileURLToPath(new URL('loop.ts', import.meta.url));
const loopOutput = join(dataDir, 'out-loop.log');
const ourOutput = join(dataDir, 'out-ours.log');

/** Where the two sides of a comparison write. */
export const outputs = { loop: loopOutput, ours: ourOutput } as const;

/** kaudit-pipe on files or standard input. */
export function ours(...args: string[]): Command {
  return [process.execPath, program, '--rejects', join(dataDir, 'out-rejects.ndjson'), ...args];
}

/** kaudit-pipe with a pipeline file. */
export function ourPipeline(path: string): Command {
  return [process.execPath, program, '--data-dir', join(dataDir, 'out-data'), '-c', path];
}

export const printVersion: Command = [process.execPath, program, '--version'];

export function loop(log: string): Command {
  return [process.execPath, loopScript, log, loopOutput];
}

/** Reads a file once, so that every run finds it in the page cache. */
export function cached(path: string): string {
  mkdirSync(dataDir, { recursive: true });
  spawnSync('cat', [path], { stdio: 'ignore' });
  return path;
}

export function areSame(first: string, second: string): boolean {
  return spawnSync('cmp', ['--silent', first, second]).status === 0;
}

export function linesIn(path: string): number {
  return Number(spawnSync('wc', ['-l', path], { encoding: 'utf8' }).stdout.split(' ')[0]);
}
