import { Readable } from 'node:stream';
import test from 'ava';
import type { Batch } from '../../src/core/batch.ts';
import type { Transform } from '../../src/core/component.ts';
import { emptyCounts } from '../../src/core/counts.ts';
import type { DeadLetter } from '../../src/core/dead-letter.ts';
import { Stage } from '../../src/pipeline/stage.ts';
import { stageStream } from '../../src/pipeline/stage-stream.ts';
import { transformBy } from '../contracts/planned.ts';
import { eventsOf, idOf, ManualClock, memoryDeadLetter, settled } from '../contracts/testing.ts';

function streamOf(transform: Transform, deadLetter: DeadLetter = memoryDeadLetter()) {
  const stage = new Stage({ transform, component: 'parse', counts: emptyCounts() });
  return stageStream(stage, (rejected) => deadLetter.keep(rejected));
}

function batchOf(...ids: readonly string[]): Batch {
  return { events: eventsOf(ids), ack() {} };
}

async function collect(stream: AsyncIterable<Batch>): Promise<readonly Batch[]> {
  const batches: Batch[] = [];
  for await (const batch of stream) batches.push(batch);
  return batches;
}

test('passes a batch on as the same object when nothing changed', async (t) => {
  const { stream } = streamOf(transformBy(() => 'keep'));
  const batch = batchOf('a', 'b');
  const [passed] = await collect(Readable.from([batch]).pipe(stream));
  t.is(passed, batch);
});

test('keeps all but the events of a batch that it changes, also when nothing is left of it', async (t) => {
  const { stream } = streamOf(transformBy((id) => (id === 'a' ? 'drop' : 'keep')));
  const batches = [batchOf('a', 'b'), { ...batchOf('a'), full: true }];
  const passed = await collect(Readable.from(batches).pipe(stream));
  t.deepEqual(
    passed.map(({ events }) => events.map(idOf)),
    [['b'], []],
  );
  t.deepEqual(
    passed.map(({ ack }) => ack),
    batches.map(({ ack }) => ack),
  );
  t.deepEqual(
    passed.map(({ full }) => full),
    [undefined, true],
  );
});

test('passes a batch on only when what was refused of it is in the dead letter', async (t) => {
  const clock = new ManualClock();
  const deadLetter = memoryDeadLetter({ clock, delayMs: 100 });
  const { stream } = streamOf(
    transformBy((id) => (id === 'a' ? 'refuse' : 'keep')),
    deadLetter,
  );
  stream.write(batchOf('a', 'b'));
  await settled();
  t.is(stream.read(), null);
  await clock.advance(100);
  t.deepEqual((stream.read() as Batch).events.map(idOf), ['b']);
  t.deepEqual(deadLetter.kept, ['parse transform a']);
});

test('fails when the dead letter cannot be written', async (t) => {
  const failure = new Error('full');
  const { stream } = streamOf(
    transformBy(() => 'refuse'),
    memoryDeadLetter({ failure }),
  );
  await t.throwsAsync(collect(Readable.from([batchOf('a')]).pipe(stream)), { is: failure });
});

test('puts in what the transform makes by itself, in between and at the end', async (t) => {
  const { stream, tick } = streamOf({ apply: (event) => event, flush: (reason) => eventsOf([reason]) });
  stream.write(batchOf('a'));
  await settled();
  tick();
  stream.end();
  const batches = await collect(stream);
  t.deepEqual(
    batches.map(({ events }) => events.map(idOf)),
    [['a'], ['tick'], ['stop']],
  );
  tick();
  for (const { ack } of batches) t.notThrows(() => ack());
});

test('fails when the transform fails to finish', async (t) => {
  const { stream } = streamOf({
    apply: (event) => event,
    flush() {
      throw new Error('no summary');
    },
  });
  await t.throwsAsync(collect(Readable.from([]).pipe(stream)), { message: 'no summary' });
});
