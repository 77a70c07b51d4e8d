/** How long to wait before the next attempt, counted from 0: exponential, anything between nothing and the full time. */
export function backoff(
  attempt: number,
  { baseMs, capMs, random }: { readonly baseMs: number; readonly capMs: number; readonly random: () => number },
): number {
  return random() * Math.min(capMs, baseMs * 2 ** Math.min(attempt, 30));
}
