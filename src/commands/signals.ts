const SIGNALS = { SIGINT: 130, SIGTERM: 143 } as const;

/** A supervisor that signals a whole group may reach a process twice: what comes together is one signal. */
const TOGETHER_MS = 100;

/**
 * Calls `stop` for SIGINT and SIGTERM, with the exit code that stands for it; once more, `urgent`, for a second one.
 * Returns what ends it.
 */
export function onSignals(stop: (code: number, how: { readonly urgent: boolean }) => void): () => void {
  let first: number | undefined;
  const listeners = Object.entries(SIGNALS).map(([signal, code]) => {
    const listener = () => {
      const now = performance.now();
      if (first === undefined) stop(code, { urgent: false });
      else if (now - first > TOGETHER_MS) stop(code, { urgent: true });
      first ??= now;
    };
    process.on(signal, listener);
    return () => void process.off(signal, listener);
  });
  return () => {
    for (const remove of listeners) remove();
  };
}
