import { quoted } from '../../../audit/policy/explain/why-text.ts';
import { type PlacedPolicy, ruleName } from '../policy-file.ts';
import type { CaseResult } from './cases.ts';
import type { Place } from './document.ts';
import type { Got } from './got.ts';
import type { Expectation } from './schema.ts';

/** What became of the cases of one file. */
export interface FileResult {
  readonly file: string;
  readonly placed: PlacedPolicy;
  readonly cases: readonly (CaseResult & { readonly place: Place })[];
  /** Rules that decided nothing in any case. */
  readonly unreached: readonly number[];
}

/** A line for each failed case: `audit-test.yaml:12:5 "name": expected ..., got ... (...)`. */
export function textReport(files: readonly FileResult[]): string {
  return files
    .flatMap(({ file, placed, cases }) =>
      cases
        .filter(({ passed }) => !passed)
        .map(({ place, name, expected, got, why, ...rest }) => {
          const reason = why === '' ? '' : ` (${why})`;
          const title = `${file}:${place.line}:${place.column} ${quoted(name)}`;
          return `${title}: expected ${expectedText(expected)}, got ${gotText(got, { expected, placed })}${reason}${whichText(rest)}\n`;
        }),
    )
    .join('');
}

/** A line for each file: `audit-test.yaml: 12 cases, 11 passed, 1 failed; no case reaches rule 5 (line 44)`. */
export function summary(files: readonly FileResult[]): string {
  return files
    .map(({ file, placed, cases, unreached }) => {
      const passed = cases.filter((one) => one.passed).length;
      const count = `${cases.length} ${cases.length === 1 ? 'case' : 'cases'}`;
      const idle = unreached.length === 0 ? '' : `; no case reaches ${namesOf(unreached, placed)}`;
      return `${file}: ${count}, ${passed} passed, ${cases.length - passed} failed${idle}\n`;
    })
    .join('');
}

/** One JSON document: the cases of all files in one list. */
export function jsonReport(files: readonly FileResult[]): string {
  const results = files.flatMap(({ file, placed, cases }) =>
    cases.map(({ place, got, line, ...rest }) => ({
      file,
      ...place,
      ...rest,
      got: { ...got, ruleLine: placed.lines[got.rule] ?? null, ...(line === undefined ? {} : { eventLine: line }) },
    })),
  );
  const failed = results.filter(({ passed }) => !passed).length;
  const report = {
    files: files.map(({ file, placed, unreached }) => ({ file, policy: placed.file, unreached })),
    cases: results.length,
    passed: results.length - failed,
    failed,
    results,
  };
  return `${JSON.stringify(report, null, 2)}\n`;
}

const MAX_NAMED = 8;

function namesOf(rules: readonly number[], placed: PlacedPolicy): string {
  const names = rules.slice(0, MAX_NAMED).map((rule) => ruleName(placed, rule));
  return rules.length > MAX_NAMED ? `${names.join(', ')} and ${rules.length - MAX_NAMED} more` : names.join(', ');
}

function expectedText({ level, drop, rule, omitManagedFields }: Expectation): string {
  const parts: string[] = [];
  if (level !== undefined) parts.push(`level ${level}`);
  if (drop !== undefined) parts.push(drop ? 'dropped' : 'written');
  if (rule !== undefined) parts.push(rule === 'none' ? 'no rule' : `rule ${rule}`);
  if (omitManagedFields !== undefined) parts.push(managedText(omitManagedFields));
  return parts.join(', ');
}

function gotText(
  got: Got,
  { expected, placed }: { readonly expected: Expectation; readonly placed: PlacedPolicy },
): string {
  const outcome = got.outcome === 'drop-stage' ? `${got.level} dropped for its stage` : `level ${got.level}`;
  const managed = expected.omitManagedFields === undefined ? '' : `, ${managedText(got.omitManagedFields)}`;
  return `${outcome} by ${ruleName(placed, got.rule)}${managed}`;
}

function managedText(omit: boolean): string {
  return omit ? 'managedFields omitted' : 'managedFields kept';
}

/** Which of the events of a file. */
function whichText({ subjects, failures, line }: Pick<CaseResult, 'subjects' | 'failures' | 'line'>): string {
  if (line === undefined) return '';
  return `; so for ${failures} of ${subjects} events, the first in line ${line}`;
}
