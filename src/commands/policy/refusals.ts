import type { Rejected } from '../../core/dead-letter.ts';

/** Every record is named up to here; beyond that they are only counted. */
const MAX_NAMED = 100;

/** Names on stderr, with their reasons, the records that are left out. */
export class Refusals {
  count = 0;
  private readonly stderr: NodeJS.WritableStream;

  constructor(stderr: NodeJS.WritableStream) {
    this.stderr = stderr;
  }

  readonly add = ({ event, error }: Rejected): void => {
    this.count++;
    if (this.count > MAX_NAMED) return;
    const { source, line } = event.origin;
    this.stderr.write(`${source}:${line} left out: ${error.message}\n`);
  };

  /** What there is to say in the end. */
  finish({ truncated }: { readonly truncated: number }): void {
    if (this.count > MAX_NAMED) this.stderr.write(`${this.count - MAX_NAMED} more records were left out\n`);
    if (truncated > 0) this.stderr.write(`${truncated} larger than the limit, looked at without their bodies\n`);
  }
}
