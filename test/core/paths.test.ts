import { join, resolve } from 'node:path';
import test from 'ava';
import { z } from 'zod';
import { filePath, relativeTo } from '../../src/core/paths.ts';

test('a relative path starts from the directory of the file that names it', (t) => {
  const schema = z.strictObject({ path: filePath().prefault('out.ndjson'), more: z.array(filePath()).optional() });
  t.deepEqual(
    relativeTo('/etc/pipelines', () => schema.parse({ more: ['../a', '/b'] })),
    {
      path: '/etc/pipelines/out.ndjson',
      more: ['/etc/a', '/b'],
    },
  );
});

test('outside of a file a path starts from the current directory', (t) => {
  t.is(filePath().parse('x'), resolve('x'));
  t.throws(() =>
    relativeTo('/etc', () => {
      throw new Error('a schema failed');
    }),
  );
  t.is(filePath().parse('x'), join(process.cwd(), 'x'));
});

test('refuses a path that cannot be meant', (t) => {
  const message = (path: string) => filePath().safeParse(path).error?.issues[0]?.message ?? 'accepted';
  t.is(message(''), 'must not be empty');
  t.regex(message('~/x'), /^~ is not expanded/);
  t.regex(message('a\0b'), /NUL/);
  t.is(message('~backup'), 'accepted');
});
