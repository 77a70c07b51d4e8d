import test from 'ava';
import { imbalance } from '../../src/core/counts.ts';
import { SinkError } from '../../src/core/errors.ts';
import { memorySink } from '../contracts/memory-sink.ts';
import { memorySource } from '../contracts/memory-source.ts';
import { pipelineOf, planned, planOf, transformBy } from '../contracts/planned.ts';
import { eventsOf, eventText, ManualClock, memoryDeadLetter, settled } from '../contracts/testing.ts';

const texts = (...ids: readonly (string | number)[]) => ids.map(eventText);

test('a stop waits until what is in flight is safe', async (t) => {
  const clock = new ManualClock();
  const source = memorySource([texts('a'), texts('b')], { endless: true });
  const sink = memorySink({ clock, answers: [{ delayMs: 700 }] });
  const { pipeline } = pipelineOf(planOf({ source, sinks: { archive: { sink } } }), { clock });
  await pipeline.start();
  await settled();
  t.true(await clock.drive(pipeline.stop(1000)));
  await pipeline.done;
  t.deepEqual(sink.delivered, ['a', 'b']);
  t.is(clock.now(), 700);
  t.is(clock.waiting, 0);
});

test('a stop gives up after three quarters of its time', async (t) => {
  const clock = new ManualClock();
  const source = memorySource([texts('a'), texts('b')], { endless: true });
  const sink = memorySink({ clock, answers: [{}, { delayMs: 800 }] });
  const deadLetter = memoryDeadLetter();
  const { pipeline } = pipelineOf(planOf({ source, sinks: { archive: { sink } } }), { clock, deadLetter });
  await pipeline.start();
  await settled();
  t.false(await clock.drive(pipeline.stop(1000)));
  t.is(clock.now(), 750);
  await t.throwsAsync(pipeline.done, { message: 'pipeline test was stopped before everything was delivered' });
  t.is(source.position(), 1);
  t.deepEqual(deadLetter.kept, []);
  t.is(sink.calls.at(-1), 'close');
});

test('a second stop with no time does not wait', async (t) => {
  const clock = new ManualClock();
  const source = memorySource([texts('a')], { endless: true });
  const sink = memorySink({ clock, answers: [{ delayMs: 10_000 }] });
  const { pipeline } = pipelineOf(planOf({ source, sinks: { archive: { sink } } }), { clock });
  await pipeline.start();
  await settled();
  const patient = pipeline.stop(60_000);
  await clock.advance(100);
  const outcomes = await clock.drive(Promise.all([patient, pipeline.stop(0)]));
  t.deepEqual(outcomes, [false, false]);
  t.is(clock.now(), 100);
});

test('a stop ends in time although a sink neither writes nor closes', async (t) => {
  const clock = new ManualClock();
  const sink = { ...memorySink({ answers: [{ hangs: true }] }), close: () => new Promise<void>(() => {}) };
  const { pipeline } = pipelineOf(planOf({ source: memorySource([texts('a')]), sinks: { archive: { sink } } }), {
    clock,
  });
  await pipeline.start();
  await settled();
  t.false(await clock.drive(pipeline.stop(10_000)));
  t.is(clock.now(), 10_000);
});

test('a stop says so when an event of a transform’s own making is lost, or a part does not close', async (t) => {
  const clock = new ManualClock();
  const counting = planned('transform', 'throttle', { apply: (event) => event, flush: () => eventsOf(['summary']) });
  const lossy = memorySink({ answers: [{ failure: new SinkError('down') }] });
  const delivery = { retry: { maxElapsedMs: 0 } };
  const plan = planOf({
    source: memorySource([]),
    transforms: [counting],
    sinks: { archive: { sink: lossy, delivery } },
  });
  const first = pipelineOf(plan, { clock, undelivered: 'fail' });
  await first.pipeline.start();
  t.false(await clock.drive(first.pipeline.stop(1000)));

  const sink = memorySink({ closeFailure: new SinkError('cannot sync /x') });
  const second = pipelineOf(planOf({ source: memorySource([texts('a')]), sinks: { archive: { sink } } }), { clock });
  await second.pipeline.start();
  await settled();
  t.deepEqual(sink.delivered, ['a']);
  t.false(await clock.drive(second.pipeline.stop(1000)));
});

test('a stop says so when all was delivered but a sink does not close', async (t) => {
  const clock = new ManualClock();
  const sink = Object.assign(memorySink(), { close: () => new Promise<void>(() => {}) });
  const source = memorySource([texts('a')], { endless: true });
  const { pipeline } = pipelineOf(planOf({ source, sinks: { archive: { sink } } }), { clock });
  await pipeline.start();
  await settled();
  t.deepEqual(source.answers, [{ batch: 0, good: true }]);
  t.false(await clock.drive(pipeline.stop(1000)));
});

test('a source that breaks off with an error when it is stopped has still stopped', async (t) => {
  const source = memorySource([texts('a')], { endless: true, failure: new Error('aborted') });
  const { pipeline, clock } = pipelineOf(planOf({ source, sinks: { archive: { sink: memorySink() } } }));
  await pipeline.start();
  await settled();
  t.true(await clock.drive(pipeline.stop(1000)));
  await t.notThrowsAsync(pipeline.done);
});

test('a stop ends the waiting for the dead letter', async (t) => {
  const clock = new ManualClock();
  const deadLetter = memoryDeadLetter({ clock, delayMs: 1e9 });
  const source = memorySource([texts('a')], { endless: true });
  const refuseAll = planned(
    'transform',
    'parse',
    transformBy(() => 'refuse'),
  );
  const plan = planOf({ source, transforms: [refuseAll], sinks: { archive: { sink: memorySink() } } });
  const { pipeline } = pipelineOf(plan, { clock, deadLetter });
  await pipeline.start();
  await settled();
  t.false(await clock.drive(pipeline.stop(1000)));
  t.is(clock.now(), 750);
  t.is(imbalance(pipeline.books('archive')), 0);
});

test('a stop while it starts, or before, ends it', async (t) => {
  const opening = Promise.withResolvers<void>();
  const sink = { ...memorySink(), open: () => opening.promise };
  const source = memorySource([texts('a')]);
  const { pipeline, clock } = pipelineOf(planOf({ source, sinks: { archive: { sink } } }));
  const start = t.throwsAsync(pipeline.start(), { message: 'pipeline test was stopped' });
  const stop = pipeline.stop(1000);
  opening.resolve();
  t.true(await clock.drive(stop));
  await start;
  t.deepEqual(source.calls, ['close']);

  const never = pipelineOf(planOf({ source: memorySource([]), sinks: { archive: { sink: memorySink() } } }));
  t.true(await never.pipeline.stop(1000));
  await never.pipeline.done;
});
