import { type LoadedPolicy, loadPolicyWithWarnings, PolicyError } from '../../audit/policy/load.ts';
import type { Policy } from '../../audit/policy/policy.ts';
import { messageOf } from '../../core/errors.ts';

/** Loads what a file holds. Throws with kube-apiserver's text, which ends in the file's path. */
export function policyOfFile(content: Uint8Array, path: string): LoadedPolicy {
  try {
    return loadPolicyWithWarnings(content);
  } catch (error) {
    const warnings = error instanceof PolicyError ? error.warnings : [];
    throw new PolicyError(`${messageOf(error)}: from file ${path}`, warnings, { cause: error });
  }
}

/** Loads a policy that stands in a pipeline file, where it has become plain values. Throws with kube-apiserver's text. */
export function policyOfValue(value: unknown): LoadedPolicy {
  return loadPolicyWithWarnings(JSON.stringify(value));
}

/** `9 rules` */
export function rulesText(policy: Policy): string {
  const count = policy.rules?.length ?? 0;
  return `${count} ${count === 1 ? 'rule' : 'rules'}`;
}
