/**
 * What became of every event, in one vocabulary. At every quiet moment, for each sink:
 * read + made = policyDropped + filtered + deduplicated + delivered + deadLettered + buffered.
 */
export interface Counts {
  read: number;
  /** Events a transform added, such as the parts of a list beyond the first. */
  made: number;
  policyDropped: number;
  filtered: number;
  deduplicated: number;
  delivered: number;
  deadLettered: number;
  /** Accepted, but not yet delivered. */
  buffered: number;
}

export function emptyCounts(): Counts {
  return {
    read: 0,
    made: 0,
    policyDropped: 0,
    filtered: 0,
    deduplicated: 0,
    delivered: 0,
    deadLettered: 0,
    buffered: 0,
  };
}

/** The sum of two parts of the same way: what happened before the fan-out, and behind it. */
export function addCounts(first: Counts, second: Counts): Counts {
  const sum = emptyCounts();
  for (const key of Object.keys(sum) as (keyof Counts)[]) sum[key] = first[key] + second[key];
  return sum;
}

/** The difference between the two sides; 0 when the books balance. */
export function imbalance(counts: Counts): number {
  const { read, made, policyDropped, filtered, deduplicated, delivered, deadLettered, buffered } = counts;
  return read + made - (policyDropped + filtered + deduplicated + delivered + deadLettered + buffered);
}
