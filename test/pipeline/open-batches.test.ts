import test from 'ava';
import { OpenBatches } from '../../src/pipeline/open-batches.ts';

function recorded() {
  const answers: (string | undefined)[] = [];
  return { answers, batch: { events: [], ack: (error?: Error) => void answers.push(error?.message) } };
}

test('lets only the first answer through to the source', (t) => {
  const open = new OpenBatches();
  const { answers, batch } = recorded();
  const { ack } = open.enter(batch);
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
  open.enter(first.batch).ack();
  open.enter(second.batch);
  t.false(open.allSafe);
  open.nackAll(new Error('end'));
  t.deepEqual(first.answers, [undefined]);
  t.deepEqual(second.answers, ['end']);
  t.false(open.allSafe);
});

test('changes nothing of a batch but its ack', (t) => {
  const { batch } = recorded();
  const { ack: _, ...entered } = new OpenBatches().enter({ ...batch, full: true });
  t.deepEqual(entered, { events: batch.events, full: true });
});
