import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { findOverwriting, refuseOverwriting } from '../../src/commands/overwriting.ts';
import { components } from '../../src/components.ts';
import { planOf } from '../../src/config/load.ts';
import type { KauditError } from '../../src/core/errors.ts';

test('never writes over an input, however it is named, nor two things into one file', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'kaudit-overwriting-'));
  t.teardown(() => rmSync(folder, { recursive: true }));
  const path = (name: string) => join(folder, name);
  for (const name of ['audit.log', 'other.log']) writeFileSync(path(name), '');
  writeFileSync(path('old.ndjson'), '');
  symlinkSync(path('audit.log'), path('link'));
  const source = { type: 'files', paths: [path('other.log'), path('audit.log')] };
  const outcome = (outputs: readonly string[], rejects = path('rejects.ndjson')) => {
    const sinks = outputs.map((output) => (output === '-' ? { type: 'stdout' } : { type: 'file', path: output }));
    return refuseOverwriting([planOf({ source, sinks }, { components })], () => rejects).then(
      () => 'allowed',
      (error: KauditError) => `${error.code}: ${error.message.replaceAll(folder, '')}`,
    );
  };
  const refusal = (what: string, name: string, other: string) =>
    `usage: ${what} would write to ${name}, which is ${other} too: name another file`;

  t.is(await outcome([path('new.ndjson')]), 'allowed');
  t.is(await outcome([path('old.ndjson')]), 'allowed');
  t.is(await outcome(['-', '-']), 'allowed');
  t.is(await outcome(['/dev/null', '/dev/null'], '/dev/null'), 'allowed');
  t.is(await outcome([path('audit.log')]), refusal('sink file', '/audit.log', 'the input'));
  t.is(await outcome([path('link')]), refusal('sink file', '/link', 'the input'));
  t.is(await outcome(['-'], path('x/../audit.log')), refusal('the rejects file', '/audit.log', 'the input'));
  t.is(await outcome([path('a'), path('a')]), refusal('sink file', '/a', 'sink file-2'));
  t.is(await outcome([path('a')], path('x/../a')), refusal('sink file', '/a', 'the rejects file'));
  symlinkSync('.', path('here'));
  t.is(await outcome([path('a'), path('here/a')]), refusal('sink file', '/a', 'sink file-2'));
  t.is(await outcome([path('a')], `${folder}/here/../a`), 'allowed');
  t.is(await outcome([path('a')], `${folder}/here/x/../a`), refusal('sink file', '/a', 'the rejects file'));
});

test('finds every conflict, within a pipeline and between two, also where the inputs are not there', async (t) => {
  const planWith = (name: string, paths: readonly string[]) => {
    const source = { type: 'files', paths: ['/missing/audit.log'] };
    return planOf({ name, source, sinks: paths.map((path) => ({ type: 'file', path })) }, { components });
  };
  const plans = [planWith('one', ['/missing/a', '/missing/b', '/missing/a']), planWith('two', ['/missing/b'])];
  const found = await findOverwriting(plans, (name) => (name === 'two' ? '/missing/audit.log' : '/missing/rejects'));
  const message = (what: string, path: string, other: string) =>
    `${what} would write to ${path}, which is ${other} too: name another file`;
  t.deepEqual(found, [
    { pipeline: 'one', message: message('sink file', '/missing/a', 'sink file-3') },
    { pipeline: 'one', message: message('sink file-2', '/missing/b', 'sink file of two') },
    { pipeline: 'two', message: message('the rejects file', '/missing/audit.log', 'the input of one') },
  ]);
  await t.throwsAsync(
    refuseOverwriting(plans, () => '/missing/rejects'),
    { code: 'source-open' },
  );
});
