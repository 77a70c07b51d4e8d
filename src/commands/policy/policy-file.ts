import { readFile } from 'node:fs/promises';
import { ruleLines } from '../../audit/policy/explain/rule-lines.ts';
import type { Policy } from '../../audit/policy/policy.ts';
import { KauditError } from '../../core/errors.ts';
import { explainReadError } from '../../core/system-errors.ts';
import { policyOfFile } from '../../transforms/policy-match/policy-text.ts';

/** A policy that a command works with, and where it stands. */
export interface PlacedPolicy {
  /** As it was named. */
  readonly file: string;
  readonly policy: Policy;
  /** The line of each rule; empty where it is not known. */
  readonly lines: readonly number[];
  /** What kube-apiserver would log about it. */
  readonly warnings: readonly string[];
}

/** Throws a KauditError with code `config`: with kube-apiserver's text if it refuses the policy. */
export async function readPolicyFile(file: string): Promise<PlacedPolicy> {
  const content = await readFile(file).catch((cause: unknown) => {
    throw new KauditError('config', `cannot read the policy ${file}: ${explainReadError(cause)}`, { cause });
  });
  const { policy, warnings } = policyOfFile(content, file);
  return { file, policy, warnings, lines: ruleLines(content) };
}

/** `rule 3 (line 21)`, `no rule` */
export function ruleName({ lines }: Pick<PlacedPolicy, 'lines'>, rule: number): string {
  if (rule < 0) return 'no rule';
  const line = lines[rule];
  return line === undefined ? `rule ${rule}` : `rule ${rule} (line ${line})`;
}

/** What kube-apiserver would log about a policy, a line each. */
export function warningLines({ file, warnings }: PlacedPolicy): string {
  return warnings.map((warning) => `${file}: ${warning}\n`).join('');
}
