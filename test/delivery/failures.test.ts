import test from 'ava';
import { SinkError } from '../../src/core/errors.ts';
import { failuresOf, sinkErrorOf } from '../../src/delivery/failures.ts';

const failure = (index: number) => ({ index, retryable: true, message: `number ${index}` });

test('lists what failed in order and each once', (t) => {
  const error = new SinkError('some', { failed: [failure(2), failure(0), failure(2)] });
  t.deepEqual(failuresOf(error, 3), [failure(0), failure(2)]);
});

test('does not believe a list that is empty or names events that were not there', (t) => {
  t.is(failuresOf(new SinkError('all'), 3), undefined);
  t.is(failuresOf(new SinkError('none named', { failed: [] }), 3), undefined);
  for (const index of [3, -1, 0.5, Number.NaN]) {
    t.is(failuresOf(new SinkError('odd', { failed: [failure(0), failure(index)] }), 3), undefined);
  }
});

test('takes anything else that a sink throws for a failure that may pass', (t) => {
  const bug = new TypeError('x is not a function');
  const error = sinkErrorOf(bug);
  t.like(error, { message: 'x is not a function', retryable: true, code: 'sink-write', cause: bug });
  t.is(sinkErrorOf(error), error);
  t.is(sinkErrorOf('text').message, 'text');
});
