import { isatty } from 'node:tty';
import type { Progress } from '../../core/component.ts';
import { EventError, KauditError } from '../../core/errors.ts';
import type { AuditEvent } from '../../core/event.ts';
import { type PlacedPolicy, readPolicyFile, warningLines } from './policy-file.ts';
import { readEvents } from './read-events.ts';
import { Refusals } from './refusals.ts';

/** Where a command prints. */
export interface PolicyIo {
  readonly stdout: NodeJS.WritableStream & { readonly isTTY?: boolean };
  readonly stderr: NodeJS.WritableStream & { readonly isTTY?: boolean };
}

/** A policy, and the events that it is asked about. */
export interface Look {
  readonly placed: PlacedPolicy;
  /** Throws as `EventReader.batches` does. */
  readonly batches: () => AsyncGenerator<readonly AuditEvent[]>;
  readonly progress: () => Progress;
  /** For an event on which `decide` threw: an EventError leaves it out as a record that is no event, the rest is thrown. */
  readonly leaveOut: (event: AuditEvent, thrown: unknown) => void;
}

export interface LookOptions {
  /** Path of the policy. */
  readonly policy: string;
  readonly kubernetesVersion?: string;
}

/**
 * Reads a policy, opens the inputs and lets `look` at them. Returns the exit code: 0; 1 if an input could not be read to
 * its end, or held records that are no whole audit events, which are named on stderr; 2 if `look` was not called.
 */
export async function lookThrough(
  files: readonly string[],
  { policy, kubernetesVersion }: LookOptions,
  { stderr, look }: Pick<PolicyIo, 'stderr'> & { readonly look: (over: Look) => Promise<void> },
): Promise<number> {
  const refusals = new Refusals(stderr);
  const reader = readEvents(files, refusals.add);
  const fail = (error: unknown, code: number): number => {
    if (!(error instanceof KauditError)) throw error;
    stderr.write(`${error.message}\n`);
    return code;
  };
  let placed: PlacedPolicy;
  try {
    checkVersion(kubernetesVersion);
    placed = await readPolicyFile(policy);
    await reader.open();
  } catch (error) {
    return fail(error, 2);
  }
  stderr.write(warningLines(placed));
  if (files.length === 0 && isatty(0)) stderr.write(TERMINAL_HINT);
  const leaveOut = (event: AuditEvent, error: unknown) => {
    if (!(error instanceof EventError)) throw error;
    refusals.add({ event, component: 'policy', error });
  };
  let code = 0;
  try {
    await look({ placed, batches: () => reader.batches(), progress: () => reader.progress(), leaveOut });
  } catch (error) {
    code = fail(error, 1);
  }
  refusals.finish(reader.progress());
  return refusals.count > 0 ? 1 : code;
}

const TERMINAL_HINT = 'reading audit events from the terminal, Ctrl-D ends them\n';
const VERSION = /^v?1\.\d{1,3}(\.\d{1,3})?$/;

function checkVersion(version: string | undefined): void {
  if (version === undefined || VERSION.test(version)) return;
  throw new KauditError('usage', `--kubernetes-version: "${version}" is not a version, write for example 1.33`);
}
