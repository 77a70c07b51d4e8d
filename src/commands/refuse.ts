import { ConfigError, formatProblem, KauditError, messageOf } from '../core/errors.ts';
import { logTo, type TextOutput } from '../core/log.ts';

/**
 * Says why nothing was started, and returns the exit code: 2 for what the user can write differently, else 1. Problems
 * of pipeline files begin with their place and nothing else, as editors and terminals expect it.
 */
export function refuse(error: unknown, stderr: TextOutput): number {
  if (error instanceof ConfigError) {
    stderr.write(error.problems.map((problem) => `${formatProblem(problem)}\n`).join(''));
    return 2;
  }
  logTo(stderr).error(messageOf(error));
  return error instanceof KauditError && ['config', 'usage', 'source-open'].includes(error.code) ? 2 : 1;
}

/** What a command that takes pipeline files says when it got none. */
export function noPipelineFile(command: string): KauditError {
  return new KauditError('usage', `name a pipeline file or a folder of them: kaudit-pipe ${command} FILE`);
}
