import {
  copyFileSync,
  existsSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import fc from 'fast-check';
import { RegularFile, type RegularFileOptions } from '../../../src/sinks/output/regular-file.ts';
import { holds } from '../../support/property.ts';
import { tempFolder } from '../pipe.ts';

function fileIn(t: ExecutionContext, options: Partial<RegularFileOptions> = {}) {
  const path = join(tempFolder(t), 'out');
  const file = new RegularFile(path, { sync: 'batch', truncate: false, maxLineBytes: 1000, ...options });
  const found = () => statSync(path, { bigint: true, throwIfNoEntry: false });
  t.teardown(() => file.close());
  return {
    path,
    open: () => file.open(found()),
    append: (text: string) => file.append(Buffer.from(text), found()),
    close: () => file.close(),
    content: (name = path) => readFileSync(name, 'utf8'),
  };
}

test('makes the file for its owner alone, and leaves the mode of one that is there', async (t) => {
  const { path, open } = fileIn(t);
  await open();
  t.is(statSync(path).mode & 0o777, 0o600);
  const other = fileIn(t);
  writeFileSync(other.path, '', { mode: 0o640 });
  await other.open();
  t.is(statSync(other.path).mode & 0o777, 0o640);
});

const rotations = {
  'renamed and made again': (path: string) => {
    renameSync(path, `${path}.1`);
    writeFileSync(path, '');
  },
  'renamed, and others write to the new one': (path: string) => {
    renameSync(path, `${path}.1`);
    writeFileSync(path, 'of others\n');
  },
  renamed: (path: string) => renameSync(path, `${path}.1`),
  'copied and truncated': (path: string) => {
    copyFileSync(path, `${path}.1`);
    truncateSync(path, 0);
  },
};
for (const [how, rotate] of Object.entries(rotations)) {
  for (const sync of ['batch', 'end'] as const) {
    test(`follows a rotation: ${how}, sync ${sync}`, async (t) => {
      const { path, append, close, content } = fileIn(t, { sync });
      await append('one\n');
      rotate(path);
      await append('two\n');
      await append('three\n');
      await close();
      t.is(content(`${path}.1`), 'one\n');
      t.is(content().replace('of others\n', ''), 'two\nthree\n');
    });
  }
}

test('makes the file again when it was removed', async (t) => {
  const { path, append, content } = fileIn(t);
  await append('one\n');
  rmSync(path);
  await append('two\n');
  t.is(content(), 'two\n');
});

test('empties the file when it is first opened, and mends it every other time', async (t) => {
  const { path, open, append, close, content } = fileIn(t, { truncate: true });
  writeFileSync(path, 'what was there');
  await open();
  t.is(content(), '');
  await append('one\n');
  await close();
  writeFileSync(path, 'half a li', { flag: 'a' });
  await open();
  t.is(content(), 'one\n');
  t.is(content(`${path}.torn`), 'half a li\n');
});

test('holds what was appended, in order, whatever happens to the path in between', async (t) => {
  const step = fc.constantFrom('append', 'append', 'append', 'rename', 'remove', 'close', 'foreign');
  const property = fc.asyncProperty(fc.array(step, { maxLength: 20 }), async (steps) => {
    const { path, append, close, content } = fileIn(t);
    let expected = '';
    let old: string[] = [];
    let id = 0;
    for (const step of steps) {
      const line = `${id++}\n`;
      if (step === 'append') {
        await append(line);
        expected += line;
      } else if (step === 'close') {
        await close();
      } else if (step === 'foreign') {
        writeFileSync(path, line, { flag: 'a' });
        expected += line;
      } else if (existsSync(path)) {
        if (step === 'rename') {
          old = [...old, expected];
          renameSync(path, `${path}.${old.length}`);
        } else rmSync(path);
        expected = '';
      }
      t.is(existsSync(path) ? content() : '', expected);
      t.deepEqual(
        old.map((_, index) => content(`${path}.${index + 1}`)),
        old,
      );
    }
    await close();
  });
  await holds(t, property, { runs: 40 });
});
