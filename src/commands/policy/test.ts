import { readFile } from 'node:fs/promises';
import { dirname, isAbsolute, join } from 'node:path';
import { compilePolicy } from '../../audit/policy/match/compile.ts';
import { ConfigError, formatProblem, KauditError, type Problem } from '../../core/errors.ts';
import { explainReadError } from '../../core/system-errors.ts';
import { placesOf } from '../../transforms/policy-match/places.ts';
import { policyOfValue } from '../../transforms/policy-match/policy-text.ts';
import type { PolicyIo } from './look-through.ts';
import { type PlacedPolicy, readPolicyFile, warningLines } from './policy-file.ts';
import { type CaseResult, runCase } from './test/cases.ts';
import { type Place, readTestDocument, type TestDocument } from './test/document.ts';
import { type FileResult, jsonReport, summary, textReport } from './test/report.ts';
import { SubjectError } from './test/subjects.ts';

/**
 * `kaudit-pipe policy test FILE...`: whether policies decide as these files expect. 0: they do; 1: a case failed; 2: a
 * file has problems, which are all printed, and no result is.
 */
export async function test(
  files: readonly string[],
  { format = 'text' }: { readonly format?: 'text' | 'json' },
  { stdout, stderr }: PolicyIo,
): Promise<number> {
  const results: FileResult[] = [];
  const problems: Problem[] = [];
  for (const file of files) {
    try {
      const result = await testFile(file);
      stderr.write(warningLines(result.placed));
      results.push(result);
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
      problems.push(...error.problems);
    }
  }
  for (const problem of problems) stderr.write(`${formatProblem(problem)}\n`);
  if (problems.length > 0) return 2;
  stdout.write(format === 'json' ? jsonReport(results) : textReport(results));
  if (format === 'text') stderr.write(summary(results));
  return results.every(({ cases }) => cases.every(({ passed }) => passed)) ? 0 : 1;
}

/** Throws a ConfigError with all problems of the file. */
async function testFile(file: string): Promise<FileResult> {
  const document = readTestDocument(file, await textOf(file));
  const { kubernetesVersion, cases } = document.value;
  const placed = await policyOf(document);
  const match = compilePolicy(placed.policy, { kubernetesVersion });
  const reached = new Set<number>();
  const problems: Problem[] = [];
  const results: (CaseResult & { place: Place })[] = [];
  for (const [index, one] of cases.entries()) {
    try {
      const result = await runCase(one, {
        placed,
        match,
        kubernetesVersion,
        pathOf: (path) => besides(file, path),
        reached: (rule) => reached.add(rule),
      });
      results.push({ ...result, place: document.place(['cases', index]) });
    } catch (error) {
      if (!(error instanceof SubjectError)) throw error;
      problems.push(document.problem(['cases', index, error.key], error.message));
    }
  }
  if (problems.length > 0) throw new ConfigError(problems);
  const unreached = (placed.policy.rules ?? []).flatMap((_, rule) => (reached.has(rule) ? [] : [rule]));
  return { file, placed, cases: results, unreached };
}

/** A path that is named in a file is relative to that file. */
function besides(file: string, path: string): string {
  return isAbsolute(path) ? path : join(dirname(file), path);
}

async function textOf(file: string): Promise<string> {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(await readFile(file));
  } catch (error) {
    const message = error instanceof TypeError ? 'is not UTF-8 text' : `cannot be read: ${explainReadError(error)}`;
    throw new ConfigError([{ file, path: '', message }]);
  }
}

async function policyOf(document: TestDocument): Promise<PlacedPolicy> {
  const { file, value } = document;
  if (typeof value.policy === 'string') {
    try {
      return await readPolicyFile(besides(file, value.policy));
    } catch (error) {
      if (!(error instanceof KauditError)) throw error;
      throw new ConfigError([document.problem(['policy'], error.message)]);
    }
  }
  try {
    const { policy, warnings } = policyOfValue(value.policy);
    const lines = (policy.rules ?? []).map((_, index) => document.place(['policy', 'rules', index]).line);
    return { file, policy, lines, warnings };
  } catch (error) {
    if (!(error instanceof KauditError)) throw error;
    const problems = placesOf(error.message).map(({ path, message }) => document.problem(['policy', ...path], message));
    throw new ConfigError(problems);
  }
}
