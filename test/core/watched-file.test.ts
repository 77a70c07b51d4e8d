import { execFileSync, spawnSync } from 'node:child_process';
import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  renameSync,
  rmSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import test, { type ExecutionContext } from 'ava';
import { LOOK_MS, SETTLE_MS, type WatchedFile, watchFile } from '../../src/core/watched-file.ts';
import { settled } from '../contracts/testing.ts';
import { SteppedClock } from '../support/stepped-clock.ts';

interface Watched {
  readonly folder: string;
  readonly path: string;
  readonly clock: SteppedClock;
  /** What the owner was told, in order. */
  readonly said: string[];
  readonly watch: WatchedFile;
  /** Lets so many looks happen; resolves with how long was waited before each. */
  looks(count: number): Promise<readonly number[]>;
}

function watched(t: ExecutionContext, { content = 'one' }: { content?: string | null } = {}): Watched {
  const folder = mkdtempSync(join(tmpdir(), 'kaudit-watch-'));
  t.teardown(() => rmSync(folder, { recursive: true, force: true }));
  const path = join(folder, 'file');
  if (content !== null) writeFileSync(path, content);
  const clock = new SteppedClock();
  const said: string[] = [];
  const watch = watchFile(path, {
    clock,
    changed: (bytes) => said.push(`changed: ${bytes}`),
    lost: (error) => said.push(`lost: ${error instanceof Error ? error.message.replace(/,.*/, '') : error}`),
    back: () => said.push('back'),
  });
  t.teardown(() => watch.close());
  return { folder, path, clock, said, watch, looks: (count) => clock.steps(count) };
}

/** Opened, and found to be at rest. */
async function resting(t: ExecutionContext): Promise<Watched> {
  const file = watched(t);
  await file.watch.open();
  await file.looks(2);
  return file;
}

test('gives what the file holds, confirms it soon, and then looks every two seconds', async (t) => {
  const { watch, looks, said } = watched(t);
  t.is(String(await watch.open()), 'one');
  t.deepEqual(await looks(4), [SETTLE_MS, SETTLE_MS, LOOK_MS, LOOK_MS]);
  t.deepEqual(said, []);
});

test('a file that cannot be read at the start fails the opening', async (t) => {
  const { watch, clock } = watched(t, { content: null });
  await t.throwsAsync(watch.open(), { code: 'ENOENT' });
  t.is(clock.waiting, false);
});

for (const [what, make, message] of [
  ['a folder', (path: string) => mkdirSync(path), /folder/],
  ['a pipe that nobody writes', (path: string) => execFileSync('mkfifo', [path]), /not a regular file/],
] as const) {
  test(`${what} cannot be watched, and holds nobody up`, async (t) => {
    const { watch, path } = watched(t, { content: null });
    make(path);
    await t.throwsAsync(watch.open(), { message });
  });
}

const replacements: Readonly<Record<string, (file: Watched) => void>> = {
  'written in place': ({ path }) => writeFileSync(path, 'two'),
  'renamed over': ({ path, folder }) => {
    writeFileSync(join(folder, 'new'), 'two');
    renameSync(join(folder, 'new'), path);
  },
  'removed and made anew': ({ path }) => {
    unlinkSync(path);
    writeFileSync(path, 'two');
  },
};

for (const [how, replace] of Object.entries(replacements)) {
  test(`a file that is ${how} has changed once two looks agree`, async (t) => {
    const file = await resting(t);
    replace(file);
    t.deepEqual(await file.looks(1), [LOOK_MS]);
    t.deepEqual(file.said, []);
    t.deepEqual(await file.looks(1), [SETTLE_MS]);
    t.deepEqual(file.said, ['changed: two']);
    t.deepEqual(await file.looks(2), [LOOK_MS, LOOK_MS]);
    t.deepEqual(file.said, ['changed: two']);
  });
}

test('follows a path whose symbolic link is turned to another folder', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'kaudit-watch-'));
  t.teardown(() => rmSync(folder, { recursive: true }));
  for (const version of ['1', '2']) {
    mkdirSync(join(folder, `..${version}`));
    writeFileSync(join(folder, `..${version}`, 'policy.yaml'), `version ${version}`);
  }
  symlinkSync('..1', join(folder, '..data'));
  symlinkSync(join('..data', 'policy.yaml'), join(folder, 'policy.yaml'));
  const clock = new SteppedClock();
  const said: string[] = [];
  const watch = watchFile(join(folder, 'policy.yaml'), { clock, changed: (bytes) => said.push(String(bytes)) });
  t.teardown(() => watch.close());
  t.is(String(await watch.open()), 'version 1');
  symlinkSync('..2', join(folder, '..new'));
  renameSync(join(folder, '..new'), join(folder, '..data'));
  await clock.steps(3);
  t.deepEqual(said, ['version 2']);
});

test('waits for whoever is still writing, longer each time', async (t) => {
  const file = await resting(t);
  for (let i = 0; i < 8; i++) {
    appendFileSync(file.path, '+');
    await file.looks(1);
  }
  t.deepEqual(file.said, []);
  t.true((await file.looks(1)).every((ms) => ms > SETTLE_MS));
  t.deepEqual(file.said, ['changed: one++++++++']);
  writeFileSync(file.path, 'two');
  t.deepEqual(await file.looks(2), [LOOK_MS, SETTLE_MS]);
});

test('half a file that was read at the start is made up for', async (t) => {
  const { watch, path, looks, said } = watched(t, { content: 'on' });
  await watch.open();
  writeFileSync(path, 'one');
  await looks(2);
  t.deepEqual(said, ['changed: one']);
});

test('the same bytes written again are no change', async (t) => {
  const file = await resting(t);
  writeFileSync(file.path, 'one');
  await file.looks(4);
  t.deepEqual(file.said, []);
});

test('a change that is taken back before it settled is none', async (t) => {
  const file = await resting(t);
  writeFileSync(file.path, 'two');
  await file.looks(1);
  writeFileSync(file.path, 'one');
  await file.looks(4);
  t.deepEqual(file.said, []);
});

test('nobody hears of a file that is gone at one look and back at the next', async (t) => {
  const file = await resting(t);
  renameSync(file.path, `${file.path}~`);
  await file.looks(1);
  renameSync(`${file.path}~`, file.path);
  await file.looks(3);
  t.deepEqual(file.said, []);
});

test('a file that stays away is reported once, and its return too', async (t) => {
  const file = await resting(t);
  renameSync(file.path, `${file.path}~`);
  await file.looks(4);
  t.deepEqual(file.said, ['lost: ENOENT: no such file or directory']);
  renameSync(`${file.path}~`, file.path);
  await file.looks(3);
  t.deepEqual(file.said.slice(1), ['back']);
  unlinkSync(file.path);
  await file.looks(2);
  writeFileSync(file.path, 'two');
  await file.looks(2);
  t.deepEqual(file.said.slice(2), ['lost: ENOENT: no such file or directory', 'back', 'changed: two']);
});

test('says nothing after it was closed, not even of a look that had begun', async (t) => {
  const file = await resting(t);
  writeFileSync(file.path, 'two');
  await file.looks(1);
  file.clock.fire();
  file.watch.close();
  for (let i = 0; i < 50; i++) await settled();
  t.is(file.clock.waiting, false);
  t.deepEqual(file.said, []);
  file.watch.close();
});

test('says nothing of a file that is lost after it was closed', async (t) => {
  const file = await resting(t);
  unlinkSync(file.path);
  await file.looks(1);
  file.clock.fire();
  file.watch.close();
  for (let i = 0; i < 50; i++) await settled();
  t.deepEqual(file.said, []);
});

test('can be closed before it was opened, and then does not begin to look', async (t) => {
  const { watch, clock } = watched(t);
  watch.close();
  await watch.open();
  t.is(clock.waiting, false);
});

test('does not keep a process alive', (t) => {
  const { path } = watched(t);
  const module = fileURLToPath(new URL('../../src/core/watched-file.ts', import.meta.url));
  const script = `import { watchFile } from ${JSON.stringify(module)};
    await watchFile(${JSON.stringify(path)}, { changed() {} }).open();
    console.log('opened');`;
  const args = ['--no-warnings', '--input-type=module', '--eval', script];
  const { stdout, status, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8', timeout: 20_000 });
  t.is(`${stdout}${stderr}`, 'opened\n');
  t.is(status, 0);
});
