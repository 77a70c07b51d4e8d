import test from 'ava';
import { codeOf, explainReadError, explainSystemError } from '../../src/core/system-errors.ts';

const failure = (code: string, path?: string) => Object.assign(new Error(`${code}: it failed`), { code, path });

test('says in plain words what is wrong and what to do', (t) => {
  t.is(explainSystemError(failure('ENOSPC'), '/a/b'), 'disk full, free some space');
  t.is(explainSystemError(failure('ENOENT'), '/a/b'), 'folder /a does not exist, create it');
  t.is(explainSystemError(failure('EEXIST'), '/a/b'), '/a/b is not a folder, choose another path');
});

test('speaks of the place that the error names', (t) => {
  t.is(explainSystemError(failure('ENOTDIR', '/x/y'), '/a/b'), '/x is not a folder, choose another path');
});

test('takes the advice of the caller where it has some', (t) => {
  const remedies = { ENOSPC: 'make room' };
  t.is(explainSystemError(failure('ENOSPC'), '/a/b', remedies), 'disk full, make room');
  t.is(explainSystemError(failure('EISDIR'), '/a/b', remedies), 'it is a folder, name a file in it');
});

test('tells an error that it does not know as it is', (t) => {
  t.is(explainSystemError(failure('EWHATEVER'), '/a', { EWHATEVER: 'no' }), 'EWHATEVER: it failed');
  t.is(explainSystemError(new Error('odd'), '/a'), 'odd');
  t.is(explainSystemError('thrown', '/a'), 'thrown');
});

test('says why something cannot be read, in the same manner', (t) => {
  t.is(explainReadError(failure('ENOENT', '/a/b')), 'no such file or directory');
  t.is(explainReadError(failure('EACCES')), `permission denied, let user id ${process.getuid?.()} read it`);
  t.is(explainReadError(failure('EWHATEVER')), 'EWHATEVER: it failed');
  t.is(explainReadError('thrown'), 'thrown');
});

test('knows the code of an error of the system', (t) => {
  t.is(codeOf(failure('EPIPE')), 'EPIPE');
  t.is(codeOf(new Error('odd')), '');
  t.is(codeOf(undefined), '');
});
