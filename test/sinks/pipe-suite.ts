import { setImmediate } from 'node:timers/promises';
import type { ExecutionContext, TestFn } from 'ava';
import fc from 'fast-check';
import { SinkError } from '../../src/core/errors.ts';
import { joinLines } from '../../src/formats/ndjson.ts';
import fileSpec from '../../src/sinks/file.ts';
import { type Device, openDevice, socketDevice } from '../../src/sinks/output/device.ts';
import { createOutletSink, Outlet } from '../../src/sinks/output/outlet.ts';
import { eventsFrom, linesOf, type SinkUnderTest, testSink } from '../contracts/sink.ts';
import { testContext } from '../contracts/transform.ts';
import { runSuite } from '../sources/pipe-child.ts';
import { holds } from '../support/property.ts';
import { type TestPipe, testPipe } from './pipe.ts';

const never = () => new AbortController().signal;
const sinkOn = (open: () => Device) => createOutletSink(new Outlet('stdout', open), joinLines);

function onPipe(t: ExecutionContext, make: (pipe: TestPipe) => Device): SinkUnderTest {
  const pipe = testPipe(t);
  pipe.flow();
  return { sink: sinkOn(() => make(pipe)), received: async () => pipe.taken() };
}

/** Ends when the sink closes: our own descriptor keeps the pipe open, so it goes first. */
function untilClosed(pipe: TestPipe, fd: number): Promise<string> {
  pipe.close(fd);
  return pipe.rest();
}

async function stopHalfway(t: ExecutionContext, { sink }: Pick<SinkUnderTest, 'sink'>, events = large): Promise<void> {
  const controller = new AbortController();
  const write = sink.write(events, controller.signal);
  await setImmediate();
  controller.abort();
  await t.throwsAsync(write, { instanceOf: SinkError, message: /^cannot write to stdout: stopped before / });
}

const large = eventsFrom(1, 500, { padding: 2000 });

/** Everything that hands the descriptor of a pipe to a socket. */
export function testPipes(test: TestFn): void {
  testSink(test, async (t) => onPipe(t, (pipe) => openDevice(pipe.openWriter())), {
    name: 'stdout on a pipe',
    stuck: async (t) => {
      const pipe = testPipe(t);
      const fd = pipe.openWriter();
      return { sink: sinkOn(() => openDevice(fd)), received: () => untilClosed(pipe, fd) };
    },
  });

  testSink(test, async (t) => onPipe(t, (pipe) => socketDevice(pipe.giveAway(pipe.openWriter()), 'lent')), {
    name: 'stdout on a lent descriptor',
  });

  testSink(
    test,
    async (t) => {
      const pipe = testPipe(t);
      pipe.flow();
      const sink = fileSpec.create(fileSpec.config.parse({ path: pipe.path, truncate: true }), testContext());
      return { sink, received: async () => pipe.taken() };
    },
    { name: 'file on a named pipe' },
  );

  test('file on a named pipe: says so when nobody reads it, and goes on with the next reader', async (t) => {
    const pipe = testPipe(t);
    const sink = fileSpec.create(fileSpec.config.parse({ path: pipe.path }), testContext());
    pipe.closeReader();
    const message = `cannot append to ${pipe.path}: it is a pipe that nobody reads, start its reader first`;
    await t.throwsAsync(async () => sink.open?.(), { instanceOf: SinkError, message });
    pipe.openReader();
    await sink.write(eventsFrom(1, 1), never());
    t.is(pipe.taken(), linesOf(eventsFrom(1, 1)));
    pipe.closeReader();
    await t.throwsAsync(sink.write(eventsFrom(2, 1), never()), {
      instanceOf: SinkError,
      message: /its reader is gone/,
    });
    pipe.openReader();
    await sink.write(eventsFrom(2, 1), never());
    await sink.close?.();
    t.is(pipe.taken(), linesOf(eventsFrom(1, 2)));
  });

  test('does not write the events of a stopped write twice when they are offered again', async (t) => {
    const pipe = testPipe(t);
    const fd = pipe.openWriter();
    const sink = sinkOn(() => openDevice(fd));
    for (let attempt = 0; attempt < 3; attempt++) await stopHalfway(t, { sink });
    const last = sink.write([...large], never()).then(() => sink.close?.());
    t.is(await untilClosed(pipe, fd), linesOf(large));
    await last;
  });

  test('ends a line that was given up halfway before it goes on', async (t) => {
    const pipe = testPipe(t);
    const fd = pipe.openWriter();
    const outlet = new Outlet('stdout', () => openDevice(fd));
    const first = createOutletSink(outlet, joinLines);
    await stopHalfway(t, { sink: first });
    await first.close?.();
    const second = createOutletSink(outlet, joinLines);
    await second.open?.();
    const done = second.write(eventsFrom(501, 2), never()).then(() => second.close?.());
    const text = await untilClosed(pipe, fd);
    t.true(text.endsWith(`\n${linesOf(eventsFrom(501, 2))}`));
    await done;
  });

  test('a sink that closes leaves the others of its outlet alone', async (t) => {
    const pipe = testPipe(t);
    const fd = pipe.openWriter();
    const outlet = new Outlet('stdout', () => openDevice(fd));
    const [first, second] = [createOutletSink(outlet, joinLines), createOutletSink(outlet, joinLines)];
    await first.open?.();
    await second.open?.();
    const done = second.write(large, never()).then(() => second.close?.());
    await first.close?.();
    t.is(await untilClosed(pipe, fd), linesOf(large));
    await done;
  });

  test('sinks that share an outlet never cut the lines of each other', async (t) => {
    const sizes = fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 5 });
    await holds(
      t,
      fc.asyncProperty(fc.array(sizes, { minLength: 2, maxLength: 3 }), async (plans) => {
        const pipe = testPipe(t);
        const fd = pipe.openWriter();
        const outlet = new Outlet('stdout', () => openDevice(fd));
        const writers = plans.map(async (plan, writer) => {
          const sink = createOutletSink(outlet, joinLines);
          await sink.open?.();
          for (const [index, count] of plan.entries()) {
            await sink.write(eventsFrom(writer * 1000 + index * 100, count, { padding: 3000 }), never());
          }
          await sink.close?.();
        });
        const done = Promise.all(writers).then(() => pipe.close(fd));
        const lines = (await pipe.rest()).split('\n').slice(0, -1);
        await done;
        const ids = lines.map((line) => Number((JSON.parse(line) as { auditID: string }).auditID));
        for (const [writer, plan] of plans.entries()) {
          const written = ids.filter((id) => Math.floor(id / 1000) === writer);
          const expected = plan.flatMap((count, index) => {
            return Array.from({ length: count }, (_, event) => writer * 1000 + index * 100 + event);
          });
          t.deepEqual(written, expected);
        }
      }),
      { runs: 15 },
    );
  });
}

if (process.argv[1] === import.meta.filename && process.argv[2] === 'run') await runSuite(testPipes);
