import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { KauditError } from '../core/errors.ts';
import type { PipelinePlan } from '../pipeline/plan.ts';
import { fileSize } from '../sources/input/open.ts';

/** A file that a run reads or writes, and as what: `the input`, `sink archive`. */
interface Use {
  readonly what: string;
  readonly path: string;
  readonly writes: boolean;
}

const STDIN = '/dev/stdin';
const STDOUT = '/dev/stdout';

/**
 * Refuses plans whose inputs are not there (a sink that empties its file must not get as far), that would write over
 * what they read, or two things into one file. Looks at the files behind the
 * names, so that links, redirected standard input and output are seen too; devices and pipes are never in the way.
 */
export async function refuseOverwriting(
  plans: readonly PipelinePlan[],
  rejectsOf: (pipeline: string) => string,
): Promise<void> {
  const uses = plans.flatMap((plan) => usesOf(plan, rejectsOf(plan.name)));
  for (const { path, writes } of uses) if (!writes && path !== STDIN) await fileSize(path);
  const identities = await Promise.all(uses.map(({ path }) => identityOf(path)));
  for (const [index, use] of uses.entries()) {
    const identity = identities[index];
    if (!use.writes || identity === undefined) continue;
    const other = uses.find((one, place) => one !== use && identities[place] === identity && !shareStdout(one, use));
    if (other === undefined) continue;
    throw new KauditError(
      'usage',
      `${use.what} would write to ${use.path}, which is ${other.what} too: name another file`,
    );
  }
}

function usesOf(plan: PipelinePlan, rejects: string): readonly Use[] {
  const { source, sinks } = plan;
  const reads = source.spec.files?.(source.config) ?? [];
  return [
    ...reads.map((path) => ({ what: 'the input', path, writes: false })),
    ...sinks.flatMap(({ name, spec, config }) => {
      return (spec.files?.(config) ?? []).map((path) => ({ what: `sink ${name}`, path, writes: true }));
    }),
    { what: 'the rejects file', path: rejects, writes: true },
  ];
}

/** Sinks on standard output take turns. */
function shareStdout(one: Use, other: Use): boolean {
  return one.path === STDOUT && other.path === STDOUT;
}

async function identityOf(path: string): Promise<string | undefined> {
  const status = await stat(path).catch(() => undefined);
  if (status === undefined) return resolve(path);
  return status.isFile() ? `${status.dev}:${status.ino}` : undefined;
}
