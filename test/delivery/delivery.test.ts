import test from 'ava';
import fc from 'fast-check';
import { SinkError } from '../../src/core/errors.ts';
import { type DeliveryOptions, deliveryTo } from '../../src/delivery/delivery.ts';
import { type Answer, type MemorySinkOptions, memorySink } from '../contracts/memory-sink.ts';
import { eventsOf, ManualClock, memoryDeadLetter, recordingLog } from '../contracts/testing.ts';
import { holds } from '../support/property.ts';

const never = new AbortController().signal;

function setUp(sinkOptions: Omit<MemorySinkOptions, 'clock'>, options: Partial<DeliveryOptions> = {}) {
  const clock = new ManualClock();
  const sink = memorySink({ clock, ...sinkOptions });
  const deadLetter = memoryDeadLetter({ clock, delayMs: 1 });
  const log = recordingLog();
  const counts = { delivered: 0, bytes: 0, deadLettered: 0 };
  const delivery = deliveryTo(sink, {
    component: 'sinks.archive',
    batch: { maxEvents: 8, maxBytes: 1e6, maxWaitMs: 0 },
    timeoutMs: 1000,
    retry: { maxElapsedMs: undefined },
    deadLetter,
    onDelivered: (events, bytes) => {
      counts.delivered += events;
      counts.bytes += bytes;
    },
    onDeadLettered: (events) => {
      counts.deadLettered += events;
    },
    log,
    clock,
    random: () => 1,
    ...options,
  });
  return { clock, sink, deadLetter, log, counts, delivery };
}

test('says once that a sink fails, and that it works again', async (t) => {
  const down: Answer = { failure: new SinkError('connection refused by 10.0.0.1:514') };
  const { clock, delivery, log } = setUp({ answers: [down, down, { delayMs: 9999 }] });
  await clock.drive(delivery.write(eventsOf(['a']), never));
  await clock.drive(delivery.write(eventsOf(['b']), never));
  t.deepEqual(log.lines, [
    'warn: sinks.archive: connection refused by 10.0.0.1:514; trying again',
    'warn: sinks.archive: the destination did not confirm within 1s; it is slow or unreachable, or timeout is too short; trying again',
    'info: sinks.archive: delivers again',
  ]);
});

test('counts each event once, however often it was tried', async (t) => {
  const { clock, delivery, counts, deadLetter } = setUp({
    answers: [{ failed: [1, 2] }, { delayMs: 5000 }, { failed: [1] }],
    refuses: new Set(['c']),
  });
  const events = eventsOf(['a', 'b', 'c', 'd']);
  await clock.drive(delivery.write(events, never));
  t.deepEqual(counts, { delivered: 3, bytes: 3 * (events[0]?.size ?? 0), deadLettered: 1 });
  t.deepEqual(deadLetter.kept, ['sinks.archive sink-write c']);
});

const answer: fc.Arbitrary<Answer> = fc.oneof(
  fc.record({ delayMs: fc.nat({ max: 3000 }) }),
  fc.record({ delayMs: fc.nat({ max: 100 }), failure: fc.constant(new SinkError('down')) }),
  fc.record({ failure: fc.constant(new SinkError('refused', { retryable: false })) }),
  fc.record({ failed: fc.uniqueArray(fc.nat({ max: 8 }), { minLength: 1 }) }),
  fc.record({ hangs: fc.constant(true) }),
);

test('whatever a sink does, every event is delivered or in the dead letter when its call resolves', async (t) => {
  await holds(
    t,
    fc.asyncProperty(
      fc.array(fc.nat({ max: 10 }), { maxLength: 8 }),
      fc.array(answer, { maxLength: 20 }),
      fc.uniqueArray(fc.nat({ max: 40 }).map(String)),
      fc.constantFrom('each' as const, 'whole' as const),
      async (sizes, answers, refused, refusal) => {
        const { clock, sink, deadLetter, delivery, counts } = setUp({ answers, refuses: new Set(refused), refusal });
        let next = 0;
        const calls = sizes.map((size) => {
          const ids = Array.from({ length: size }, () => String(next++));
          return { ids, done: delivery.write(eventsOf(ids), never) };
        });
        for (const { ids, done } of calls) {
          await clock.drive(done);
          const kept = deadLetter.kept.map((entry) => entry.split(' ')[2]);
          for (const id of ids) {
            t.true(sink.delivered.includes(id) || kept.includes(id), `${id} is nowhere`);
            if (refused.includes(id)) t.true(kept.includes(id), `${id} was delivered`);
          }
        }
        t.is(counts.delivered + counts.deadLettered, next);
        t.false(sink.overlapped());
      },
    ),
    { runs: 150 },
  );
});
