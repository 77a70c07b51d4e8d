import test from 'ava';
import fc from 'fast-check';
import { KauditError, SinkError } from '../../src/core/errors.ts';
import { type DeadLetterOptions, withDeadLetter } from '../../src/delivery/dead-letter.ts';
import { withRetry } from '../../src/delivery/retry.ts';
import { type Answer, memorySink } from '../contracts/memory-sink.ts';
import { eventsOf, ManualClock, memoryDeadLetter, settled } from '../contracts/testing.ts';
import { holds } from '../support/property.ts';

const never = new AbortController().signal;
const component = 'sinks.archive';

test('keeps exactly the events that the sink named', async (t) => {
  const deadLetter = memoryDeadLetter();
  let kept = 0;
  const sink = memorySink({ refuses: new Set(['b', 'd']) });
  const write = withDeadLetter(sink.write, {
    deadLetter,
    component,
    onKept: (count) => {
      kept += count;
    },
  });
  await write(eventsOf(['a', 'b', 'c', 'd']), never);
  t.deepEqual(deadLetter.kept, ['sinks.archive sink-write b', 'sinks.archive sink-write d']);
  t.is(deadLetter.calls(), 1);
  t.is(kept, 2);
  t.deepEqual(sink.delivered, ['a', 'c']);
});

test('halves a write that was refused whole until the culprit stands alone', async (t) => {
  const deadLetter = memoryDeadLetter();
  const ids = Array.from({ length: 1000 }, (_, index) => String(index));
  const sink = memorySink({ refuses: new Set(['617']), refusal: 'whole' });
  await withDeadLetter(sink.write, { deadLetter, component })(eventsOf(ids), never);
  t.deepEqual(deadLetter.kept, ['sinks.archive sink-write 617']);
  t.deepEqual(
    sink.delivered,
    ids.filter((id) => id !== '617'),
  );
  t.true(sink.writes.length <= 21);
});

test('keeps nothing after an abort', async (t) => {
  const deadLetter = memoryDeadLetter();
  const abort = new AbortController();
  const refusal = new SinkError('bad', { retryable: false });
  const write = withDeadLetter(
    async () => {
      abort.abort();
      throw refusal;
    },
    { deadLetter, component },
  );
  t.is(await t.throwsAsync(write(eventsOf(['a']), abort.signal)), refusal);
  t.is(deadLetter.calls(), 0);
});

test('does not wait for the dead letter beyond an abort', async (t) => {
  const clock = new ManualClock();
  const deadLetter = memoryDeadLetter({ clock, delayMs: 1000 });
  const abort = new AbortController();
  const sink = memorySink({ refuses: new Set(['a']) });
  const outcome = withDeadLetter(sink.write, { deadLetter, component })(eventsOf(['a']), abort.signal);
  await settled();
  abort.abort(new Error('enough'));
  await t.throwsAsync(outcome, { message: 'enough' });
});

test('keeps what ran out of time, or fails with it where that is wished', async (t) => {
  const down: Answer = { failure: new SinkError('down') };
  const run = async (options: Pick<DeadLetterOptions, 'undelivered'>) => {
    const deadLetter = memoryDeadLetter();
    const sink = memorySink({ answers: [down] });
    const retried = withRetry(sink.write, { maxElapsedMs: 0 });
    const outcome = await Promise.allSettled([
      withDeadLetter(retried, { deadLetter, component, ...options })(eventsOf(['a', 'b']), never),
    ]);
    return { kept: deadLetter.kept, status: outcome[0].status };
  };
  t.deepEqual(await run({}), {
    kept: ['sinks.archive sink-write a', 'sinks.archive sink-write b'],
    status: 'fulfilled',
  });
  t.deepEqual(await run({ undelivered: 'fail' }), { kept: [], status: 'rejected' });
});

test('keeps what was refused for its content also where undelivered events fail', async (t) => {
  const deadLetter = memoryDeadLetter();
  const sink = memorySink({ refuses: new Set(['a']), refusal: 'whole' });
  await withDeadLetter(sink.write, { deadLetter, component, undelivered: 'fail' })(eventsOf(['a', 'b']), never);
  t.deepEqual(deadLetter.kept, ['sinks.archive sink-write a']);
});

test('fails when the dead letter cannot be written', async (t) => {
  const failure = new KauditError('dead-letter', 'the disk is full');
  const sink = memorySink({ refuses: new Set(['a']) });
  const write = withDeadLetter(sink.write, { deadLetter: memoryDeadLetter({ failure }), component });
  t.is(await t.throwsAsync(write(eventsOf(['a']), never)), failure);
});

test('finds exactly the culprits, whoever else fails meanwhile and however they are refused', async (t) => {
  await holds(
    t,
    fc.asyncProperty(
      fc.integer({ min: 1, max: 40 }),
      fc.uniqueArray(fc.nat({ max: 39 })),
      fc.constantFrom('each' as const, 'whole' as const),
      fc.array(
        fc.oneof(
          fc.constant<Answer>({}),
          fc.constant<Answer>({ failure: new SinkError('down') }),
          fc.record({ failed: fc.uniqueArray(fc.nat({ max: 39 }), { minLength: 1 }) }),
        ),
        { maxLength: 20 },
      ),
      async (count, culprits, refusal, answers) => {
        const clock = new ManualClock();
        const deadLetter = memoryDeadLetter();
        const ids = Array.from({ length: count }, (_, index) => String(index));
        const refuses = new Set(culprits.map(String));
        const sink = memorySink({ clock, answers, refuses, refusal });
        const retried = withRetry(sink.write, { maxElapsedMs: undefined, clock, random: () => 0.5 });
        await clock.drive(withDeadLetter(retried, { deadLetter, component })(eventsOf(ids), never));
        t.deepEqual(
          deadLetter.kept.map((entry) => entry.split(' ')[2]).toSorted(),
          ids.filter((id) => refuses.has(id)).toSorted(),
        );
        t.deepEqual(sink.delivered.toSorted(), ids.filter((id) => !refuses.has(id)).toSorted());
      },
    ),
  );
});
