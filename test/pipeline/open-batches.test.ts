import test from 'ava';
import { MAX_BATCHES_IN_FLIGHT, MAX_BYTES_IN_FLIGHT } from '../../src/core/ack-window.ts';
import { OpenBatches } from '../../src/pipeline/open-batches.ts';

function recorded() {
  const answers: (string | undefined)[] = [];
  return { answers, batch: { events: [], ack: (error?: Error) => void answers.push(error?.message) } };
}

test('lets only the first answer through to the source', (t) => {
  const open = new OpenBatches();
  const { answers, batch } = recorded();
  const { ack } = open.enter(batch, 1);
  ack();
  ack(new Error('late'));
  open.nackAll(new Error('end'));
  t.deepEqual(answers, [undefined]);
  t.true(open.allSafe);
});

test('answers every open batch at the end', (t) => {
  const open = new OpenBatches();
  const first = recorded();
  const second = recorded();
  open.enter(first.batch, 1).ack();
  open.enter(second.batch, 1);
  t.false(open.allSafe);
  open.nackAll(new Error('end'));
  t.deepEqual(first.answers, [undefined]);
  t.deepEqual(second.answers, ['end']);
  t.false(open.allSafe);
});

test('is full when a source may be waiting for an ack', (t) => {
  const open = new OpenBatches();
  const acks = Array.from({ length: MAX_BATCHES_IN_FLIGHT }, () => {
    t.false(open.full);
    return open.enter(recorded().batch, 1).ack;
  });
  t.true(open.full);
  acks[0]?.();
  t.false(open.full);
  const { ack } = open.enter(recorded().batch, MAX_BYTES_IN_FLIGHT);
  acks[1]?.();
  t.true(open.full);
  ack();
  t.false(open.full);
});
