import test from 'ava';
import { imbalance } from '../../src/core/counts.ts';
import { KauditError, SinkError } from '../../src/core/errors.ts';
import { memorySink } from '../contracts/memory-sink.ts';
import { memorySource } from '../contracts/memory-source.ts';
import { pipelineOf, planned, planOf, transformBy } from '../contracts/planned.ts';
import { eventsOf, eventText, ManualClock, memoryDeadLetter, settled } from '../contracts/testing.ts';

const texts = (...ids: readonly (string | number)[]) => ids.map(eventText);

test('delivers everything to every sink, closes all parts and is done', async (t) => {
  const source = memorySource([texts('a', 'b'), texts('c')]);
  const [first, second] = [memorySink(), memorySink()];
  const plan = planOf({
    source,
    transforms: [
      planned(
        'transform',
        'parse',
        transformBy((id) => (id === 'c' ? 2 : 'keep')),
      ),
    ],
    sinks: {
      first: {
        sink: first,
        transforms: [
          planned(
            'transform',
            'own',
            transformBy((id) => (id === 'a' ? 'drop' : 'keep')),
          ),
        ],
      },
      second: { sink: second },
    },
  });
  const { pipeline } = pipelineOf(plan);
  await pipeline.start();
  await pipeline.done;
  t.deepEqual(first.delivered, ['b', 'c.0', 'c.1']);
  t.deepEqual(second.delivered, ['a', 'b', 'c.0', 'c.1']);
  t.is(source.position(), 2);
  t.like(pipeline.books('first'), { read: 3, made: 1, filtered: 1, delivered: 3, buffered: 0 });
  t.like(pipeline.books('second'), { read: 3, made: 1, filtered: 0, delivered: 4, buffered: 0 });
  t.is(pipeline.books('second').bytesRead, texts('a', 'b', 'c').join('').length);
  t.is(pipeline.books('second').bytesDelivered, texts('a', 'b', 'c.0', 'c.1').join('').length);
  t.deepEqual(source.calls, ['open', 'close']);
  for (const sink of [first, second]) {
    t.is(sink.calls[0], 'open');
    t.is(sink.calls.at(-1), 'close');
  }
  t.true(await pipeline.stop(1000));
});

test('counts drops under the word of the component', async (t) => {
  const sink = memorySink();
  const plan = planOf({
    source: memorySource([texts('a', 'b')]),
    transforms: [
      planned(
        'transform',
        'policy-match',
        transformBy((id) => (id === 'a' ? 'drop' : 'keep')),
        'policyDropped',
      ),
    ],
    sinks: { archive: { sink } },
  });
  const { pipeline } = pipelineOf(plan);
  await pipeline.start();
  await pipeline.done;
  t.like(pipeline.books('archive'), { read: 2, policyDropped: 1, filtered: 0, delivered: 1 });
});

test('rejected events are in the dead letter before their batch is acknowledged, under the name of who refused them', async (t) => {
  const deadLetter = memoryDeadLetter();
  const keptAtAck: (readonly string[])[] = [];
  const source = memorySource([[...texts('a', 'b'), '{"auditID":"broken",}', ...texts('c', 'd')]], {
    onAnswer: () => keptAtAck.push([...deadLetter.kept].toSorted()),
  });
  const own = planned(
    'transform',
    'own',
    transformBy((id) => (id === 'c' ? 'refuse' : 'keep')),
  );
  const plan = planOf({
    source,
    transforms: [
      planned(
        'transform',
        'parse',
        transformBy((id) => (id === 'a' ? 'refuse' : 'keep')),
      ),
    ],
    sinks: { archive: { sink: memorySink({ refuses: new Set(['b']) }), transforms: [own] } },
  });
  const { pipeline } = pipelineOf(plan, { deadLetter });
  await pipeline.start();
  await pipeline.done;
  t.deepEqual(keptAtAck, [
    ['parse not-json broken', 'parse transform a', 'sinks.archive sink-write b', 'sinks.archive.own transform c'],
  ]);
  t.like(pipeline.books('archive'), { read: 5, deadLettered: 4, delivered: 1, buffered: 0 });
});

test('a start that fails closes everything and says why', async (t) => {
  const source = memorySource([texts('a')], { openFailure: new KauditError('source-open', 'cannot open /x') });
  const sink = memorySink({ closeFailure: new Error('close too') });
  const { pipeline, log } = pipelineOf(planOf({ source, sinks: { archive: { sink } } }));
  await t.throwsAsync(pipeline.start(), { message: 'cannot open /x' });
  await t.throwsAsync(pipeline.done, { message: 'cannot open /x' });
  t.deepEqual(source.calls, ['open', 'close']);
  t.deepEqual(sink.calls, ['open', 'close']);
  t.deepEqual(log.lines, ['warn: pipeline test: closing failed too: close too']);
  t.true(await pipeline.stop(1000));
});

test('a sink that cannot be closed fails the pipeline', async (t) => {
  const sink = memorySink({ closeFailure: new SinkError('cannot sync /x') });
  const { pipeline } = pipelineOf(planOf({ source: memorySource([texts('a')]), sinks: { archive: { sink } } }));
  await pipeline.start();
  await t.throwsAsync(pipeline.done, { message: 'cannot sync /x' });
});

test('an input that breaks fails the pipeline after what was read is delivered', async (t) => {
  const clock = new ManualClock();
  const source = memorySource([texts('a'), texts('b')], { failure: new KauditError('source-read', 'cannot read /x') });
  const sink = memorySink({ clock, answers: [{ delayMs: 100 }, { delayMs: 100 }] });
  const { pipeline } = pipelineOf(planOf({ source, sinks: { archive: { sink } } }), { clock });
  await pipeline.start();
  await t.throwsAsync(clock.drive(pipeline.done), { message: 'cannot read /x' });
  t.deepEqual(sink.delivered, ['a', 'b']);
  t.is(source.position(), 2);
  t.true(await pipeline.stop(1000));
});

test('an undelivered event fails the pipeline where that is wished: all open batches are nacked, all parts closed', async (t) => {
  const clock = new ManualClock();
  const failure = new SinkError('broken pipe', { cause: Object.assign(new Error('EPIPE'), { code: 'EPIPE' }) });
  const source = memorySource([texts('a'), texts('b'), texts('c')], { endless: true });
  const sink = memorySink({ clock, answers: [{}, { delayMs: 10, failure }] });
  const slow = memorySink({ clock, answers: [{}, { delayMs: 60_000 }] });
  const plan = planOf({
    source,
    sinks: { stdout: { sink, delivery: { retry: { maxElapsedMs: 0 } } }, slow: { sink: slow } },
  });
  const { pipeline } = pipelineOf(plan, { clock, undelivered: 'fail' });
  await pipeline.start();
  t.is(await t.throwsAsync(clock.drive(pipeline.done)), failure);
  t.deepEqual(
    source.answers.toSorted((x, y) => x.batch - y.batch),
    [
      { batch: 0, good: true },
      { batch: 1, good: false },
      { batch: 2, good: false },
    ],
  );
  t.is(source.position(), 1);
  t.is(clock.now(), 10);
  t.deepEqual([source.calls.at(-1), sink.calls.at(-1), slow.calls.at(-1)], ['close', 'close', 'close']);
  for (const name of ['stdout', 'slow']) t.is(imbalance(pipeline.books(name)), 0);
  t.false(await pipeline.stop(1000));
});

test('fails when the dead letter cannot be written', async (t) => {
  const failure = new KauditError('dead-letter', 'the disk is full');
  const source = memorySource([texts('a')], { endless: true });
  const refuseAll = planned(
    'transform',
    'parse',
    transformBy(() => 'refuse'),
  );
  const plan = planOf({ source, transforms: [refuseAll], sinks: { archive: { sink: memorySink() } } });
  const { pipeline } = pipelineOf(plan, { deadLetter: memoryDeadLetter({ failure }) });
  await pipeline.start();
  await t.throwsAsync(pipeline.done, { is: failure });
  t.deepEqual(source.answers, [{ batch: 0, good: false }]);
});

test('asks transforms for their own events every second and at the end', async (t) => {
  const clock = new ManualClock();
  const counting = (name: string) =>
    planned('transform', name, {
      apply: (event) => event,
      flush: (reason) => eventsOf([`${name} ${reason}`]),
    });
  const source = memorySource([], { endless: true });
  const sink = memorySink();
  const plan = planOf({
    source,
    transforms: [counting('shared')],
    sinks: { archive: { sink, transforms: [counting('own')] } },
  });
  const { pipeline } = pipelineOf(plan, { clock });
  await pipeline.start();
  await clock.advance(2000);
  t.deepEqual(sink.delivered.toSorted(), ['own tick', 'own tick', 'shared tick', 'shared tick']);
  t.true(await clock.drive(pipeline.stop(1000)));
  t.deepEqual(sink.delivered.slice(4).toSorted(), ['own stop', 'shared stop']);
  t.like(pipeline.books('archive'), { read: 0, made: 6, delivered: 6, buffered: 0 });
  t.is(clock.waiting, 0);
});

test('a transform that fails between events fails the pipeline', async (t) => {
  const clock = new ManualClock();
  const failing = planned('transform', 'throttle', {
    apply: (event) => event,
    flush() {
      throw new Error('no summary');
    },
  });
  const source = memorySource([], { endless: true });
  const { pipeline } = pipelineOf(
    planOf({ source, transforms: [failing], sinks: { archive: { sink: memorySink() } } }),
    {
      clock,
    },
  );
  await pipeline.start();
  await t.throwsAsync(clock.drive(pipeline.done), { message: 'no summary' });
});

test('lets nothing wait for a fuller write when the source can read no further', async (t) => {
  const clock = new ManualClock();
  const batches = Array.from({ length: 3 }, (_, index) => texts(index));
  const sink = memorySink();
  const delivery = { batch: { maxEvents: 1000, maxBytes: 1e6, maxWaitMs: 5000 } };
  for (const [count, delivered] of [
    [2, 0],
    [3, 3],
  ] as const) {
    const source = memorySource(batches.slice(0, count), { endless: true, maxBatches: 3 });
    const { pipeline } = pipelineOf(planOf({ source, sinks: { archive: { sink, delivery } } }), { clock });
    await pipeline.start();
    await settled();
    t.is(sink.delivered.length, delivered);
    t.true(await clock.drive(pipeline.stop(100)));
    sink.delivered.length = 0;
  }
  t.is(clock.now(), 0);
});

test('tells how much of the input was read, if the source can', async (t) => {
  const source = memorySource([texts('a')]);
  const { pipeline } = pipelineOf(planOf({ source, sinks: { archive: { sink: memorySink() } } }));
  t.is(pipeline.progress(), undefined);
  const telling = Object.assign(source, { progress: () => ({ bytes: 5, total: 10 }) });
  const other = pipelineOf(planOf({ source: telling, sinks: { archive: { sink: memorySink() } } }));
  t.deepEqual(other.pipeline.progress(), { bytes: 5, total: 10 });
});
