import { join } from 'node:path';
import { type LoadOptions, loadPlans } from '../config/load.ts';
import { dataDirOf } from '../core/data-dir.ts';
import { ConfigError, formatProblem, KauditError, messageOf, OutputClosedError } from '../core/errors.ts';
import { type Log, stderrLog } from '../core/log.ts';
import { parseDuration } from '../core/units.ts';
import { deadLetterFile } from '../delivery/dead-letter-file.ts';
import type { PipelinePlan } from '../pipeline/plan.ts';
import { createSupervisor, type SupervisorEnv } from '../pipeline/supervisor.ts';
import { type FilesOptions, filesPlan } from './files.ts';
import { refuseOverwriting } from './overwriting.ts';
import { showProgress, standingOf } from './progress.ts';
import { onSignals } from './signals.ts';
import { summaryLines } from './summary.ts';

export interface RunIo extends LoadOptions {
  readonly stdout: NodeJS.WriteStream;
  readonly stderr: NodeJS.WriteStream;
}

const TERMINAL_HINT =
  'reading audit events from the terminal, Ctrl-D ends them; kaudit-pipe --help tells what else to do';

interface CommonOptions {
  readonly dataDir?: string;
  /** A duration. */
  readonly grace: string;
}

/**
 * `kaudit-pipe [FILES...]`: one run over inputs that end. 0: done, rejected records included, which are kept; 1: the
 * output or the rejects could not be written, or an input not be read to its end; 2: nothing was started; 130 and 143:
 * interrupted before the input ended. Takes no lock, and never waits for a destination to heal.
 */
export async function runFiles(options: FilesOptions & CommonOptions, io: RunIo): Promise<number> {
  const log = stderrLog();
  const dataDir = dataDirOf(options.dataDir, io.env);
  const rejects = options.rejects ?? join(dataDir, 'rejects.ndjson');
  try {
    const graceMs = graceOf(options.grace);
    if (options.rejects === '') throw new KauditError('usage', '--rejects: must not be empty');
    if (options.files.length === 0 && process.stdin.isTTY) log.info(TERMINAL_HINT);
    const plan = filesPlan(options, { components: io.components, onTerminal: io.stdout.isTTY });
    const env: SupervisorEnv = {
      dataDir,
      log,
      undelivered: 'fail',
      restart: false,
      deadLetterFor: ({ name }) => deadLetterFile({ path: rejects, pipeline: name, onFailure: 'fail', log }),
    };
    const { interrupted, failed } = await run([plan], env, { graceMs, stderr: io.stderr, rejectsOf: () => rejects });
    return interrupted ?? (failed ? 1 : 0);
  } catch (error) {
    return refuse(error, log);
  }
}

/**
 * `kaudit-pipe run -c FILE`: pipelines until their inputs end or a signal comes. 0: everything read is safe, also
 * after a signal; 1: it is not; 2: nothing was started.
 */
export async function runPipelines(
  options: CommonOptions & Partial<FilesOptions> & { readonly config: readonly string[] },
  io: RunIo,
): Promise<number> {
  const log = stderrLog();
  const dataDir = dataDirOf(options.dataDir, io.env);
  const rejectsOf = (name: string) => join(dataDir, name, 'rejects.ndjson');
  try {
    refuseBeside(options);
    const graceMs = graceOf(options.grace);
    const plans = await loadPlans(options.config, io);
    const env: SupervisorEnv = {
      dataDir,
      log,
      deadLetterFor: ({ name }) => deadLetterFile({ path: rejectsOf(name), pipeline: name, onFailure: 'wait', log }),
    };
    const { failed } = await run(plans, env, { graceMs, stderr: io.stderr, rejectsOf });
    return failed ? 1 : 0;
  } catch (error) {
    return refuse(error, log);
  }
}

/** What a pipeline file decides cannot be given beside it. */
function refuseBeside(options: Partial<FilesOptions>): void {
  const { files = [] } = options;
  if (files.length > 0) throw new KauditError('usage', `-c and the file ${files[0]}: name it in the pipeline's source`);
  for (const option of ['all', 'codes', 'preset', 'stages', 'output', 'rejects', 'format'] as const) {
    if (options[option] === undefined) continue;
    throw new KauditError('usage', `-c and --${option}: write it into the pipeline file instead`);
  }
}

interface Outcome {
  /** The exit code of the signal that ended the run before the input did. */
  readonly interrupted: number | undefined;
  readonly failed: boolean;
}

/** Runs plans to their end and prints what became of every event. Throws when nothing was started. */
async function run(
  plans: readonly PipelinePlan[],
  env: SupervisorEnv,
  around: {
    readonly graceMs: number;
    readonly stderr: NodeJS.WriteStream;
    readonly rejectsOf: (pipeline: string) => string;
  },
): Promise<Outcome> {
  const { log } = env;
  await refuseOverwriting(plans, around.rejectsOf);
  const supervisor = createSupervisor(env);
  let interrupted: number | undefined;
  let safe: Promise<boolean> | undefined;
  const stopListening = onSignals((code, { urgent }) => {
    interrupted ??= code;
    safe = supervisor.stop(urgent ? 0 : around.graceMs);
  });
  const endProgress = showProgress(around.stderr, () => standingOf(supervisor.status()));
  let started = false;
  let failure: unknown;
  try {
    await supervisor.apply(plans);
    started = true;
    await supervisor.done;
  } catch (error) {
    failure = error;
  } finally {
    endProgress();
    stopListening();
  }
  if (failure !== undefined && !started) throw failure;
  const onlyOutput = plans.length === 1 && plans[0]?.sinks.length === 1;
  if (failure instanceof OutputClosedError && onlyOutput) return { interrupted: undefined, failed: false };
  if (failure !== undefined && interrupted === undefined) log.error(messageOf(failure));
  for (const line of summaryLines(plans, supervisor.status(), around.rejectsOf)) log.info(line);
  return { interrupted, failed: failure !== undefined || (await safe) === false };
}

/** Nothing was started: says why, and what the exit code is. */
function refuse(error: unknown, log: Log): number {
  if (error instanceof ConfigError) {
    for (const problem of error.problems) process.stderr.write(`${formatProblem(problem)}\n`);
    return 2;
  }
  log.error(messageOf(error));
  return isConfiguration(error) ? 2 : 1;
}

function isConfiguration(error: unknown): boolean {
  return error instanceof KauditError && ['config', 'usage', 'source-open'].includes(error.code);
}

function graceOf(text: string): number {
  const ms = parseDuration(text);
  if (ms === undefined) throw new KauditError('usage', `--grace: "${text}" is not a duration, write for example 30s`);
  return ms;
}
