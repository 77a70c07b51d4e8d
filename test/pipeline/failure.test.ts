import test from 'ava';
import { errorOf } from '../../src/pipeline/failure.ts';

test('leaves an error as it is and makes one of anything else', (t) => {
  const error = new TypeError('bug');
  t.is(errorOf(error), error);
  t.like(errorOf('text'), { message: 'text', code: 'pipeline', cause: 'text' });
  t.true(errorOf(undefined) instanceof Error);
});
