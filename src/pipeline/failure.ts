import { KauditError, messageOf } from '../core/errors.ts';

/** Anything that was thrown, as an error: streams take nothing else. */
export function errorOf(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new KauditError('pipeline', messageOf(thrown), { cause: thrown });
}
