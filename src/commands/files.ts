import { planOf } from '../config/load.ts';
import { ConfigError, KauditError } from '../core/errors.ts';
import type { PipelinePlan } from '../pipeline/plan.ts';
import file from '../sinks/file.ts';
import stdout from '../sinks/stdout.ts';
import filesSource from '../sources/files.ts';
import stdin from '../sources/stdin.ts';
import forbidden from '../transforms/forbidden.ts';
import parse from '../transforms/parse.ts';

/** The options of a run over files and standard input. */
export interface FilesOptions {
  readonly files: readonly string[];
  readonly all?: boolean;
  readonly codes?: string;
  readonly preset?: string;
  readonly stages?: string;
  readonly output?: string;
  readonly rejects?: string;
  readonly format?: 'json' | 'text';
}

/** What these pipelines are made of: nothing else is loaded for them. */
const components = [stdin, filesSource, parse, forbidden, stdout, file];

/** A file is read faster than it can be waited for each of its chunks: a few hundred writes become a few. */
const BATCH = { maxEvents: 10_000, maxBytes: '4MiB', maxWait: '20ms' };

/**
 * The built-in pipeline: files or stdin → parse → forbidden → stdout or a file. It waits for a slow reader as long as
 * that takes, and repeats no write: what cannot be written ends the run.
 */
export function filesPlan(options: FilesOptions, { onTerminal }: { readonly onTerminal: boolean }): PipelinePlan {
  const { files, all = false, codes, preset, stages, output } = options;
  const rule = defined({ codes, preset, stages: stages?.split(',').map((stage) => stage.trim()) });
  if (all && Object.keys(rule).length > 0) {
    throw new KauditError('usage', `--all passes everything: leave it out, or --${Object.keys(rule)[0]}`);
  }
  const toFile = output !== undefined && output !== '-';
  const format = options.format ?? (onTerminal && !toFile ? 'text' : 'json');
  const sink = toFile ? { type: 'file', path: output, truncate: true, sync: 'end' } : { type: 'stdout' };
  const pipeline = {
    source: files.length === 0 ? { type: 'stdin' } : { type: 'files', paths: files },
    transforms: all ? [] : [{ type: 'forbidden', ...rule }],
    sinks: [{ ...sink, format, batch: BATCH, timeout: '1d', retry: { maxElapsed: '0s' } }],
  };
  try {
    return planOf(pipeline, { components, origin: 'kaudit-pipe' });
  } catch (error) {
    if (error instanceof ConfigError) throw new KauditError('usage', error.problems.map(asOption).join('\n'));
    throw error;
  }
}

/** `transforms[0].codes` was given as `--codes`. */
function asOption({ path, message }: { readonly path: string; readonly message: string }): string {
  const option = /\.(codes|preset|stages|format)\b/.exec(path)?.[1];
  if (option !== undefined) return `--${option}: ${message}`;
  return path.startsWith('sinks') ? `--output: ${message}` : `${path}: ${message}`;
}

function defined<T extends object>(options: T): Partial<T> {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as Partial<T>;
}
