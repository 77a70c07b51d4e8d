import { finished } from 'node:stream/promises';
import test from 'ava';
import { eventOf } from '../../src/audit/bytes-event.ts';
import type { Transform } from '../../src/core/component.ts';
import { emptyCounts, imbalance } from '../../src/core/counts.ts';
import { SinkError } from '../../src/core/errors.ts';
import type { AuditEvent } from '../../src/core/event.ts';
import { withBatching } from '../../src/delivery/batching.ts';
import { emptyLedger } from '../../src/pipeline/books.ts';
import type { Branch } from '../../src/pipeline/branch.ts';
import { fanOut } from '../../src/pipeline/fan-out.ts';
import { Stage } from '../../src/pipeline/stage.ts';
import { type MemorySink, memorySink } from '../contracts/memory-sink.ts';
import { transformBy } from '../contracts/planned.ts';
import { eventsOf, idOf, ManualClock, memoryDeadLetter, settled } from '../contracts/testing.ts';

interface BranchOptions {
  readonly clock?: ManualClock;
  readonly transforms?: readonly Transform[];
  readonly maxWaitMs?: number;
}

/** A branch without retry: what the sink rejects reaches the fan-out. */
function branchTo(sink: MemorySink, { clock = new ManualClock(), transforms = [], maxWaitMs = 0 }: BranchOptions = {}) {
  const ledger = emptyLedger();
  const write = async (...[events, abort]: Parameters<MemorySink['write']>) => {
    await sink.write(events, abort);
    ledger.counts.delivered += events.length;
    ledger.counts.buffered -= events.length;
  };
  const branch: Branch = {
    ledger,
    stages: transforms.map((transform) => new Stage({ transform, component: 'sinks.x.own', counts: ledger.counts })),
    delivery: withBatching(write, { maxEvents: 1000, maxBytes: 1e6, maxWaitMs, clock }),
  };
  return branch;
}

function setUp(branches: readonly Branch[], { deadLetter = memoryDeadLetter() } = {}) {
  const shared = emptyCounts();
  const { stream, tick } = fanOut({
    branches,
    shared,
    keep: (rejected) => deadLetter.keep(rejected),
    abort: new AbortController().signal,
  });
  const answers: string[] = [];
  const send = (name: string, events: readonly AuditEvent[], full = false) => {
    shared.read += events.length;
    shared.buffered += events.length;
    const ack = (error?: Error) => void answers.push(`${name} ${error?.message ?? 'safe'}`);
    stream.write({ events, ack, full });
  };
  return { stream, tick, shared, answers, send, deadLetter };
}

test('acknowledges a batch when every sink has it', async (t) => {
  const clock = new ManualClock();
  const fast = memorySink({ clock });
  const slow = memorySink({ clock, answers: [{ delayMs: 100 }] });
  const { send, answers } = setUp([branchTo(fast), branchTo(slow)]);
  send('one', eventsOf(['a']));
  await settled();
  t.deepEqual(fast.delivered, ['a']);
  t.deepEqual(answers, []);
  await clock.advance(100);
  t.deepEqual(answers, ['one safe']);
});

test('a slow sink does not keep batches from the others', async (t) => {
  const clock = new ManualClock();
  const fast = memorySink();
  const slow = memorySink({ clock, answers: [{ delayMs: 1000 }] });
  const { send } = setUp([branchTo(slow), branchTo(fast)]);
  for (let index = 0; index < 10; index++) send(String(index), eventsOf([index]));
  await settled();
  t.is(fast.delivered.length, 10);
  t.is(slow.writes.length, 1);
});

test('acknowledges an empty batch without calling a sink', async (t) => {
  const sink = memorySink();
  const dropAll = transformBy(() => 'drop');
  const branch = branchTo(sink, { transforms: [dropAll] });
  const { send, answers, shared } = setUp([branch]);
  send('empty', []);
  send('dropped', eventsOf(['a', 'b']));
  await settled();
  t.deepEqual(answers, ['empty safe', 'dropped safe']);
  t.deepEqual(sink.calls, []);
  t.like(branch.ledger.counts, { filtered: 2, buffered: 0 });
  t.is(shared.buffered, 0);
});

test('applies a sink’s own transforms for that sink only', async (t) => {
  const plain = memorySink();
  const filtered = memorySink();
  const transforms = [
    transformBy((id) => (id === 'b' ? 'drop' : 'keep')),
    transformBy((id) => (id === 'c' ? 2 : 'keep')),
  ];
  const { send, stream } = setUp([branchTo(filtered, { transforms }), branchTo(plain)]);
  send('one', eventsOf(['a', 'b', 'c']));
  stream.end();
  await finished(stream);
  t.deepEqual(plain.delivered, ['a', 'b', 'c']);
  t.deepEqual(filtered.delivered, ['a', 'c.0', 'c.1']);
});

test('keeps an event that is not whole once, and counts it for each sink that meets it', async (t) => {
  const broken = eventOf('{"auditID":"broken",}');
  const sinks = [memorySink(), memorySink(), memorySink()] as const;
  const branches = [
    branchTo(sinks[0]),
    branchTo(sinks[1]),
    branchTo(sinks[2], { transforms: [transformBy((id) => (id === 'broken' ? 'drop' : 'keep'))] }),
  ];
  const { send, answers, deadLetter } = setUp(branches);
  send('one', [...eventsOf(['a']), broken, ...eventsOf(['b'])]);
  await settled();
  t.deepEqual(deadLetter.kept, ['parse not-json broken']);
  t.deepEqual(
    branches.map(({ ledger }) => ledger.counts.deadLettered),
    [1, 1, 0],
  );
  for (const sink of sinks) t.deepEqual(sink.delivered, ['a', 'b']);
  t.deepEqual(answers, ['one safe']);
});

test('keeps what a sink’s own transform refuses, for each sink', async (t) => {
  const refuse = transformBy((id) => (id === 'a' ? 'refuse' : 'keep'));
  const branches = [branchTo(memorySink(), { transforms: [refuse] }), branchTo(memorySink(), { transforms: [refuse] })];
  const { send, deadLetter } = setUp(branches);
  send('one', eventsOf(['a', 'b']));
  await settled();
  t.deepEqual(deadLetter.kept, ['sinks.x.own transform a', 'sinks.x.own transform a']);
  t.is(deadLetter.calls(), 1);
  for (const { ledger } of branches) t.like(ledger.counts, { deadLettered: 1, delivered: 1, buffered: 0 });
});

test('acknowledges a batch only when what was refused of it is in the dead letter', async (t) => {
  const clock = new ManualClock();
  const { send, answers } = setUp([branchTo(memorySink())], { deadLetter: memoryDeadLetter({ clock, delayMs: 50 }) });
  send('one', [eventOf('{"auditID":"broken",}')]);
  await clock.advance(49);
  t.deepEqual(answers, []);
  await clock.advance(1);
  t.deepEqual(answers, ['one safe']);
});

test('a write that fails nacks its batch and fails the stream', async (t) => {
  const clock = new ManualClock();
  const failure = new SinkError('down');
  const sink = memorySink({ clock, answers: [{}, { delayMs: 10, failure }] });
  const branch = branchTo(sink);
  const { send, answers, stream, shared } = setUp([branch, branchTo(memorySink())]);
  const end = t.throwsAsync(finished(stream), { is: failure });
  send('one', eventsOf(['a']));
  send('two', eventsOf(['b']));
  await clock.advance(10);
  await end;
  t.deepEqual(answers, ['one safe', 'two down']);
  t.is(branch.ledger.counts.buffered, 1);
  t.is(imbalance({ ...branch.ledger.counts, read: shared.read }), 0);
});

test('ends when everything is safe, with what its transforms still had to say', async (t) => {
  const clock = new ManualClock();
  const sink = memorySink({ clock, answers: [{ delayMs: 100 }] });
  const counting: Transform = {
    apply: (event) => (idOf(event) === 'stop' ? undefined : event),
    flush: (reason) => eventsOf([reason]),
  };
  const label: Transform = {
    apply: (event) => (idOf(event) === 'stop' ? (eventsOf(['stop, labelled'])[0] as AuditEvent) : event),
  };
  const { send, stream } = setUp([branchTo(sink, { transforms: [counting, label] })]);
  send('one', eventsOf(['a']));
  stream.end();
  await clock.drive(finished(stream));
  t.deepEqual(sink.delivered, ['a', 'stop, labelled']);
});

test('asks for events in between, until it has ended', async (t) => {
  const sink = memorySink();
  const branch = branchTo(sink, { transforms: [{ apply: (event) => event, flush: (reason) => eventsOf([reason]) }] });
  const { tick, stream } = setUp([branch]);
  tick();
  await settled();
  t.deepEqual(sink.delivered, ['tick']);
  t.is(imbalance(branch.ledger.counts), 0);
  stream.end();
  await finished(stream);
  tick();
  await settled();
  t.deepEqual(sink.delivered, ['tick', 'stop']);
});

test('a transform that fails to finish fails the stream', async (t) => {
  const failure = new Error('no summary');
  const transform: Transform = {
    apply: (event) => event,
    flush() {
      throw failure;
    },
  };
  const { stream } = setUp([branchTo(memorySink(), { transforms: [transform] })]);
  stream.end();
  await t.throwsAsync(finished(stream), { is: failure });
});

test('lets nothing wait for a fuller write while the source waits, nor at the end', async (t) => {
  for (const full of [true, false]) {
    const clock = new ManualClock();
    const sink = memorySink();
    const { send, stream, answers } = setUp([branchTo(sink, { clock, maxWaitMs: 5000 })]);
    send('one', eventsOf(['a']), full);
    await settled();
    t.deepEqual(answers, full ? ['one safe'] : []);
    stream.end();
    await finished(stream);
    t.deepEqual(answers, ['one safe']);
    t.is(clock.now(), 0);
  }
});
