import { type Failure, messageOf, SinkError } from '../core/errors.ts';

/** Whatever a sink threw, as a SinkError: what is no SinkError is a failure of the whole write that may be retried. */
export function sinkErrorOf(thrown: unknown): SinkError {
  return thrown instanceof SinkError ? thrown : new SinkError(messageOf(thrown), { cause: thrown });
}

/**
 * What was not delivered out of a write of `count` events, in order and each once; `undefined` if that is all of them.
 * A list that is empty or names events that were not in the write is not believed.
 */
export function failuresOf({ failed }: SinkError, count: number): readonly Failure[] | undefined {
  if (failed === undefined || failed.length === 0) return undefined;
  const byIndex = new Map<number, Failure>();
  for (const failure of failed) {
    if (!Number.isInteger(failure.index) || failure.index < 0 || failure.index >= count) return undefined;
    byIndex.set(failure.index, failure);
  }
  return [...byIndex.values()].sort((a, b) => a.index - b.index);
}
