import test from 'ava';
import { KauditError, OutputClosedError, SinkError } from '../../src/core/errors.ts';
import type { PipelinePlan } from '../../src/pipeline/plan.ts';
import { createSupervisor, type SupervisorEnv } from '../../src/pipeline/supervisor.ts';
import { memorySink } from '../contracts/memory-sink.ts';
import { memorySource } from '../contracts/memory-source.ts';
import { planOf } from '../contracts/planned.ts';
import { eventText, ManualClock, memoryDeadLetter, recordingLog, settled } from '../contracts/testing.ts';

function setUp(env: Partial<SupervisorEnv> = {}) {
  const clock = new ManualClock();
  const log = recordingLog();
  const deadLetter = memoryDeadLetter();
  const supervisor = createSupervisor({
    ...{ dataDir: '/data', log, clock, deadLetterFor: () => deadLetter, random: () => 1 },
    ...env,
  });
  return { supervisor, clock, log, deadLetter };
}

const texts = (...ids: readonly (string | number)[]) => ids.map(eventText);
const broken = (message: string) => new KauditError('source-read', message);

function named(name: string, plan: PipelinePlan): PipelinePlan {
  return { ...plan, name };
}

test('runs every plan to its end', async (t) => {
  const sinks = [memorySink(), memorySink()] as const;
  const { supervisor, deadLetter } = setUp();
  await supervisor.apply([
    named('one', planOf({ source: memorySource([texts('a')]), sinks: { archive: { sink: sinks[0] } } })),
    named('two', planOf({ source: memorySource([texts('b')]), sinks: { archive: { sink: sinks[1] } } })),
  ]);
  await supervisor.done;
  t.deepEqual([sinks[0].delivered, sinks[1].delivered], [['a'], ['b']]);
  t.true(deadLetter.closed());
  t.deepEqual(
    supervisor.status().map(({ name, state }) => [name, state]),
    [
      ['one', 'ended'],
      ['two', 'ended'],
    ],
  );
  t.true(await supervisor.stop(1000));
});

test('starts a pipeline that failed again, ever later', async (t) => {
  const failures = 7;
  const starts: number[] = [];
  const clock = new ManualClock();
  const source = () => {
    starts.push(clock.now());
    return memorySource([texts(starts.length)], starts.length > failures ? {} : { failure: broken('gone') });
  };
  const sink = memorySink();
  const { supervisor, log } = setUp({ clock });
  await supervisor.apply([planOf({ source, sinks: { archive: { sink } } })]);
  await clock.drive(supervisor.done);
  t.deepEqual(
    starts.slice(1).map((time, index) => time - (starts[index] as number)),
    [1000, 2000, 4000, 8000, 16_000, 30_000, 30_000],
  );
  t.is(log.lines[0], 'error: pipeline test failed: gone; starting again in 1s');
  t.is(log.lines.length, failures);
  t.deepEqual(sink.delivered, ['1', '2', '3', '4', '5', '6', '7', '8']);
});

test('waits a short time again after a long good run', async (t) => {
  const clock = new ManualClock();
  const starts: number[] = [];
  const source = () => {
    starts.push(clock.now());
    if (starts.length > 4) return memorySource([]);
    const delayMs = starts.length === 3 ? 40_000 : 0;
    return memorySource([texts('a')], { clock, delayMs, failure: broken('gone') });
  };
  const { supervisor } = setUp({ clock });
  await supervisor.apply([planOf({ source, sinks: { archive: { sink: memorySink() } } })]);
  await clock.drive(supervisor.done);
  t.deepEqual(
    starts.slice(1).map((time, index) => time - (starts[index] as number)),
    [1000, 2000, 40_000 + 1000, 2000],
  );
});

test('goes on trying when a restart cannot open', async (t) => {
  const clock = new ManualClock();
  let starts = 0;
  const source = () => {
    starts++;
    if (starts === 1) return memorySource([texts('a')], { failure: broken('gone') });
    return memorySource([texts('b')], starts < 4 ? { openFailure: broken(`closed ${starts}`) } : {});
  };
  const sink = memorySink();
  const { supervisor, log } = setUp({ clock });
  await supervisor.apply([planOf({ source, sinks: { archive: { sink } } })]);
  await clock.drive(supervisor.done);
  t.deepEqual(sink.delivered, ['a', 'b']);
  t.deepEqual(
    log.lines.map((line) => line.slice('error: pipeline test failed: '.length)),
    ['gone; starting again in 1s', 'closed 2; starting again in 2s', 'closed 3; starting again in 4s'],
  );
});

test('adds up the books over restarts, without counting twice what is read again', async (t) => {
  const clock = new ManualClock();
  let starts = 0;
  const source = () => memorySource(starts++ === 0 ? [texts('a'), texts('b', 'c')] : [texts('b', 'c')]);
  const sink = memorySink({ answers: [{}, { failure: new SinkError('down') }] });
  const { supervisor } = setUp({ clock, undelivered: 'fail' });
  await supervisor.apply([planOf({ source, sinks: { archive: { sink, delivery: { retry: { maxElapsedMs: 0 } } } } })]);
  await clock.drive(supervisor.done);
  t.deepEqual(sink.delivered, ['a', 'b', 'c']);
  t.like(supervisor.status()[0]?.sinks.get('archive'), {
    ...{ read: 3, delivered: 3, buffered: 0 },
    bytesDelivered: texts('a', 'b', 'c').join('').length,
  });
});

test('does not start again what is to run once, and waits for the others', async (t) => {
  const clock = new ManualClock();
  const sink = memorySink({ clock, answers: [{ delayMs: 500 }] });
  const { supervisor, deadLetter } = setUp({ clock, restart: false });
  await supervisor.apply([
    named(
      'bad',
      planOf({ source: memorySource([], { failure: broken('gone') }), sinks: { x: { sink: memorySink() } } }),
    ),
    named('good', planOf({ source: memorySource([texts('a')]), sinks: { x: { sink } } })),
  ]);
  await t.throwsAsync(clock.drive(supervisor.done), { message: 'gone' });
  t.deepEqual(sink.delivered, ['a']);
  t.true(deadLetter.closed());
  t.deepEqual(
    supervisor.status().map(({ state }) => state),
    ['failed', 'ended'],
  );
});

test('does not start again what nobody reads any more', async (t) => {
  const clock = new ManualClock();
  const closed = new OutputClosedError('the reader went away');
  const sink = memorySink({ answers: [{ failure: closed }] });
  const { supervisor } = setUp({ clock });
  await supervisor.apply([planOf({ source: memorySource([texts('a')]), sinks: { stdout: { sink } } })]);
  t.is(await t.throwsAsync(clock.drive(supervisor.done)), closed);
  t.is(supervisor.status()[0]?.state, 'failed');
  t.is(sink.writes.length, 1);
});

test('does not start again a source that can be read once', async (t) => {
  const clock = new ManualClock();
  const plan = planOf({
    source: memorySource([texts('a')], { failure: broken('gone') }),
    sinks: { archive: { sink: memorySink() } },
  });
  const once = { ...plan, source: { ...plan.source, spec: { ...plan.source.spec, once: true } } };
  const { supervisor, log } = setUp({ clock });
  await supervisor.apply([once]);
  await t.throwsAsync(clock.drive(supervisor.done), { message: 'gone' });
  t.deepEqual(log.lines, []);
});

test('stops all when one cannot start at first', async (t) => {
  const clock = new ManualClock();
  const good = memorySource([], { endless: true });
  const { supervisor } = setUp({ clock });
  const outcome = supervisor.apply([
    named('good', planOf({ source: good, sinks: { x: { sink: memorySink() } } })),
    named(
      'bad',
      planOf({ source: memorySource([], { openFailure: broken('closed') }), sinks: { x: { sink: memorySink() } } }),
    ),
  ]);
  await t.throwsAsync(clock.drive(outcome), { message: 'closed' });
  t.is(good.calls.at(-1), 'close');
  await t.throwsAsync(clock.drive(supervisor.done), { message: 'closed' });
});

test('refuses to start twice', async (t) => {
  const { supervisor } = setUp();
  const plan = planOf({ source: memorySource([]), sinks: { x: { sink: memorySink() } } });
  await supervisor.apply([plan]);
  await t.throwsAsync(supervisor.apply([plan]), { code: 'pipeline' });
});

test('a stop stops every pipeline and says whether all was safe', async (t) => {
  for (const [delayMs, safe] of [
    [500, true],
    [5000, false],
  ] as const) {
    const clock = new ManualClock();
    const { supervisor, deadLetter } = setUp({ clock });
    const sink = memorySink({ clock, answers: [{ delayMs }] });
    await supervisor.apply([
      named('one', planOf({ source: memorySource([texts('a')], { endless: true }), sinks: { x: { sink } } })),
      named('two', planOf({ source: memorySource([], { endless: true }), sinks: { x: { sink: memorySink() } } })),
    ]);
    await settled();
    t.is(await clock.drive(supervisor.stop(1000)), safe);
    if (safe) await t.notThrowsAsync(clock.drive(supervisor.done));
    else await t.throwsAsync(clock.drive(supervisor.done));
    t.true(deadLetter.closed());
  }
});

test('a stop ends the wait for a restart', async (t) => {
  const clock = new ManualClock();
  let starts = 0;
  const source = () => {
    starts++;
    return memorySource([texts('a')], { failure: broken('gone') });
  };
  const { supervisor } = setUp({ clock });
  await supervisor.apply([planOf({ source, sinks: { x: { sink: memorySink() } } })]);
  await clock.advance(500);
  t.is(supervisor.status()[0]?.state, 'waiting');
  t.true(await clock.drive(supervisor.stop(1000)));
  await t.throwsAsync(supervisor.done, { message: 'gone' });
  t.is(starts, 1);
  t.is(clock.now(), 500);
  t.is(clock.waiting, 0);
});
