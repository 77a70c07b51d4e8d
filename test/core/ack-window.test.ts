import test from 'ava';
import fc from 'fast-check';
import { AckWindow } from '../../src/core/ack-window.ts';
import type { Ack } from '../../src/core/batch.ts';
import { settled } from '../contracts/testing.ts';
import { holds } from '../support/property.ts';

test('keeps the position in front of an unacknowledged batch', (t) => {
  const positions: string[] = [];
  const window = new AckWindow<string>({ onAdvance: (position) => positions.push(position) });
  const first = window.add('first', 1);
  const second = window.add('second', 1);
  const third = window.add('third', 1);
  second();
  third();
  t.deepEqual(positions, []);
  first();
  t.deepEqual(positions, ['third']);
});

test('ignores a second answer and counts it', (t) => {
  const released: string[] = [];
  const nacks: Error[] = [];
  const window = new AckWindow<number>({ onNack: (error) => nacks.push(error) });
  const ack = window.add(1, 1, () => released.push('one'));
  ack();
  ack();
  ack(new Error('too late'));
  t.deepEqual(released, ['one']);
  t.deepEqual(nacks, []);
  t.is(window.repeated, 2);
});

test('a nack stops the position for good, is reported once and gives no memory back', (t) => {
  const positions: number[] = [];
  const nacks: string[] = [];
  const released: number[] = [];
  const window = new AckWindow<number>({
    onAdvance: (position) => positions.push(position),
    onNack: (error) => nacks.push(error.message),
  });
  const acks = [1, 2, 3, 4].map((n) => window.add(n, 1, () => released.push(n)));
  acks[1]?.(new Error('second'));
  acks[2]?.(new Error('third'));
  acks[3]?.();
  acks[0]?.();
  window.add(5, 1)();
  t.deepEqual(positions, [1]);
  t.deepEqual(nacks, ['second']);
  t.deepEqual(released, [4, 1]);
});

test('a nacked window still drains and makes room', async (t) => {
  const window = new AckWindow<number>({ maxBatches: 2 });
  const first = window.add(1, 1);
  const second = window.add(2, 1);
  first(new Error('no'));
  await window.room();
  second();
  await window.drained();
  t.is(window.batches, 0);
  t.is(window.bytes, 0);
});

test('lets a batch larger than the limit in when there is no other', async (t) => {
  const window = new AckWindow<number>({ maxBytes: 10 });
  await window.room(100);
  const ack = window.add(1, 100);
  let open = false;
  const room = window.room().then(() => {
    open = true;
  });
  await settled();
  t.false(open);
  ack();
  await room;
  t.true(open);
});

test('stops waiting for room and for the end when told to stop', async (t) => {
  const window = new AckWindow<number>({ maxBatches: 1 });
  const stop = new AbortController();
  const ack = window.add(1, 1);
  const waits = Promise.all([window.room(1, stop.signal), window.drained(stop.signal)]);
  stop.abort();
  await waits;
  await window.room(1, stop.signal);
  ack();
  t.is(window.batches, 0);
});

type Step = { readonly do: 'add'; readonly bytes: number } | { readonly do: 'answer'; readonly pick: number };

const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    fc.record({ do: fc.constant('add' as const), bytes: fc.integer({ min: 1, max: 60 }) }),
    fc.record({ do: fc.constant('answer' as const), pick: fc.nat() }),
  ),
  { maxLength: 80 },
);

test('in any schedule the position passes acknowledged batches only, all of them in the end, within the limits', async (t) => {
  await holds(
    t,
    fc.asyncProperty(steps, fc.boolean(), async (schedule, nackOne) => {
      const limits = { maxBytes: 100, maxBatches: 5 };
      let position = 0;
      const window = new AckWindow<number>({
        ...limits,
        onAdvance: (to) => {
          if (to <= position) throw new Error('the position went back');
          position = to;
        },
      });
      const open: { readonly number: number; readonly ack: Ack }[] = [];
      const acked = new Set<number>();
      let nacked = Number.POSITIVE_INFINITY;
      let added = 0;
      const check = () => {
        for (let n = 1; n <= position; n++) if (!acked.has(n)) throw new Error(`passed batch ${n}`);
        let run = 0;
        while (acked.has(run + 1)) run++;
        if (position !== run) throw new Error(`stands at ${position} instead of ${run}`);
      };
      const answer = (pick: number) => {
        const [batch] = open.splice(pick % Math.max(1, open.length), 1);
        if (batch === undefined) return;
        if (nackOne && nacked === Number.POSITIVE_INFINITY && pick % 7 === 0) {
          nacked = batch.number;
          batch.ack(new Error('no'));
        } else {
          acked.add(batch.number);
          batch.ack();
        }
        check();
      };
      for (const step of schedule) {
        if (step.do === 'answer') answer(step.pick);
        else {
          let free = false;
          const room = window.room(step.bytes).then(() => {
            free = true;
          });
          await Promise.resolve();
          while (!free && open.length > 0) {
            answer(0);
            await Promise.resolve();
          }
          await room;
          added++;
          open.push({ number: added, ack: window.add(added, step.bytes) });
          if (window.batches > limits.maxBatches) throw new Error('too many batches');
          if (window.bytes > limits.maxBytes && window.batches > 1) throw new Error('too many bytes');
        }
      }
      while (open.length > 0) answer(open.length - 1);
      await window.drained();
      if (nacked === Number.POSITIVE_INFINITY && position !== added)
        throw new Error('the position did not reach the end');
      if (position >= nacked) throw new Error('the position passed a nack');
    }),
  );
});
