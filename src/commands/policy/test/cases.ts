import type { Matcher } from '../../../audit/policy/match/compile.ts';
import type { MatchOptions } from '../../../audit/policy/match.ts';
import type { PlacedPolicy } from '../policy-file.ts';
import { decide, type Got, meets } from './got.ts';
import { reasonFor } from './reason.ts';
import type { Expectation, TestCase } from './schema.ts';
import { eachSubject, type Subject, SubjectError } from './subjects.ts';

export interface CaseResult {
  readonly name: string;
  readonly expected: Expectation;
  readonly passed: boolean;
  /** How many requests or events the case is about, and how many of them were decided otherwise. */
  readonly subjects: number;
  readonly failures: number;
  /** For the first one that failed, else for the first one. */
  readonly got: Got;
  /** Its line in the eventFile. */
  readonly line: number | undefined;
  /** Why the policy decides as it does; empty if it does as expected. */
  readonly why: string;
}

export interface CaseOptions extends MatchOptions {
  readonly placed: PlacedPolicy;
  readonly match: Matcher;
  readonly pathOf: (path: string) => string;
  /** Called with each rule that decided something, -1 for none. */
  readonly reached: (rule: number) => void;
}

/** Rejects with a SubjectError. */
export async function runCase(one: TestCase, options: CaseOptions): Promise<CaseResult> {
  const { placed, match, pathOf, reached, kubernetesVersion } = options;
  const told: { readonly subject: Subject; readonly got: Got }[] = [];
  let subjects = 0;
  let failures = 0;
  const look = (subject: Subject) => {
    const got = decide(match, subject);
    reached(got.rule);
    subjects++;
    const failed = !meets(one.expect, got);
    if (told.length === 0 || (failed && failures === 0)) told[0] = { subject, got };
    if (failed) failures++;
  };
  await eachSubject(one, { pathOf, look });
  const [first] = told;
  if (first === undefined) throw new SubjectError('name', 'is about nothing');
  const { subject, got } = first;
  const passed = failures === 0;
  return {
    name: one.name,
    expected: one.expect,
    passed,
    subjects,
    failures,
    got,
    line: subject.line,
    why: passed ? '' : reasonFor(one.expect, { subject, got, placed, kubernetesVersion }),
  };
}
