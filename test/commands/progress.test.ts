import { mock } from 'node:test';
import test from 'ava';
import { progressLine, type Standing, showProgress, standingOf } from '../../src/commands/progress.ts';
import { emptyCounts } from '../../src/core/counts.ts';
import type { PipelineStatus } from '../../src/pipeline/supervisor.ts';

const WIPE = '\r\x1b[K';

/** A stream that keeps what is written to it. */
function streamOf(isTTY: boolean) {
  const written: string[] = [];
  const stream = { isTTY, write: (text: string) => written.push(text) > 0 };
  return { written, stream: stream as unknown as NodeJS.WriteStream };
}

const standing = (kept = 0): Standing => ({ bytes: 3 * 2 ** 20, total: 4 * 2 ** 20, read: 1000, kept });

test.serial('prints nothing where there is no terminal', (t) => {
  mock.timers.enable({ apis: ['setTimeout', 'setInterval'] });
  t.teardown(() => mock.timers.reset());
  const { written, stream } = streamOf(false);
  const end = showProgress(stream, () => standing());
  mock.timers.tick(10_000);
  end();
  t.deepEqual(written, []);
});

test.serial('keeps one line up to date while the work is long, and wipes it in the end', (t) => {
  mock.timers.enable({ apis: ['setTimeout', 'setInterval'] });
  t.teardown(() => mock.timers.reset());
  const { written, stream } = streamOf(true);
  let kept = 0;
  const end = showProgress(stream, () => standing(kept++));
  mock.timers.tick(999);
  t.deepEqual(written, []);
  mock.timers.tick(1);
  mock.timers.tick(499);
  t.is(written.length, 1);
  mock.timers.tick(1);
  mock.timers.tick(500);
  t.is(written.length, 3);
  for (const [index, line] of written.entries()) {
    t.true(line.startsWith(`${WIPE}3.0 MiB (75 %), `) && line.endsWith(`, kept ${index}`), line);
    t.false(line.includes('\n'));
  }
  end();
  t.is(written[3], WIPE);
  mock.timers.tick(10_000);
  t.is(written.length, 4);
});

test.serial('shows nothing of short work, not even the end of it', (t) => {
  mock.timers.enable({ apis: ['setTimeout', 'setInterval'] });
  t.teardown(() => mock.timers.reset());
  const { written, stream } = streamOf(true);
  const end = showProgress(stream, () => standing());
  mock.timers.tick(500);
  end();
  mock.timers.tick(10_000);
  t.deepEqual(written, []);
});

test('tells bytes, share, rate and what was kept', (t) => {
  const line = (changes: Partial<Standing>, ms = 2000) => progressLine({ ...standing(7), ...changes }, ms);
  t.is(line({}), '3.0 MiB (75 %), 500 events/s, kept 7');
  t.is(line({ bytes: 412 * 2 ** 20, total: undefined }), '412 MiB, 500 events/s, kept 7');
  t.is(line({ bytes: 0, total: 0 }), '0.0 MiB, 500 events/s, kept 7');
  t.is(line({ bytes: 999, total: 1000 }), '0.0 MiB (99 %), 500 events/s, kept 7');
  t.is(line({ read: 0 }, 0), '3.0 MiB (75 %), 0 events/s, kept 7');
});

test('adds up all pipelines; the share is known where all inputs are', (t) => {
  const status = (
    total: number | undefined,
    ...sinks: readonly (readonly [read: number, delivered: number])[]
  ): PipelineStatus => ({
    name: 'p',
    state: 'running',
    sinks: new Map(
      sinks.map(([read, delivered], index) => [
        `${index}`,
        { ...emptyCounts(), bytesRead: 0, bytesDelivered: 0, read, delivered },
      ]),
    ),
    progress: { bytes: 10, total, truncated: 0 },
  });
  t.deepEqual(standingOf([]), { bytes: 0, total: 0, read: 0, kept: 0 });
  t.deepEqual(standingOf([status(100, [7, 3], [7, 4]), status(50, [1, 1])]), {
    bytes: 20,
    total: 150,
    read: 8,
    kept: 8,
  });
  t.is(standingOf([status(undefined, [1, 1]), status(50, [1, 1])]).total, undefined);
  t.is(standingOf([status(50, [1, 1]), { ...status(50), progress: undefined }]).total, undefined);
});
