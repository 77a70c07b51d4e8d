import { Coverage } from '../../audit/policy/coverage.ts';
import { showProgress } from '../progress.ts';
import { coverageJson } from './coverage-json.ts';
import { coverageText } from './coverage-text.ts';
import { type LookOptions, lookThrough, type PolicyIo } from './look-through.ts';
import { createOutput } from './output.ts';

export interface CoverageOptions extends LookOptions {
  /** Default: text. */
  readonly format?: 'text' | 'json';
  /** How many users, verbs and resources are named for each rule; default 3, in json 10. */
  readonly top?: string;
}

/**
 * `kaudit-pipe policy coverage --policy P [FILE...]`: what each rule of the policy does to the events of these files,
 * and what the policy saves. The exit codes are those of `explain`; what could be read is reported in any case.
 */
export async function coverage(files: readonly string[], options: CoverageOptions, io: PolicyIo): Promise<number> {
  const { format = 'text', top = format === 'text' ? '3' : '10' } = options;
  if (!/^\d{1,4}$/.test(top)) {
    io.stderr.write(`--top: "${top}" is not a number, write for example 5\n`);
    return 2;
  }
  return await lookThrough(files, options, {
    stderr: io.stderr,
    look: async ({ placed, batches, progress, leaveOut }) => {
      const covered = new Coverage(placed.policy, options);
      const endProgress = showProgress(io.stderr as NodeJS.WriteStream, () => {
        const { events, written } = covered.total;
        return { ...progress(), read: events, kept: written };
      });
      try {
        for await (const events of batches()) {
          for (const event of events) {
            try {
              covered.add(event);
            } catch (error) {
              leaveOut(event, error);
            }
          }
        }
      } finally {
        endProgress();
        const output = createOutput(io.stdout);
        const report = format === 'text' ? coverageText : coverageJson;
        output.add(report(covered, placed, Number(top)));
        await output.flush();
      }
    },
  });
}
