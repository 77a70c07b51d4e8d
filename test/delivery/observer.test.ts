import test from 'ava';
import { bytesOf } from '../../src/core/batch.ts';
import { SinkError } from '../../src/core/errors.ts';
import { withObserver } from '../../src/delivery/observer.ts';
import { eventsOf } from '../contracts/testing.ts';

const never = new AbortController().signal;
const events = eventsOf(['a', 'bb', 'ccc']);

async function observe(error?: Error): Promise<readonly (readonly [number, number])[]> {
  const seen: [number, number][] = [];
  const write = withObserver(
    async () => {
      if (error !== undefined) throw error;
    },
    (count, bytes) => seen.push([count, bytes]),
  );
  await write(events, never).catch(() => {});
  return seen;
}

test('reports what a write delivered', async (t) => {
  t.deepEqual(await observe(), [[3, bytesOf(events)]]);
});

test('reports the delivered part of a write that failed', async (t) => {
  const failed = [{ index: 1, retryable: true, message: 'busy' }];
  t.deepEqual(await observe(new SinkError('a part failed', { failed })), [[2, bytesOf(eventsOf(['a', 'ccc']))]]);
});

test('reports nothing for a write of which nothing was delivered', async (t) => {
  const failed = [0, 1, 2].map((index) => ({ index, retryable: true, message: 'busy' }));
  t.deepEqual(await observe(new SinkError('all', { failed })), []);
  t.deepEqual(await observe(new SinkError('down')), []);
  t.deepEqual(await observe(new TypeError('bug')), []);
});

test('passes the error on as it is', async (t) => {
  const error = new SinkError('down');
  const write = withObserver(
    () => Promise.reject(error),
    () => {},
  );
  t.is(await t.throwsAsync(write(events, never)), error);
});
