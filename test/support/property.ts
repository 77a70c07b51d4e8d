import type { ExecutionContext } from 'ava';
import fc from 'fast-check';

/** `KAUDIT_SEED=… npm test` runs the same random cases again; KAUDIT_RUNS sets how many. */
const seed = Number(process.env.KAUDIT_SEED ?? Date.now() % 2 ** 31);
const factor = Number(process.env.KAUDIT_RUNS ?? 1);

/** Checks a property and logs the seed, so that a failure can be repeated. */
export async function holds<Ts>(
  t: ExecutionContext,
  property: fc.IRawProperty<Ts>,
  { runs = 200 }: { runs?: number } = {},
): Promise<void> {
  t.log(`KAUDIT_SEED=${seed}`);
  await fc.assert(property as fc.IAsyncProperty<Ts>, {
    seed,
    numRuns: Math.ceil(runs * factor),
    includeErrorInReport: true,
  });
  t.pass();
}
