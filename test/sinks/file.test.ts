import {
  chmodSync,
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { SinkError } from '../../src/core/errors.ts';
import { plain, textLine } from '../../src/formats/text.ts';
import spec from '../../src/sinks/file.ts';
import { eventsFrom, linesOf, testSink } from '../contracts/sink.ts';
import { testContext } from '../contracts/transform.ts';
import { tempFolder } from './pipe.ts';

const never = new AbortController().signal;

function makeSink(options: Record<string, unknown>) {
  return spec.create(spec.config.parse(options), testContext());
}

function inFolder(t: ExecutionContext, options: Record<string, unknown> = {}) {
  const path = join(tempFolder(t), 'audit.ndjson');
  return { path, sink: makeSink({ path, ...options }), content: () => readFileSync(path, 'utf8') };
}

function openFiles(): string[] {
  return readdirSync('/proc/self/fd').flatMap((fd) => {
    try {
      return [readlinkSync(`/proc/self/fd/${fd}`)];
    } catch {
      return [];
    }
  });
}

for (const sync of ['batch', 'end']) {
  for (const truncate of [false, true]) {
    testSink(
      test,
      async (t) => {
        const { sink, path, content } = inFolder(t, { sync, truncate });
        if (truncate) writeFileSync(path, 'what was there before\n');
        return { sink, received: async () => content() };
      },
      { name: `file, sync ${sync}, truncate ${truncate}` },
    );
  }
}

test('makes the file for its owner alone', async (t) => {
  const { sink, path } = inFolder(t);
  await sink.open?.();
  t.is(statSync(path).mode & 0o777, 0o600);
  await sink.close?.();
});

test('leaves the mode of a file that exists, and appends to it', async (t) => {
  const { sink, path, content } = inFolder(t);
  writeFileSync(path, '{"before":1}\n');
  chmodSync(path, 0o640);
  await sink.write(eventsFrom(1, 1), never);
  await sink.close?.();
  t.is(statSync(path).mode & 0o777, 0o640);
  t.is(content(), `{"before":1}\n${linesOf(eventsFrom(1, 1))}`);
});

test('writes readable lines without colour', async (t) => {
  const { sink, content } = inFolder(t, { format: 'text' });
  const events = eventsFrom(1, 2);
  await sink.write(events, never);
  await sink.close?.();
  t.is(content(), events.map((event) => `${textLine(event, plain)}\n`).join(''));
});

for (const [format, kept, aside] of [
  ['json', 'a line\n{"a":"b"}\n', undefined],
  ['text', 'a line\n', '{"a":"b"}\n'],
] as const) {
  test(`mends the last line of what it finds, where it writes ${format}`, async (t) => {
    const { sink, path, content } = inFolder(t, { format });
    writeFileSync(path, 'a line\n{"a":"b"}');
    await sink.open?.();
    await sink.close?.();
    t.is(content(), kept);
    t.is(existsSync(`${path}.torn`) ? readFileSync(`${path}.torn`, 'utf8') : undefined, aside);
  });
}

test('goes on where a file gives way to a device, and where it was opened anew to a file', async (t) => {
  const { sink, path, content } = inFolder(t);
  await sink.write(eventsFrom(1, 1), never);
  renameSync(path, `${path}.1`);
  symlinkSync('/dev/null', path);
  await sink.write(eventsFrom(2, 1), never);
  t.false(openFiles().includes(`${path}.1`));
  await sink.close?.();
  rmSync(path);
  await sink.write(eventsFrom(3, 1), never);
  await sink.close?.();
  t.is(readFileSync(`${path}.1`, 'utf8'), linesOf(eventsFrom(1, 1)));
  t.is(content(), linesOf(eventsFrom(3, 1)));
  t.false(openFiles().some((file) => file.startsWith(path)));
});

test('empties the file once, not when it is opened again', async (t) => {
  const { sink, path, content } = inFolder(t, { truncate: true });
  writeFileSync(path, 'before');
  await sink.open?.();
  t.is(content(), '');
  await sink.write(eventsFrom(1, 1), never);
  await sink.close?.();
  await sink.open?.();
  t.is(content(), linesOf(eventsFrom(1, 1)));
  await sink.close?.();
  t.false(existsSync(`${path}.torn`));
});

test('follows a rotation', async (t) => {
  const { sink, path, content } = inFolder(t);
  await sink.write(eventsFrom(1, 2), never);
  renameSync(path, `${path}.1`);
  await sink.write(eventsFrom(3, 2), never);
  await sink.close?.();
  t.is(readFileSync(`${path}.1`, 'utf8'), linesOf(eventsFrom(1, 2)));
  t.is(content(), linesOf(eventsFrom(3, 2)));
});

test('says what to do when the folder is missing, and goes on once it is there', async (t) => {
  const folder = join(tempFolder(t), 'missing');
  const path = join(folder, 'audit.ndjson');
  const sink = makeSink({ path });
  const message = `cannot append to ${path}: folder ${folder} does not exist, create it`;
  await t.throwsAsync(async () => sink.open?.(), { instanceOf: SinkError, message });
  const error = await t.throwsAsync(sink.write(eventsFrom(1, 1), never), { instanceOf: SinkError, message });
  t.true(error.retryable);
  mkdirSync(folder);
  await sink.write(eventsFrom(1, 1), never);
  await sink.close?.();
  t.is(readFileSync(path, 'utf8'), linesOf(eventsFrom(1, 1)));
});

test('says so when the path is a folder', async (t) => {
  const path = tempFolder(t);
  const message = `cannot append to ${path}: it is a folder, name a file in it`;
  await t.throwsAsync(async () => makeSink({ path }).open?.(), { instanceOf: SinkError, message });
});

test('says so when a part of the path is a file', async (t) => {
  const folder = join(tempFolder(t), 'file');
  writeFileSync(folder, '');
  const message = `cannot append to ${folder}/x: ${folder} is not a folder, choose another path`;
  await t.throwsAsync(async () => makeSink({ path: join(folder, 'x') }).open?.(), { instanceOf: SinkError, message });
});

test('says so when the permission is missing', async (t) => {
  if (process.getuid?.() === 0) {
    t.log('skipped: root may write everywhere');
    t.pass();
    return;
  }
  const folder = tempFolder(t);
  chmodSync(folder, 0o500);
  const message = new RegExp(`: permission denied, let user id ${process.getuid?.()} write there$`);
  await t.throwsAsync(async () => makeSink({ path: join(folder, 'x') }).open?.(), { instanceOf: SinkError, message });
});

test('says so when the disk is full', async (t) => {
  const sink = makeSink({ path: '/dev/full', truncate: true });
  await sink.open?.();
  const message = 'cannot write to /dev/full: disk full, free some space';
  await t.throwsAsync(sink.write(eventsFrom(1, 1), never), { instanceOf: SinkError, message });
  await sink.close?.();
});

test('writes to a device without treating it as a file', async (t) => {
  const sink = makeSink({ path: '/dev/null', truncate: true });
  await sink.write(eventsFrom(1, 3), never);
  await t.notThrowsAsync(async () => sink.close?.());
});

test('neither empties nor mends a file that it was handed as a descriptor', async (t) => {
  const path = join(tempFolder(t), 'out');
  writeFileSync(path, 'what the shell put there');
  const fd = openSync(path, 'a');
  const sink = makeSink({ path: `/dev/fd/${fd}`, truncate: true });
  await sink.write(eventsFrom(1, 1), never);
  await sink.close?.();
  closeSync(fd);
  t.is(readFileSync(path, 'utf8'), `what the shell put there${linesOf(eventsFrom(1, 1))}`);
});

test('finishes a write before it closes', async (t) => {
  const { sink, path, content } = inFolder(t);
  await sink.open?.();
  const write = sink.write(eventsFrom(1, 500, { padding: 2000 }), never);
  await sink.close?.();
  t.is(content(), linesOf(eventsFrom(1, 500, { padding: 2000 })));
  await write;
  await sink.close?.();
  t.false(openFiles().includes(path));
});
