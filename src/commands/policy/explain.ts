import { explainBy } from '../../audit/policy/explain.ts';
import { type LookOptions, lookThrough, type PolicyIo } from './look-through.ts';
import { createOutput } from './output.ts';
import { verdictJson, verdictText } from './verdict.ts';

export interface ExplainOptions extends LookOptions {
  /** Default: text on a terminal, else json. */
  readonly format?: 'text' | 'json';
}

/**
 * `kaudit-pipe policy explain --policy P [FILE...]`: for each event of these files what the policy decides, and why.
 * 0: all were explained, or the reader of the output left; 1: an input could not be read to its end, or held records
 * that are no whole audit events, which are named on stderr; 2: nothing was explained.
 */
export async function explain(files: readonly string[], options: ExplainOptions, io: PolicyIo): Promise<number> {
  const format = options.format ?? (io.stdout.isTTY ? 'text' : 'json');
  const describe = format === 'text' ? verdictText : verdictJson;
  return await lookThrough(files, options, {
    stderr: io.stderr,
    look: async ({ placed, batches, leaveOut }) => {
      const decide = explainBy(placed.policy, options);
      const output = createOutput(io.stdout);
      for await (const events of batches()) {
        for (const event of events) {
          try {
            output.add(describe(event, decide(event), placed));
          } catch (error) {
            leaveOut(event, error);
          }
          if (output.isFull) await output.flush();
        }
        await output.flush();
        if (output.closed) break;
      }
    },
  });
}
