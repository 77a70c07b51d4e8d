/** Time, so that tests can bring their own. */
export interface Clock {
  /** Milliseconds; only differences mean anything. */
  now(): number;
  /** Calls back once, after at least this many milliseconds, unless the returned function is called before. */
  after(ms: number, callback: () => void): () => void;
}

/** setTimeout takes no more than this. */
const LONGEST_TIMER = 2 ** 31 - 1;

export const systemClock: Clock = {
  now: () => performance.now(),
  after(ms, callback) {
    const timer = setTimeout(callback, Math.min(ms, LONGEST_TIMER));
    return () => clearTimeout(timer);
  },
};

/** Resolves after this many milliseconds, or as soon as `abort` fires. */
export function sleep(clock: Clock, ms: number, abort: AbortSignal): Promise<void> {
  if (abort.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const end = () => {
      cancel();
      abort.removeEventListener('abort', end);
      resolve();
    };
    const cancel = clock.after(ms, end);
    abort.addEventListener('abort', end, { once: true });
  });
}
