import { closeSync, fstatSync, openSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { isDevice, openDevice, openNamedDevice } from '../../../src/sinks/output/device.ts';
import { tempFolder } from '../pipe.ts';

// What hands a pipe to a socket is tested in ../pipe-suite.ts, in a process of its own.

const statsOf = (path: string) => statSync(path, { bigint: true });

test('knows what is written to as a stream: everything but files and folders, and descriptors', (t) => {
  const folder = tempFolder(t);
  const path = join(folder, 'file');
  writeFileSync(path, '');
  symlinkSync('/dev/null', join(folder, 'link'));
  t.false(isDevice(path, statsOf(path)));
  t.false(isDevice(folder, statsOf(folder)));
  t.true(isDevice('/dev/null', statsOf('/dev/null')));
  t.true(isDevice(join(folder, 'link'), statsOf(join(folder, 'link'))));
  for (const name of ['/dev/stdout', '/dev/stderr', '/dev/fd/12', '/proc/self/fd/3', '/proc/17/fd/3']) {
    t.true(isDevice(name, statsOf(path)), name);
  }
  for (const name of ['/dev/fd/x', '/proc/self/fd', '/x/dev/fd/1', '/dev/stdout.log']) {
    t.false(isDevice(name, statsOf(path)), name);
  }
});

test('writes to a file behind a descriptor, one buffer or several, and leaves the descriptor open', async (t) => {
  const path = join(tempFolder(t), 'out');
  const fd = openSync(path, 'w');
  t.teardown(() => closeSync(fd));
  const device = openDevice(fd);
  t.is(await device.write(Buffer.from('one ')), 4);
  t.is(await device.write([Buffer.from('two '), Buffer.from('three')]), 9);
  t.is(device.close, undefined);
  t.true(fstatSync(fd).isFile());
  t.is(readFileSync(path, 'utf8'), 'one two three');
});

test('appends to what it was given by name, and closes only its own descriptor', async (t) => {
  const path = join(tempFolder(t), 'out');
  writeFileSync(path, 'before ');
  const fd = openSync(path, 'a');
  t.teardown(() => closeSync(fd));
  const name = `/dev/fd/${fd}`;
  const device = openNamedDevice(name, statsOf(name));
  await device.write(Buffer.from('after'));
  device.close?.();
  t.true(fstatSync(fd).isFile());
  t.is(readFileSync(path, 'utf8'), 'before after');
});

test('hands over the error of the system', async (t) => {
  const device = openNamedDevice('/dev/full', statsOf('/dev/full'));
  await t.throwsAsync(device.write(Buffer.from('x')), { code: 'ENOSPC' });
  device.close?.();
});
