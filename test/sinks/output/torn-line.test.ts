import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { mendTail } from '../../../src/sinks/output/torn-line.ts';
import { tempFolder } from '../pipe.ts';

async function mended(t: ExecutionContext, path: string, maxBytes = 1 << 24) {
  const handle = await open(path, 'a+');
  t.teardown(() => handle.close());
  await mendTail(handle, path, maxBytes);
  return {
    content: readFileSync(path),
    aside: existsSync(`${path}.torn`) ? readFileSync(`${path}.torn`) : undefined,
  };
}

const tails = [
  ['nothing', '', '', undefined],
  ['a whole object that lacks its newline', '{"a":"b"}', '{"a":"b"}\n', undefined],
  ['half an object', '{"a":"b', '', '{"a":"b\n'],
  ['bytes that are no text', Buffer.from([0xff, 0, 0]), '', Buffer.from([0xff, 0, 0, 0x0a])],
  ['a line longer than one read', `{"a":"${'x'.repeat(200_000)}`, '', `{"a":"${'x'.repeat(200_000)}\n`],
  ['a scalar', 'true', '', 'true\n'],
] as const;
for (const [what, tail, completed, aside] of tails) {
  for (const before of ['', '{"before":1}\n', `{"before":"${'y'.repeat(70_000)}"}\n`]) {
    test(`mends a last line that is ${what}, after ${before.length} bytes`, async (t) => {
      const path = join(tempFolder(t), 'audit.ndjson');
      writeFileSync(path, before);
      appendFileSync(path, tail);
      const found = await mended(t, path);
      t.is(found.content.toString(), before + completed);
      t.deepEqual(found.aside, aside === undefined ? undefined : Buffer.from(aside as string));
      t.deepEqual(await mended(t, path), found, 'there is nothing left to mend');
    });
  }
}

test('puts a whole object aside that is longer than a line may be', async (t) => {
  const path = join(tempFolder(t), 'audit.ndjson');
  writeFileSync(path, '{"a":"b"}');
  const { content, aside } = await mended(t, path, 8);
  t.deepEqual([content.toString(), aside?.toString()], ['', '{"a":"b"}\n']);
});

test('adds to the torn lines that were kept before', async (t) => {
  const path = join(tempFolder(t), 'audit.ndjson');
  writeFileSync(`${path}.torn`, '{"older\n');
  writeFileSync(path, '{"newer');
  t.is((await mended(t, path)).aside?.toString(), '{"older\n{"newer\n');
});
