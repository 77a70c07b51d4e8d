import { PolicyError } from '../../audit/policy/load.ts';
import type { Policy } from '../../audit/policy/policy.ts';
import type { Clock } from '../../core/clock.ts';
import { KauditError, messageOf } from '../../core/errors.ts';
import type { Log } from '../../core/log.ts';
import { explainReadError } from '../../core/system-errors.ts';
import { watchFile } from '../../core/watched-file.ts';
import { differenceOf } from './difference.ts';
import { policyOfFile, rulesText } from './policy-text.ts';

/** The policy in a file, which may be replaced at any time. */
export interface FollowedPolicy {
  /** Loads it and calls `use`. Rejects with kube-apiserver's text if it does not load, unless there is a `previous`. */
  open(): Promise<void>;
  /** Ends the watch at once. */
  close(): void;
}

export interface FollowOptions {
  /** Called with each policy that comes into force. */
  readonly use: (policy: Policy) => void;
  /** The policy that was in force in an earlier run: used on if the file does not load any more. */
  readonly previous?: Policy | undefined;
  /** Whose policy it is, in messages. */
  readonly owner: string;
  readonly log: Log;
  readonly clock?: Clock | undefined;
}

/** A version that does not load changes nothing, and that is said once for each; so is the end of such a state. */
export function followFile(path: string, { use, previous, owner, log, clock }: FollowOptions): FollowedPolicy {
  const name = `${owner}: policy ${path}`;
  let current = previous;
  let refused = false;

  const warn = (warnings: readonly string[]) => {
    for (const warning of warnings) log.warn(`${name}: ${warning}`);
  };
  const load = (content: Buffer): Policy => {
    try {
      const { policy, warnings } = policyOfFile(content, path);
      warn(warnings);
      return policy;
    } catch (error) {
      if (error instanceof PolicyError) warn(error.warnings);
      throw error;
    }
  };
  const takeOver = (policy: Policy) => {
    current = policy;
    use(policy);
  };
  const refuse = (inForce: Policy, error: unknown) => {
    refused = true;
    log.warn(`${name} does not load, the one before stays in force (${rulesText(inForce)}): ${messageOf(error)}`);
  };
  const replace = (before: Policy, content: Buffer) => {
    try {
      takeOver(load(content));
    } catch (error) {
      refuse(before, error);
      return;
    }
    log.info(`${name} ${refused ? 'is in order again' : 'changed'}: ${differenceOf(before, current ?? before)}`);
    refused = false;
  };

  const watch = watchFile(path, {
    changed: (content) => {
      if (current !== undefined) replace(current, content);
    },
    lost: (error) =>
      log.warn(`${name} cannot be read any more, what was read stays in force: ${explainReadError(error)}`),
    back: () => log.info(`${name} can be read again`),
    ...(clock === undefined ? {} : { clock }),
  });

  return {
    async open() {
      const content = await watch.open().catch((cause) => {
        throw new KauditError('config', `cannot read the policy ${path}: ${explainReadError(cause)}`, { cause });
      });
      try {
        takeOver(load(content));
      } catch (error) {
        if (current === undefined) throw error;
        refuse(current, error);
        takeOver(current);
      }
    },
    close: () => watch.close(),
  };
}
