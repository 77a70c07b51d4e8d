import test, { type ExecutionContext } from 'ava';
import fc from 'fast-check';
import { imbalance } from '../../src/core/counts.ts';
import { SinkError } from '../../src/core/errors.ts';
import { createPipeline, type Pipeline } from '../../src/pipeline/pipeline.ts';
import { type Answer, type MemorySink, memorySink } from '../contracts/memory-sink.ts';
import { type MemorySource, memorySource } from '../contracts/memory-source.ts';
import { planned, planOf, transformBy } from '../contracts/planned.ts';
import { eventText, ManualClock, type MemoryDeadLetter, memoryDeadLetter, recordingLog } from '../contracts/testing.ts';
import { holds } from '../support/property.ts';

/** What happens to the event with this number, at each of the places it passes. */
type Fate = 'keep' | 'drop' | 'refuse' | 2 | 3;

interface SinkSetup {
  readonly answers: readonly Answer[];
  readonly own: readonly Fate[];
  readonly refuses: readonly string[];
  readonly refusal: 'each' | 'whole';
  readonly maxEvents: number;
  readonly maxWaitMs: number;
}

interface Setup {
  readonly sizes: readonly number[];
  readonly shared: readonly Fate[];
  /** Numbers of events that are not whole. */
  readonly broken: readonly number[];
  readonly sinks: readonly SinkSetup[];
  readonly maxBatches: number;
  readonly delayMs: number;
}

const fate: fc.Arbitrary<Fate> = fc.oneof(
  { weight: 4, arbitrary: fc.constant<Fate>('keep') },
  { weight: 1, arbitrary: fc.constantFrom<Fate>('drop', 'refuse', 2, 3) },
);

const answer: fc.Arbitrary<Answer> = fc.oneof(
  fc.constant({}),
  fc.record({ delayMs: fc.nat({ max: 2000 }) }),
  fc.record({ delayMs: fc.nat({ max: 50 }), failure: fc.constant(new SinkError('down')) }),
  fc.record({ failed: fc.uniqueArray(fc.nat({ max: 10 }), { minLength: 1, maxLength: 5 }) }),
  fc.record({ hangs: fc.constant(true) }),
);

const sinkSetup: fc.Arbitrary<SinkSetup> = fc.record({
  answers: fc.oneof(fc.constant([]), fc.array(answer, { maxLength: 15 })),
  own: fc.oneof(fc.constant([]), fc.array(fate, { minLength: 1, maxLength: 7 })),
  refuses: fc.oneof(fc.constant([]), fc.uniqueArray(fc.nat({ max: 40 }).map(String))),
  refusal: fc.constantFrom('each' as const, 'whole' as const),
  maxEvents: fc.integer({ min: 1, max: 12 }),
  maxWaitMs: fc.constantFrom(0, 0, 100),
});

const setup: fc.Arbitrary<Setup> = fc.record({
  sizes: fc.array(fc.nat({ max: 6 }), { maxLength: 9 }),
  shared: fc.array(fate, { maxLength: 7 }),
  broken: fc.uniqueArray(fc.nat({ max: 40 }), { maxLength: 4 }),
  sinks: fc.array(sinkSetup, { minLength: 1, maxLength: 3 }),
  maxBatches: fc.integer({ min: 1, max: 16 }),
  delayMs: fc.constantFrom(0, 0, 7),
});

/** The fate of an event, by the first number in its id. */
function fateOf(id: string, fates: readonly Fate[]): Fate {
  return fates[Number.parseInt(id, 10) % Math.max(1, fates.length)] ?? 'keep';
}

function afterwards(ids: readonly string[], fates: readonly Fate[]) {
  const passed: string[] = [];
  const refused: string[] = [];
  for (const id of ids) {
    const fate = fateOf(id, fates);
    if (fate === 'keep') passed.push(id);
    else if (fate === 'refuse') refused.push(id);
    else if (fate !== 'drop') for (let part = 0; part < fate; part++) passed.push(`${id}.${part}`);
  }
  return { passed, refused };
}

/** For one sink: what it must get, in which order, and what the dead letter must hold because of it. */
function expected(ids: readonly string[], broken: readonly number[], { shared, own, refuses }: Setup & SinkSetup) {
  const isBroken = (id: string) => !id.includes('.') && broken.includes(Number(id));
  const first = afterwards(ids, shared);
  const second = afterwards(first.passed, own);
  const whole = second.passed.filter((id) => !isBroken(id));
  return {
    delivered: whole.filter((id) => !refuses.includes(id)),
    shared: first.refused,
    own: second.refused,
    broken: second.passed.filter(isBroken),
    refused: whole.filter((id) => refuses.includes(id)),
  };
}

interface World {
  readonly pipeline: Pipeline;
  readonly clock: ManualClock;
  readonly source: MemorySource;
  readonly sinks: readonly MemorySink[];
  readonly deadLetter: MemoryDeadLetter;
  readonly batches: readonly (readonly string[])[];
}

function build(t: ExecutionContext, setup: Setup, { endless }: { readonly endless: boolean }): World {
  const clock = new ManualClock();
  let next = 0;
  const batches = setup.sizes.map((size) => Array.from({ length: size }, () => String(next++)));
  const text = (id: string) => (setup.broken.includes(Number(id)) ? `{"auditID":"${id}",}` : eventText(id));
  const deadLetter = memoryDeadLetter({ clock, delayMs: 3 });
  const sinks = setup.sinks.map(({ answers, refuses, refusal }) =>
    memorySink({ clock, answers, refusal, refuses: new Set(refuses) }),
  );
  const isSafe = (batch: number) => {
    for (const [index, sink] of sinks.entries()) {
      const own = setup.sinks[index] as SinkSetup;
      const outcome = expected(batches[batch] ?? [], setup.broken, { ...setup, ...own });
      for (const id of outcome.delivered) t.true(sink.delivered.includes(id), `${id} is not delivered`);
      const kept = (entry: string) => t.true(deadLetter.kept.includes(entry), `"${entry}" is not kept`);
      for (const id of outcome.shared) kept(`first transform ${id}`);
      for (const id of outcome.own) kept(`sinks.${index}.own transform ${id}`);
      for (const id of outcome.broken) kept(`parse not-json ${id}`);
      for (const id of outcome.refused) kept(`sinks.${index} sink-write ${id}`);
    }
  };
  const balanced = () => {
    for (const name of pipeline.sinks) t.is(imbalance(pipeline.books(name)), 0);
  };
  const source = memorySource(
    batches.map((ids) => ids.map(text)),
    {
      ...{ clock, endless, delayMs: setup.delayMs, maxBatches: setup.maxBatches },
      onAnswer(batch, error) {
        if (error === undefined) isSafe(batch);
        balanced();
      },
    },
  );
  const transform = (name: string, fates: readonly Fate[]) =>
    planned(
      'transform',
      name,
      transformBy((id) => fateOf(id, fates)),
    );
  const plan = planOf({
    source,
    transforms: [transform('first', setup.shared)],
    sinks: Object.fromEntries(
      setup.sinks.map(({ own, maxEvents, maxWaitMs }, index) => [
        String(index),
        {
          sink: sinks[index] as MemorySink,
          transforms: own.length === 0 ? [] : [transform('own', own)],
          delivery: { timeoutMs: 1000, batch: { maxEvents, maxBytes: 1e6, maxWaitMs } },
        },
      ]),
    ),
  });
  const pipeline = createPipeline(plan, {
    dataDir: '/data',
    log: recordingLog(),
    deadLetter,
    clock,
    random: () => 0.5,
  });
  return { pipeline, clock, source, sinks, deadLetter, batches };
}

test('whatever the sinks do, every event is delivered or kept before its batch is acknowledged, and the books balance', async (t) => {
  await holds(
    t,
    fc.asyncProperty(setup, async (setup) => {
      const { pipeline, clock, source, sinks, deadLetter, batches } = build(t, setup, { endless: false });
      await pipeline.start();
      await clock.drive(pipeline.done);

      t.deepEqual(
        source.answers.toSorted((x, y) => x.batch - y.batch),
        batches.map((_, batch) => ({ batch, good: true })),
      );
      t.is(source.position(), batches.length);
      const parsed = new Set<string>();
      let kept = 0;
      for (const [index, sink] of sinks.entries()) {
        const own = setup.sinks[index] as SinkSetup;
        const outcome = expected(batches.flat(), setup.broken, { ...setup, ...own });
        const inOrder = own.answers.length === 0 && (own.refusal === 'each' || own.refuses.length === 0);
        const delivered = inOrder ? sink.delivered : sink.delivered.toSorted();
        t.deepEqual(delivered, inOrder ? outcome.delivered : outcome.delivered.toSorted());
        t.false(sink.overlapped());
        for (const ids of sink.writes) t.true(ids.length > 0 && ids.length <= own.maxEvents);
        const refused = outcome.own.length + outcome.broken.length + outcome.refused.length;
        const books = pipeline.books(String(index));
        t.is(books.buffered, 0);
        t.is(books.delivered, outcome.delivered.length);
        t.is(books.deadLettered, outcome.shared.length + refused);
        kept += outcome.own.length + outcome.refused.length + (index === 0 ? outcome.shared.length : 0);
        for (const id of outcome.broken) parsed.add(id);
      }
      t.is(deadLetter.kept.length, kept + parsed.size);
      t.is(clock.waiting, 0);
    }),
    { runs: 120 },
  );
});

test('whenever it is stopped, each batch is answered once, and only what is safe is acknowledged', async (t) => {
  await holds(
    t,
    fc.asyncProperty(setup, fc.nat({ max: 3000 }), fc.nat({ max: 4000 }), async (setup, afterMs, graceMs) => {
      const { pipeline, clock, source, sinks } = build(t, setup, { endless: true });
      await pipeline.start();
      await clock.advance(afterMs);
      const safe = await clock.drive(pipeline.stop(graceMs));
      t.true(clock.now() - afterMs <= Math.max(graceMs, 0.75 * graceMs + 1000));

      const answered = source.answers.map(({ batch }) => batch).toSorted((x, y) => x - y);
      t.deepEqual(
        answered,
        answered.map((_, index) => index),
      );
      t.is(
        safe,
        source.answers.every(({ good }) => good),
      );
      const firstNack = source.answers.filter(({ good }) => !good).map(({ batch }) => batch);
      t.is(source.position(), Math.min(answered.length, ...firstNack));
      for (const name of pipeline.sinks) {
        const books = pipeline.books(name);
        t.is(imbalance(books), 0);
        if (safe) t.is(books.buffered, 0);
      }
      t.deepEqual(
        [source.calls.at(-1), ...sinks.map(({ calls }) => calls.at(-1))],
        Array(sinks.length + 1).fill('close'),
      );
    }),
    { runs: 120 },
  );
});
