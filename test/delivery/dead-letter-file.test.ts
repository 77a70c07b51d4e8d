import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { appendFile, mkdir, mkdtemp, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import test, { type ExecutionContext } from 'ava';
import fc from 'fast-check';
import { eventOf } from '../../src/audit/bytes-event.ts';
import { EventError, SinkError } from '../../src/core/errors.ts';
import { type DeadLetterFileOptions, deadLetterFile } from '../../src/delivery/dead-letter-file.ts';
import { eventsOf, ManualClock, recordingLog, settled } from '../contracts/testing.ts';
import { holds } from '../support/property.ts';

async function temporaryFolder(t: ExecutionContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'kaudit-'));
  t.teardown(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

function openAt(path: string, options: Partial<DeadLetterFileOptions> = {}) {
  return deadLetterFile({ path, pipeline: 'test', onFailure: 'fail', log: recordingLog(), ...options });
}

const error = new EventError('not-json', 'not JSON at byte 3');

function rejected(bytes: Buffer | string) {
  return { event: eventOf(bytes, { source: '/var/log/audit.log', line: 7, offset: 99 }), component: 'parse', error };
}

async function entries(path: string): Promise<readonly Record<string, unknown>[]> {
  const lines = (await readFile(path, 'utf8')).split('\n');
  return lines.slice(0, -1).map((line) => JSON.parse(line));
}

test('writes a line for each event, in a folder and a file of its own that nobody else can read', async (t) => {
  const folder = join(await temporaryFolder(t), 'a', 'b');
  const path = join(folder, 'rejects.ndjson');
  const deadLetter = openAt(path);
  await deadLetter.keep([rejected('{"half'), rejected('x')]);
  await deadLetter.close();
  const [first, second, ...rest] = await entries(path);
  t.deepEqual(rest, []);
  t.deepEqual(Object.keys(first ?? {}), [
    ...['time', 'pipeline', 'component', 'code', 'message', 'source', 'line', 'offset', 'raw'],
  ]);
  t.like(first, {
    ...{ pipeline: 'test', component: 'parse', code: 'not-json', message: 'not JSON at byte 3' },
    ...{ source: '/var/log/audit.log', line: 7, offset: 99, raw: '{"half' },
  });
  t.is(second?.raw, 'x');
  t.true(Math.abs(Date.parse(String(first?.time)) - Date.now()) < 60_000);
  t.is((await stat(path)).mode & 0o777, 0o600);
  t.is((await stat(folder)).mode & 0o777, 0o700);
});

test('writes bytes that are not UTF-8 as base64', async (t) => {
  const path = join(await temporaryFolder(t), 'rejects');
  const bytes = Buffer.from([0x7b, 0xff, 0x00, 0x7d]);
  await openAt(path).keep([rejected(bytes)]);
  const [entry] = await entries(path);
  t.deepEqual(Buffer.from(String(entry?.rawBase64), 'base64'), bytes);
  t.false('raw' in (entry ?? {}));
});

test('tells the length and digest of a record of which only the beginning is kept', async (t) => {
  const path = join(await temporaryFolder(t), 'rejects');
  const sha256 = createHash('sha256').update('the whole').digest('hex');
  const tooLarge = new EventError('event-too-large', 'too large', { excerpt: { bytes: 1234, sha256 } });
  await openAt(path).keep([
    { ...rejected('the'), error: tooLarge },
    { ...rejected('all'), error: new SinkError('no') },
  ]);
  const [large, small] = await entries(path);
  t.like(large, { bytes: 1234, sha256, raw: 'the' });
  t.false('bytes' in (small ?? {}));
});

test('appends to what is there, and goes on in a new file when that was moved away', async (t) => {
  const path = join(await temporaryFolder(t), 'rejects');
  await openAt(path).keep([rejected('one')]);
  const deadLetter = openAt(path);
  await deadLetter.keep([rejected('two')]);
  await rename(path, `${path}.1`);
  await deadLetter.keep([rejected('three')]);
  t.deepEqual(
    (await entries(`${path}.1`)).map(({ raw }) => raw),
    ['one', 'two'],
  );
  t.deepEqual(
    (await entries(path)).map(({ raw }) => raw),
    ['three'],
  );
});

test('begins a new line after one that a crash tore', async (t) => {
  const path = join(await temporaryFolder(t), 'rejects');
  await writeFile(path, '{"time":"20');
  await openAt(path).keep([rejected('one')]);
  const [torn, whole] = (await readFile(path, 'utf8')).split('\n');
  t.is(torn, '{"time":"20');
  t.is(JSON.parse(whole as string).raw, 'one');
});

test('keeps calls apart and in order that overlap', async (t) => {
  const path = join(await temporaryFolder(t), 'rejects');
  const deadLetter = openAt(path);
  await Promise.all(Array.from({ length: 6 }, (_, index) => deadLetter.keep([rejected(String(index))])));
  t.deepEqual(
    (await entries(path)).map(({ raw }) => Number(raw)),
    Array.from({ length: 6 }, (_, index) => index),
  );
});

test('any bytes can be read back from it', async (t) => {
  const folder = await temporaryFolder(t);
  const path = join(folder, 'rejects');
  const deadLetter = openAt(path);
  await holds(
    t,
    fc.asyncProperty(
      fc.array(
        fc.oneof(
          fc.uint8Array(),
          fc.string({ unit: 'binary' }).map((text) => Buffer.from(text)),
        ),
      ),
      async (records) => {
        await rm(path, { force: true });
        await deadLetter.keep(records.map((record) => rejected(Buffer.from(record))));
        const read = await entries(path);
        t.deepEqual(
          read.map(({ raw, rawBase64 }) =>
            raw === undefined ? Buffer.from(String(rawBase64), 'base64') : Buffer.from(String(raw)),
          ),
          records.map((record) => Buffer.from(record)),
        );
      },
    ),
    { runs: 8 },
  );
});

test('rejects at once with a remedy where it may not wait', async (t) => {
  const folder = await temporaryFolder(t);
  await writeFile(join(folder, 'file'), '');
  const failure = async (path: string) => {
    const thrown = await t.throwsAsync(openAt(path).keep([rejected('x')]), { code: 'dead-letter' });
    return thrown?.message.replaceAll(folder, '');
  };
  t.is(await failure('/dev/full'), 'cannot write rejected events to /dev/full: disk full, make room');
  t.is(await failure(folder), 'cannot write rejected events to : it is a folder, name a file');
  t.is(
    await failure(join(folder, 'file', 'rejects')),
    'cannot write rejected events to /file/rejects: /file is not a folder, choose another place',
  );
});

test('goes on after a failure', async (t) => {
  const folder = await temporaryFolder(t);
  const path = join(folder, 'rejects');
  await mkdir(path);
  const deadLetter = openAt(path);
  await t.throwsAsync(deadLetter.keep([rejected('one')]));
  await rm(path, { recursive: true });
  await deadLetter.keep([rejected('two')]);
  t.deepEqual(
    (await entries(path)).map(({ raw }) => raw),
    ['two'],
  );
});

test('waits until it can be written where it may, and says so once', async (t) => {
  const folder = await temporaryFolder(t);
  const path = join(folder, 'rejects');
  await mkdir(path);
  const clock = new ManualClock();
  const log = recordingLog();
  const deadLetter = openAt(path, { onFailure: 'wait', clock, log, random: () => 1 });
  let done = false;
  const kept = deadLetter.keep([rejected('one')]).then(() => {
    done = true;
  });
  for (let attempt = 0; attempt < 3; attempt++) await nextAttempt(clock);
  t.false(done);
  await rm(path, { recursive: true });
  await nextAttempt(clock, () => done);
  await kept;
  t.deepEqual(
    (await entries(path)).map(({ raw }) => raw),
    ['one'],
  );
  t.deepEqual(log.lines, [
    `error: cannot write rejected events to ${path}: it is a folder, name a file; waiting until it can be written`,
    `info: the dead letter ${path} can be written again`,
  ]);
});

test('a call waits for one that came before and cannot be written yet', async (t) => {
  const path = join(await temporaryFolder(t), 'rejects');
  await mkdir(path);
  const clock = new ManualClock();
  const deadLetter = openAt(path, { onFailure: 'wait', clock, random: () => 1 });
  let kept = 0;
  const count = () => void kept++;
  const first = deadLetter.keep([rejected('one')]).then(count);
  while (clock.waiting === 0) await settled();
  await rm(path, { recursive: true });
  const second = deadLetter.keep([rejected('two')]).then(count);
  await nextAttempt(clock, () => kept > 0);
  await Promise.all([first, second]);
  t.deepEqual(
    (await entries(path)).map(({ raw }) => raw),
    ['one', 'two'],
  );
});

test('does not wait any longer once it is closed', async (t) => {
  const clock = new ManualClock();
  const deadLetter = openAt('/dev/full', { onFailure: 'wait', clock });
  const outcome = t.throwsAsync(deadLetter.keep([rejected('one')]), { code: 'dead-letter' });
  while (clock.waiting === 0) await settled();
  await deadLetter.close();
  await outcome;
  await deadLetter.close();
});

test('writes to a device without cutting or syncing it', async (t) => {
  await t.notThrowsAsync(openAt('/dev/null').keep(eventsOf(['a']).map((event) => ({ ...rejected('x'), event }))));
});

test('cuts off what a failed write left behind', async (t) => {
  const path = join(await temporaryFolder(t), 'rejects');
  const child = `
    import { deadLetterFile } from ${JSON.stringify(new URL('../../src/delivery/dead-letter-file.ts', import.meta.url))};
    import { eventOf } from ${JSON.stringify(new URL('../../src/audit/bytes-event.ts', import.meta.url))};
    import { EventError } from ${JSON.stringify(new URL('../../src/core/errors.ts', import.meta.url))};
    const deadLetter = deadLetterFile({ path: process.argv[1], pipeline: 'test', onFailure: 'fail', log: console });
    const rejected = (text) => ({ event: eventOf(text), component: 'parse', error: new EventError('not-json', 'no') });
    await deadLetter.keep([rejected('one')]);
    const failure = await deadLetter.keep([rejected('x'.repeat(50_000))]).catch((error) => error.code);
    await deadLetter.keep([rejected('two')]);
    console.log(failure);
  `;
  const command = ['-c', 'ulimit -f 8; exec "$0" --input-type=module -e "$1" "$2"', process.execPath, child, path];
  const { stdout } = await promisify(execFile)('/bin/sh', command);
  t.is(stdout, 'dead-letter\n');
  const { size } = await stat(path);
  t.true(size < 1000, `${size} bytes`);
  t.deepEqual(
    (await entries(path)).map(({ raw }) => raw),
    ['one', 'two'],
  );
});

test('leaves what another process appends alone', async (t) => {
  const path = join(await temporaryFolder(t), 'rejects');
  const deadLetter = openAt(path);
  await deadLetter.keep([rejected('one')]);
  await appendFile(path, '{"raw":"theirs"}\n');
  await deadLetter.keep([rejected('two')]);
  t.deepEqual(
    (await entries(path)).map(({ raw }) => raw),
    ['one', 'theirs', 'two'],
  );
});

/** Lets the attempt that is under way end, and the next one begin. */
async function nextAttempt(clock: ManualClock, over: () => boolean = () => false): Promise<void> {
  while (clock.waiting === 0 && !over()) await settled();
  await clock.advance(60_000);
}
