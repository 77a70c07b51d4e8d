import test from 'ava';
import { bytesOf } from '../../src/core/batch.ts';
import { eventsOf } from '../contracts/testing.ts';

test('adds up the bytes of events', (t) => {
  const events = eventsOf(['a', 'bb']);
  t.is(bytesOf(events), Buffer.concat(events.map(({ raw }) => raw)).length);
  t.is(bytesOf([]), 0);
});
