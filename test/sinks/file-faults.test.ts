import { type ExecFileSyncOptions, execFileSync } from 'node:child_process';
import {
  closeSync,
  existsSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmdirSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import test, { type ExecutionContext } from 'ava';
import fc from 'fast-check';
import { SinkError } from '../../src/core/errors.ts';
import spec from '../../src/sinks/file.ts';
import { eventsFrom, linesOf } from '../contracts/sink.ts';
import { testContext } from '../contracts/transform.ts';
import { holds } from '../support/property.ts';
import { tempFolder } from './pipe.ts';

const never = new AbortController().signal;
const script = fileURLToPath(new URL('file-child.ts', import.meta.url));

/**
 * A file system of 96 KiB, or why there is none. It is taken out of the tree as soon as it is open, so that it is gone
 * with this process however that ends.
 */
function tinyDisk(t: ExecutionContext): string | Error {
  const folder = mkdtempSync(join(tmpdir(), 'kaudit-disk-'));
  const silent: ExecFileSyncOptions = { stdio: ['ignore', 'ignore', 'pipe'] };
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=96k', 'tmpfs', folder], silent);
  } catch (error) {
    rmdirSync(folder);
    return error as Error;
  }
  const disk = openSync(folder, 'r');
  t.teardown(() => closeSync(disk));
  execFileSync('umount', ['-l', folder], silent);
  rmdirSync(folder);
  return `/proc/self/fd/${disk}`;
}

/** Takes what is left on the disk but for some bytes. */
function fill(ballast: string, bytesLeft: number): void {
  try {
    writeFileSync(ballast, Buffer.alloc(96 * 1024));
  } catch {
    truncateSync(ballast, Math.max(0, readFileSync(ballast).length - bytesLeft));
  }
}

const step = fc.oneof(
  { weight: 4, arbitrary: fc.record({ write: fc.integer({ min: 1, max: 40 }), padding: fc.nat(900) }) },
  { weight: 2, arbitrary: fc.record({ leave: fc.nat(30_000) }) },
  { weight: 2, arbitrary: fc.constant('free' as const) },
  { weight: 1, arbitrary: fc.constant('reopen' as const) },
);

test('holds exactly the batches that were written, however often the disk was full', async (t) => {
  const disk = tinyDisk(t);
  if (typeof disk !== 'string') {
    t.log(`skipped: cannot mount a file system (${disk.message.split('\n')[0]})`);
    t.pass();
    return;
  }
  const [path, ballast] = [join(disk, 'audit.ndjson'), join(disk, 'ballast')];
  let refused = 0;
  await holds(
    t,
    fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 25 }), async (steps) => {
      const sink = spec.create(spec.config.parse({ path }), testContext());
      let expected = '';
      let id = 1;
      for (const step of steps) {
        if (step === 'free') rmSync(ballast, { force: true });
        else if (step === 'reopen') await sink.close?.();
        else if ('leave' in step) fill(ballast, step.leave);
        else {
          const events = eventsFrom(id, step.write, { padding: step.padding });
          id += step.write;
          try {
            await sink.write(events, never);
            expected += linesOf(events);
          } catch (error) {
            refused++;
            t.true(error instanceof SinkError);
            t.is((error as SinkError).message, `cannot append to ${path}: disk full, free some space`);
          }
        }
        const content = existsSync(path) ? readFileSync(path, 'utf8') : '';
        t.is(content, expected);
      }
      await sink.close?.();
      rmSync(path, { force: true });
      rmSync(ballast, { force: true });
    }),
    { runs: 60 },
  );
  t.true(refused > 0);
});

test('leaves whole lines when the file may not grow further', (t) => {
  const path = join(tempFolder(t), 'audit.ndjson');
  const command = `ulimit -f 16 && exec "$0" --no-warnings "$1" "$2"`;
  const args = ['-c', command, process.execPath, script, JSON.stringify({ batches: 12, path })];
  const said = execFileSync('sh', args, { encoding: 'utf8' }).trim().split('\n');
  const written = said.filter((line) => line === 'written').length;
  t.true(written > 0 && written < 12);
  const reason = 'the file has reached its size limit, raise the limit (ulimit -f) or rotate the file';
  t.deepEqual([...new Set(said)], ['written', `cannot append to ${path}: ${reason}`]);
  t.is(readFileSync(path, 'utf8'), linesOf(eventsFrom(1, written * 10, { padding: 200 })));
});

/** The calls of the system on the file itself and on its path, in order; `undefined` where they cannot be watched. */
function callsOf(t: ExecutionContext, path: string, options: { readonly sync: 'batch' | 'end' }): string[] | undefined {
  const trace = `${path}.trace`;
  const calls = 'trace=write,writev,pwrite64,pwritev,fsync,fdatasync,ftruncate,/.*stat.*';
  const command = [process.execPath, '--no-warnings', script, JSON.stringify({ batches: 4, path, ...options })];
  try {
    execFileSync('strace', ['-f', '-y', '-e', calls, '-o', trace, ...command], { stdio: ['ignore', 'ignore', 'pipe'] });
  } catch (error) {
    t.log(`skipped: strace does not work here (${(error as Error).message.split('\n')[0]})`);
    t.pass();
    return undefined;
  }
  const onFile = new RegExp(`\\w+(?=\\((\\d+<${path}>|[^"(]*"${path}"))`, 'g');
  const seen = readFileSync(trace, 'utf8').match(onFile) ?? [];
  return seen.map((call) => (call.includes('stat') ? 'stat' : call));
}

test('needs one look at its path, one write and one sync a batch', (t) => {
  const seen = callsOf(t, join(tempFolder(t), 'audit.ndjson'), { sync: 'batch' });
  if (seen === undefined) return;
  const batch = ['stat', 'write', 'fsync'];
  t.deepEqual(seen.slice(seen.indexOf('write')), ['write', 'fsync', ...batch, ...batch, ...batch]);
});

test('needs one sync in all where it syncs in the end', (t) => {
  const seen = callsOf(t, join(tempFolder(t), 'audit.ndjson'), { sync: 'end' });
  if (seen === undefined) return;
  t.deepEqual(seen.slice(seen.indexOf('write')), ['write', 'stat', 'write', 'stat', 'write', 'stat', 'write', 'fsync']);
});
