import type { Progress } from '../../core/component.ts';
import { emptyCounts } from '../../core/counts.ts';
import type { Rejected } from '../../core/dead-letter.ts';
import type { AuditEvent } from '../../core/event.ts';
import { logTo } from '../../core/log.ts';
import { Stage } from '../../pipeline/stage.ts';
import { readInputs } from '../../sources/input/inputs.ts';
import parse from '../../transforms/parse.ts';

/** The audit events of inputs that end, in whatever form parse understands. */
export interface EventReader {
  /** Looks whether every input can be read, before the first one is. Rejects with a KauditError, code `source-open`. */
  open(): Promise<void>;
  /**
   * Whole events, in batches; those of a batch are valid until the next one is asked for. Throws at the end a KauditError
   * with code `source-read` if an input could not be read to its end.
   */
  batches(): AsyncGenerator<readonly AuditEvent[]>;
  progress(): Progress;
}

const config = parse.config.parse({});
const context = { pipeline: 'policy', dataDir: '', maxEventBytes: config.maxEventBytes, log: logTo(process.stderr) };

/** Makes events of records, as the transform parse does in a pipeline. */
export const parser = parse.create(config, context);

/** `refused` is called for each record that is no audit event, or not a whole one, before its batch is handed out. */
export function readEvents(paths: readonly string[], refused: (rejected: Rejected) => void): EventReader {
  const source = readInputs(paths.length === 0 ? ['-'] : paths, context);
  const stage = new Stage({ transform: parser, component: 'parse', counts: emptyCounts() });
  return {
    open: async () => await source.open?.(),
    async *batches() {
      try {
        for await (const { events, ack } of source.batches(new AbortController().signal)) {
          const rejected: Rejected[] = [];
          const whole = wholeOf(stage.apply(events, rejected), rejected);
          for (const one of rejected) refused(one);
          yield whole;
          ack();
        }
      } finally {
        await source.close?.();
      }
    },
    progress: () => source.progress?.() ?? { bytes: 0, total: undefined, truncated: 0 },
  };
}

function wholeOf(events: readonly AuditEvent[], rejected: Rejected[]): readonly AuditEvent[] {
  let whole: AuditEvent[] | undefined;
  for (const [index, event] of events.entries()) {
    const error = event.check();
    if (error === undefined) {
      whole?.push(event);
      continue;
    }
    whole ??= events.slice(0, index);
    rejected.push({ event, component: 'parse', error });
  }
  return whole ?? events;
}
