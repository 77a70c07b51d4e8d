import { join } from 'node:path';
import type { DeadLetter } from '../core/dead-letter.ts';
import { SinkError } from '../core/errors.ts';
import type { Log } from '../core/log.ts';
import { deadLetterFile } from '../delivery/dead-letter-file.ts';

/**
 * What a run put aside of one pipeline. A rejected record was bad: to keep it is all that can be done, and the run is a
 * success. An undelivered event was good, but its destination refused it or did not take it within the retry time: the
 * run did not do what it was asked to.
 */
export interface Rejects {
  readonly path: string;
  readonly rejected: number;
  /** Events by the component that could not deliver them, as `sinks.archive`. */
  readonly undelivered: ReadonlyMap<string, number>;
}

/** Where a pipeline's rejects are kept unless a one-shot names another file. */
export function rejectsPath(dataDir: string, pipeline: string): string {
  return join(dataDir, pipeline, 'rejects.ndjson');
}

/** The rejects files of a run, one for each pipeline. */
export interface RejectsFiles {
  pathOf(pipeline: string): string;
  /** What is on disk so far. */
  of(pipeline: string): Rejects;
  deadLetterFor(pipeline: string): DeadLetter;
}

export function rejectsFiles(
  pathOf: (pipeline: string) => string,
  { onFailure, log }: { readonly onFailure: 'wait' | 'fail'; readonly log: Log },
): RejectsFiles {
  const counted = new Map<string, CountedRejects>();
  return {
    pathOf,
    of: (pipeline) => counted.get(pipeline) ?? { path: pathOf(pipeline), rejected: 0, undelivered: new Map() },
    deadLetterFor(pipeline) {
      const path = pathOf(pipeline);
      const rejects = { path, rejected: 0, undelivered: new Map<string, number>() };
      counted.set(pipeline, rejects);
      return countingInto(rejects, deadLetterFile({ path, pipeline, onFailure, log }), (component, { message }) => {
        log.error(
          `${component} of ${pipeline} does not take every event: ${message}; what it does not take goes to ${path}`,
        );
      });
    },
  };
}

interface CountedRejects extends Rejects {
  rejected: number;
  readonly undelivered: Map<string, number>;
}

/** The same dead letter; what is on disk in it is counted. `onUndelivered` hears of the first event of each sink. */
function countingInto(
  rejects: CountedRejects,
  inner: DeadLetter,
  onUndelivered: (component: string, error: SinkError) => void,
): DeadLetter {
  return {
    async keep(entries) {
      await inner.keep(entries);
      for (const { component, error } of entries) {
        if (!(error instanceof SinkError)) {
          rejects.rejected++;
          continue;
        }
        const before = rejects.undelivered.get(component) ?? 0;
        if (before === 0) onUndelivered(component, error);
        rejects.undelivered.set(component, before + 1);
      }
    },
    close: () => inner.close(),
  };
}
