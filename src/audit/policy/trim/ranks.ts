import type { Level } from '../policy.ts';

/** The levels in their order, as numbers: what a level records, every higher one records too. */
export const METADATA = 1;
export const REQUEST = 2;
export const REQUEST_RESPONSE = 3;

const RANKS: Readonly<Record<Level, number>> = { None: 0, Metadata: METADATA, Request: REQUEST, RequestResponse: 3 };

/** The rank of a level by its name; `undefined` for any other text. */
export function rankOf(level: string | undefined): number | undefined {
  return level === undefined || !Object.hasOwn(RANKS, level) ? undefined : RANKS[level as Level];
}
