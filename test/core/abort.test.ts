import test from 'ava';
import { unlessAborted } from '../../src/core/abort.ts';

test('takes the outcome of a promise unless the abort comes first', async (t) => {
  const abort = new AbortController();
  t.is(await unlessAborted(Promise.resolve(1), abort.signal), 1);
  await t.throwsAsync(unlessAborted(Promise.reject(new Error('no')), abort.signal), { message: 'no' });
  const never = unlessAborted(new Promise(() => {}), abort.signal);
  abort.abort(new Error('enough'));
  await t.throwsAsync(never, { message: 'enough' });
  await t.throwsAsync(unlessAborted(new Promise(() => {}), abort.signal), { message: 'enough' });
});

test('rejects with an error of its own where one is made', async (t) => {
  const abort = new AbortController();
  const stopped = () => new Error('stopped');
  const waiting = unlessAborted(new Promise(() => {}), abort.signal, stopped);
  abort.abort();
  await t.throwsAsync(waiting, { message: 'stopped' });
  await t.throwsAsync(unlessAborted(new Promise(() => {}), abort.signal, stopped), { message: 'stopped' });
});
