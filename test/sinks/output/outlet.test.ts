import { setImmediate } from 'node:timers/promises';
import test from 'ava';
import { skipBytes } from '../../../src/core/bytes.ts';
import { SinkError } from '../../../src/core/errors.ts';
import { joinLines } from '../../../src/formats/ndjson.ts';
import type { Device } from '../../../src/sinks/output/device.ts';
import { createOutletSink, Outlet } from '../../../src/sinks/output/outlet.ts';
import { eventsFrom, linesOf } from '../../contracts/sink.ts';

const never = new AbortController().signal;

/** Takes a few bytes a call, and fails in the calls that are named. */
function slowDevice(failing: readonly number[] = []) {
  let text = '';
  let calls = 0;
  const device: Device = {
    async write(bytes) {
      await setImmediate();
      if (failing.includes(++calls)) throw Object.assign(new Error('no space'), { code: 'ENOSPC' });
      const taken = skipBytes(bytes, 0) as Buffer;
      text += taken.subarray(0, 10);
      return Math.min(10, taken.length);
    },
  };
  return { device, text: () => text };
}

test('gives each sink its turn where the kernel takes a line in parts', async (t) => {
  const { device, text } = slowDevice();
  const outlet = new Outlet('stdout', () => device);
  const sinks = [createOutletSink(outlet, joinLines), createOutletSink(outlet, joinLines)];
  await Promise.all(sinks.map((sink, index) => sink.write(eventsFrom(index + 1, 1), never)));
  t.is(text(), linesOf(eventsFrom(1, 2)));
});

test('ends a line that an error cut before it writes it again', async (t) => {
  const { device, text } = slowDevice([1, 4]);
  const sink = createOutletSink(new Outlet('stdout', () => device), joinLines);
  const message = 'cannot write to stdout: disk full, free some space';
  await t.throwsAsync(sink.write(eventsFrom(1, 1), never), { instanceOf: SinkError, message });
  t.is(text(), '');
  await t.throwsAsync(sink.write(eventsFrom(1, 1), never), { instanceOf: SinkError, message });
  await sink.write(eventsFrom(1, 1), never);
  t.is(text(), `${linesOf(eventsFrom(1, 1)).slice(0, 20)}\n${linesOf(eventsFrom(1, 1))}`);
});

test('opens its device anew after an error, where it may close it', async (t) => {
  const opened: string[] = [];
  const open = (): Device => {
    const { device } = slowDevice(opened.length === 0 ? [1] : []);
    opened.push('opened');
    return { ...device, close: () => void opened.push('closed') };
  };
  const sink = createOutletSink(new Outlet('pipe', open), joinLines);
  await t.throwsAsync(sink.write(eventsFrom(1, 1), never), { instanceOf: SinkError });
  await sink.write(eventsFrom(1, 1), never);
  await sink.close?.();
  t.deepEqual(opened, ['opened', 'closed', 'opened', 'closed']);
});

test('keeps its device open until its last sink has closed', async (t) => {
  let open = 0;
  const device = () => {
    open++;
    return { ...slowDevice().device, close: () => void open-- };
  };
  const outlet = new Outlet('pipe', device);
  const sinks = [createOutletSink(outlet, joinLines), createOutletSink(outlet, joinLines)];
  for (const sink of sinks) await sink.open?.();
  await sinks[0]?.close?.();
  t.is(open, 1);
  await sinks[1]?.close?.();
  t.is(open, 0);
});

for (const [code, reason] of [
  ['EPIPE', 'its reader is gone, start it again'],
  ['ECONNRESET', 'its reader is gone, start it again'],
  ['ENXIO', 'its reader is gone, start it again'],
  ['ENOSPC', 'disk full, free some space'],
  ['ENOENT', 'no such place'],
]) {
  test(`says what ${code} means`, async (t) => {
    const write = () => Promise.reject(Object.assign(new Error('no such place'), { code }));
    const sink = createOutletSink(new Outlet('pipe', () => ({ write })), joinLines);
    await t.throwsAsync(sink.write(eventsFrom(1, 1), never), { message: `cannot write to pipe: ${reason}` });
  });
}
