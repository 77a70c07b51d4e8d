import { join } from 'node:path';
import { type LoadOptions, loadPlans } from '../config/load.ts';
import { dataDirOf } from '../core/data-dir.ts';
import { KauditError, messageOf, OutputClosedError } from '../core/errors.ts';
import { logTo } from '../core/log.ts';
import { parseDuration } from '../core/units.ts';
import type { PipelinePlan } from '../pipeline/plan.ts';
import { createSupervisor, type SupervisorEnv } from '../pipeline/supervisor.ts';
import { type FilesOptions, filesPlan } from './files.ts';
import { refuseOverwriting } from './overwriting.ts';
import { showProgress, standingOf } from './progress.ts';
import { noPipelineFile, refuse } from './refuse.ts';
import { type RejectsFiles, rejectsFiles, rejectsPath } from './rejects.ts';
import { onSignals } from './signals.ts';
import { summaryOf } from './summary.ts';

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
export async function runFiles(options: FilesOptions & CommonOptions, io: Omit<RunIo, 'components'>): Promise<number> {
  const log = logTo(io.stderr);
  const dataDir = dataDirOf(options.dataDir, io.env);
  const path = options.rejects ?? join(dataDir, 'rejects.ndjson');
  try {
    const graceMs = graceOf(options.grace);
    if (options.rejects === '') throw new KauditError('usage', '--rejects: must not be empty');
    if (options.files.length === 0 && process.stdin.isTTY) log.info(TERMINAL_HINT);
    const plan = filesPlan(options, { onTerminal: io.stdout.isTTY });
    const rejects = rejectsFiles(() => path, { onFailure: 'fail', log });
    const env: SupervisorEnv = {
      dataDir,
      log,
      undelivered: 'fail',
      restart: false,
      deadLetterFor: ({ name }) => rejects.deadLetterFor(name),
    };
    const { interrupted, failed } = await run([plan], env, { graceMs, stderr: io.stderr, rejects });
    return interrupted ?? (failed ? 1 : 0);
  } catch (error) {
    return refuse(error, io.stderr);
  }
}

/**
 * `kaudit-pipe run -c FILE`: pipelines until their inputs end or a signal comes. 0: everything read is delivered,
 * dropped by a rule or, if it was no event, kept; also after a signal. 1: something is not, or it was kept because its
 * destination did not take it. 2: nothing was started.
 */
export async function runPipelines(
  options: CommonOptions & Partial<FilesOptions> & { readonly config: readonly string[] },
  io: RunIo,
): Promise<number> {
  const log = logTo(io.stderr);
  const dataDir = dataDirOf(options.dataDir, io.env);
  try {
    if (options.config.length === 0) throw noPipelineFile('run');
    refuseBeside(options);
    const graceMs = graceOf(options.grace);
    const plans = await loadPlans(options.config, io);
    const rejects = rejectsFiles((name) => rejectsPath(dataDir, name), { onFailure: 'wait', log });
    const env: SupervisorEnv = { dataDir, log, deadLetterFor: ({ name }) => rejects.deadLetterFor(name) };
    const { failed } = await run(plans, env, { graceMs, stderr: io.stderr, rejects });
    return failed ? 1 : 0;
  } catch (error) {
    return refuse(error, io.stderr);
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
  /** Something that was read is not delivered. */
  readonly failed: boolean;
}

/** Runs plans to their end and prints what became of every event. Throws when nothing was started. */
async function run(
  plans: readonly PipelinePlan[],
  env: SupervisorEnv,
  around: { readonly graceMs: number; readonly stderr: NodeJS.WriteStream; readonly rejects: RejectsFiles },
): Promise<Outcome> {
  const { log } = env;
  const { graceMs, stderr, rejects } = around;
  await refuseOverwriting(plans, rejects.pathOf);
  const supervisor = createSupervisor(env);
  let interrupted: number | undefined;
  let safe: Promise<boolean> | undefined;
  const stopListening = onSignals((code, { urgent }) => {
    interrupted ??= code;
    safe = supervisor.stop(urgent ? 0 : graceMs);
  });
  const endProgress = showProgress(stderr, () => standingOf(supervisor.status()));
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
  const { lines, undelivered } = summaryOf(plans, supervisor.status(), rejects.of);
  for (const line of lines) log.info(line);
  for (const line of undelivered) log.error(line);
  const unsafe = failure !== undefined || (await safe) === false;
  return { interrupted, failed: unsafe || undelivered.length > 0 };
}

function graceOf(text: string): number {
  const ms = parseDuration(text);
  if (ms === undefined) throw new KauditError('usage', `--grace: "${text}" is not a duration, write for example 30s`);
  return ms;
}
