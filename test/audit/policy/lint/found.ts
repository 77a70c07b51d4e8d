import type { Finding } from '../../../../src/audit/policy/lint/findings.ts';
import { lintPolicy } from '../../../../src/audit/policy/lint/lint.ts';
import { suggest } from '../../../../src/config/suggest.ts';

/** The findings of these rules, as YAML, in a policy that ends in a catch-all. */
export function found(rules: string): readonly Finding[] {
  const text = `apiVersion: audit.k8s.io/v1\nkind: Policy\nrules:\n${rules.replace(/\n?$/, '\n')}- level: Metadata\n`;
  return lintPolicy(text, { suggest });
}

/** `error verbs-nested` */
export function idsOf(rules: string): readonly string[] {
  return found(rules).map(({ severity, id }) => `${severity} ${id}`);
}
