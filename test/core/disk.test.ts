import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { syncData, syncFolder, writeAll } from '../../src/core/disk.ts';

async function newFile(t: ExecutionContext): Promise<{ readonly path: string; readonly handle: FileHandle }> {
  const folder = mkdtempSync(join(tmpdir(), 'kaudit-'));
  const path = join(folder, 'file');
  const handle = await open(path, 'a', 0o600);
  t.teardown(async () => {
    await handle.close();
    rmSync(folder, { recursive: true });
  });
  return { path, handle };
}

test('writes one buffer or several, and tells how much was taken', async (t) => {
  const { path, handle } = await newFile(t);
  let written = 0;
  const count = (bytes: number) => {
    written += bytes;
  };
  await writeAll(handle.fd, Buffer.from('one '), count);
  await writeAll(handle.fd, [Buffer.from('two '), Buffer.alloc(0), Buffer.from('three')], count);
  await writeAll(handle.fd, []);
  await syncData(handle);
  await syncFolder(join(path, '..'));
  t.is(readFileSync(path, 'utf8'), 'one two three');
  t.is(written, 13);
});

test('writes more buffers than the system takes in one call', async (t) => {
  const { path, handle } = await newFile(t);
  const views = Array.from({ length: 3000 }, (_, index) => Buffer.from(`${index}\n`));
  await writeAll(handle.fd, views);
  t.is(readFileSync(path, 'utf8'), views.join(''));
});

test('does not mind what cannot be synced, but fails for any other reason', async (t) => {
  const device = await open('/dev/null', 'w');
  await t.notThrowsAsync(syncData(device));
  await device.close();
  await t.throwsAsync(syncData(device), { code: 'EBADF' });
});

test('says when not even a part was taken', async (t) => {
  const full = await open('/dev/full', 'w');
  t.teardown(() => full.close());
  await t.throwsAsync(writeAll(full.fd, Buffer.from('x')), { code: 'ENOSPC' });
});
