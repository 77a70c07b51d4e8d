import { linkSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import fc from 'fast-check';
import { fileIdentity } from '../../src/commands/file-identity.ts';
import { holds } from '../support/property.ts';

/**
 *   real/deep/     far -> real/deep
 *   real/there     dangling -> far/../new
 */
function folderWith(t: ExecutionContext): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'kaudit-identity-')));
  t.teardown(() => rmSync(folder, { recursive: true }));
  mkdirSync(join(folder, 'real', 'deep'), { recursive: true });
  writeFileSync(join(folder, 'real', 'there'), '');
  linkSync(join(folder, 'real', 'there'), join(folder, 'second-name'));
  symlinkSync('real/deep', join(folder, 'far'));
  symlinkSync('far/../new', join(folder, 'dangling'));
  symlinkSync('loop', join(folder, 'loop'));
  return folder;
}

const sameFile = [
  ['a file and its name by a link to a folder', 'real/there', 'far/../there'],
  ['two names of one file', 'real/there', 'second-name'],
  ['a file to be made, through a link to its folder', 'real/deep/new', 'far/new'],
  ['a file to be made, behind a link to a folder and back', 'real/new', 'far/../new'],
  ['a file to be made, and a link that leads to it', 'real/new', 'dangling'],
  ['a file to be made in a folder to be made', 'real/deep/a/new', 'far/a/new'],
  ['a file to be made, past a folder that is to be made', 'real/new', 'real/missing/../new'],
  ['a path with dots in it', 'real/new', 'real/./deep/.././new'],
] as const;

for (const [what, one, other] of sameFile) {
  test(`is the same for ${what}`, async (t) => {
    const folder = folderWith(t);
    const identities = await Promise.all([one, other].map((name) => fileIdentity(`${folder}/${name}`)));
    t.is(identities[0], identities[1]);
    t.not(identities[0], undefined);
    t.is(await fileIdentity(relative(process.cwd(), `${folder}/${one}`)), identities[0]);
  });
}

test('is another one for every other file', async (t) => {
  const folder = folderWith(t);
  const names = ['real/there', 'real/new', 'new', 'far/new', 'far/there', 'real/deep/x/new', 'loop', 'loop/new'];
  const identities = await Promise.all(names.map((name) => fileIdentity(`${folder}/${name}`)));
  t.is(new Set(identities).size, names.length);
});

test('there is none for what cannot be written over', async (t) => {
  for (const path of ['/dev/null', tmpdir()]) t.is(await fileIdentity(path), undefined);
});

test('is the same before the file is made as for every other name of it then', async (t) => {
  const part = fc.constantFrom('real', 'deep', 'far', '..', '.', 'dangling', 'x');
  const paths = fc.array(fc.array(part, { maxLength: 5 }), { minLength: 2, maxLength: 6 });
  const folder = folderWith(t);
  const made = (path: string) => {
    try {
      writeFileSync(path, '', { flag: 'a' });
      return true;
    } catch {
      return false;
    }
  };
  const property = fc.asyncProperty(paths, async (paths) => {
    const names = paths.map((parts) => [folder, ...parts, 'file'].join('/'));
    const before = await Promise.all(names.map(fileIdentity));
    const openable = names.map(made);
    const after = await Promise.all(names.map(fileIdentity));
    for (const name of names) rmSync(name, { force: true });
    for (const [one, isMade] of openable.entries()) {
      for (const [other, otherIsMade] of openable.entries()) {
        if (isMade && otherIsMade) t.is(before[one] === before[other], after[one] === after[other]);
      }
    }
  });
  await holds(t, property, { runs: 150 });
});
