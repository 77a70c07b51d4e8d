/**
 * The outcome of a promise, unless `abort` fires first: then a rejection with its reason, or with what `rejection`
 * makes of it. What the promise comes to later is ignored.
 */
export function unlessAborted<T>(
  promise: Promise<T>,
  abort: AbortSignal,
  rejection: () => unknown = () => abort.reason,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(rejection());
    if (abort.aborted) onAbort();
    else abort.addEventListener('abort', onAbort, { once: true });
    promise.then(resolve, reject).finally(() => abort.removeEventListener('abort', onAbort));
  });
}
