import type { Clock } from '../core/clock.ts';

/** Calls `action` again and again until the returned function is called, or the action throws. */
export function tickEvery(
  ms: number,
  { clock, action, onError }: { readonly clock: Clock; action(): void; onError(error: unknown): void },
): () => void {
  let cancel = () => {};
  const next = () => {
    cancel = clock.after(ms, () => {
      try {
        action();
      } catch (error) {
        onError(error);
        return;
      }
      next();
    });
  };
  next();
  return () => cancel();
}
