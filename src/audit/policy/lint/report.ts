import type { Finding, Severity } from './findings.ts';

/** One policy file and what was found in it. */
export interface LintedFile {
  /** As it was named. */
  readonly file: string;
  readonly findings: readonly Finding[];
}

/** `policy.yaml:18:5 error verbs-nested: ...`, and indented below what to write instead. */
export function textReport(files: readonly LintedFile[]): string {
  return files
    .flatMap(({ file, findings }) =>
      findings.map(
        ({ line, column, severity, id, message, instead }) =>
          `${file}:${line}:${column} ${severity} ${id}: ${message}\n    instead: ${instead}\n`,
      ),
    )
    .join('');
}

/** `policy.yaml: 1 error, 2 warnings`, a line for each file. */
export function summary(files: readonly LintedFile[]): string {
  return files
    .map(({ file, findings }) => {
      const counts = SEVERITIES.map((severity) => [severity, countOf(findings, severity)] as const);
      const parts = counts
        .filter(([, count]) => count > 0)
        .map(([word, count]) => `${count} ${word}${count === 1 ? '' : 's'}`);
      return `${file}: ${parts.length === 0 ? 'nothing found' : parts.join(', ')}\n`;
    })
    .join('');
}

/** One JSON document: the findings of all files in one list, and how many there are of each severity. */
export function jsonReport(files: readonly LintedFile[]): string {
  const findings = files.flatMap(({ file, findings }) => findings.map((finding) => ({ file, ...finding })));
  const [errors, warnings, notes] = SEVERITIES.map((severity) => countOf(findings, severity));
  return `${JSON.stringify({ files: files.map(({ file }) => file), errors, warnings, notes, findings }, null, 2)}\n`;
}

const SEVERITIES: readonly Severity[] = ['error', 'warning', 'note'];

export function countOf(findings: readonly Finding[], severity: Severity): number {
  return findings.filter((finding) => finding.severity === severity).length;
}
