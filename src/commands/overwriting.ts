import { KauditError } from '../core/errors.ts';
import type { PipelinePlan } from '../pipeline/plan.ts';
import { fileSize, stdinSize } from '../sources/input/open.ts';
import { fileIdentity } from './file-identity.ts';

const STDIN = '/dev/stdin';
const STDOUT = '/dev/stdout';

/** A file that plans read or write, and as what: `the input`, `sink archive`. */
interface Use {
  readonly pipeline: string;
  readonly what: string;
  readonly path: string;
  readonly writes: boolean;
}

/** Two uses of one file that are in the way of each other. */
export interface Overwriting {
  /** Whose sink or rejects file it is. */
  readonly pipeline: string;
  readonly message: string;
}

/**
 * Refuses plans whose inputs are not there (a sink that empties its file must not get as far), that would write over
 * what they read, or two things into one file.
 */
export async function refuseOverwriting(
  plans: readonly PipelinePlan[],
  rejectsOf: (pipeline: string) => string,
): Promise<void> {
  for (const { path } of plans.flatMap(readsOf)) {
    if (path === STDIN) stdinSize();
    else await fileSize(path);
  }
  const found = await findOverwriting(plans, rejectsOf);
  if (found.length > 0) throw new KauditError('usage', found.map(({ message }) => message).join('\n'));
}

/**
 * Every file that plans would write over although they read it, or write two things into. Looks at the files behind
 * the names, those that will be made too: links, `..` and redirected standard input and output are seen. Devices and
 * pipes are never in the way. Neither opens nor makes anything; what cannot be looked at is taken by its name.
 */
export async function findOverwriting(
  plans: readonly PipelinePlan[],
  rejectsOf: (pipeline: string) => string,
): Promise<readonly Overwriting[]> {
  const uses = plans.flatMap((plan) => [...readsOf(plan), ...writesOf(plan, rejectsOf(plan.name))]);
  const identities = await Promise.all(uses.map(({ path }) => fileIdentity(path)));
  return uses.flatMap((use, index) => {
    const identity = identities[index];
    if (!use.writes || identity === undefined) return [];
    const other = uses.find((one, place) => {
      const toldAlready = one.writes && place <= index;
      return !toldAlready && identities[place] === identity && !(one.path === STDOUT && use.path === STDOUT);
    });
    if (other === undefined) return [];
    const whose = other.pipeline === use.pipeline ? '' : ` of ${other.pipeline}`;
    const message = `${use.what} would write to ${use.path}, which is ${other.what}${whose} too: name another file`;
    return [{ pipeline: use.pipeline, message }];
  });
}

function readsOf({ name, source }: PipelinePlan): readonly Use[] {
  const paths = source.spec.files?.(source.config) ?? [];
  return paths.map((path) => ({ pipeline: name, what: 'the input', path, writes: false }));
}

function writesOf({ name, sinks }: PipelinePlan, rejects: string): readonly Use[] {
  const writes = sinks.flatMap(({ name: sink, spec, config }) => {
    return (spec.files?.(config) ?? []).map((path) => ({ what: `sink ${sink}`, path }));
  });
  return [...writes, { what: 'the rejects file', path: rejects }].map((use) => ({
    ...use,
    pipeline: name,
    writes: true,
  }));
}
