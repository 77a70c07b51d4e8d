import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { gzipSync } from 'node:zlib';
import test from 'ava';
import type { Source } from '../../src/core/component.ts';
import files from '../../src/sources/files.ts';
import { testSource } from '../contracts/source.ts';
import { testContext } from '../contracts/transform.ts';
import { filesOf, namedPipe, numbered, tempFolder } from './inputs.ts';
import { namesOf, outcomesInChild } from './pipe-child.ts';
import { testPipes } from './pipe-suite.ts';

const make = (...paths: string[]): Source => files.create(files.config.parse({ paths }), testContext());

testSource(
  test,
  async (t) => {
    const { records, contents } = numbered(40);
    return { source: make(...filesOf(t, contents)), records };
  },
  { name: 'files, packed and not' },
);

const suite = new URL('pipe-suite.ts', import.meta.url);

for (const name of namesOf(testPipes)) {
  test(name, async (t) => {
    t.is((await outcomesInChild(suite))[name], 'passed');
  });
}

const cutOff = (at: number) =>
  `cut off at byte ${at}, in the middle of packed data; what could be unpacked was read, get a good copy`;

async function read(source: Source): Promise<readonly string[]> {
  const found: string[] = [];
  for await (const { events, ack } of source.batches(new AbortController().signal)) {
    found.push(...events.map(({ raw, origin: { source, line, offset } }) => `${source}:${line}+${offset} ${raw}`));
    ack();
  }
  return found;
}

test('names the file, line and place in the unpacked input of each record', async (t) => {
  const paths = filesOf(t, ['{"a":1}\n\n{"a":2}', '\n{"a":3}\n']);
  t.deepEqual(await read(make(...paths)), [
    `${paths[0]}:1+0 {"a":1}`,
    `${paths[0]}:3+9 {"a":2}`,
    `${paths[1]}:2+1 {"a":3}`,
  ]);
});

test('names a file below the current directory as a person would', async (t) => {
  const found = await read(make(relative(process.cwd(), 'samples/events/eventlist.json')));
  t.regex(found[0] ?? '', /^samples\/events\/eventlist\.json:1\+0 \{"kind":"EventList"/);
  t.is(found.length, 1);
});

test('a record does not go on in the next file', async (t) => {
  const source = make(...filesOf(t, ['{"a":', '1}']));
  t.deepEqual(
    (await read(source)).map((text) => text.slice(text.indexOf(' ') + 1)),
    ['{"a":', '1}'],
  );
});

test('tells how much was read, and of how much', async (t) => {
  const contents = ['{"a":1}\n', `{"a":"${'x'.repeat(10_000)}"}\n`, ''];
  const source = make(...filesOf(t, contents));
  const total = 8 + gzipSync(contents[1] ?? '').length;
  await source.open?.();
  t.deepEqual(source.progress?.(), { bytes: 0, total, truncated: 0 });
  await read(source);
  t.deepEqual(source.progress?.(), { bytes: total, total, truncated: 0 });
});

test('does not know how much a pipe holds', async (t) => {
  const source = make(namedPipe(t).path, ...filesOf(t, ['x']));
  await source.open?.();
  t.is(source.progress?.().total, undefined);
});

test('counts the events that lost their bodies', async (t) => {
  const long = `{"kind":"Event","requestObject":"${'x'.repeat(500)}"}`;
  const paths = filesOf(t, [`${long}\n{"kind":"Event"}\n`, long]);
  const source = files.create({ paths: [...paths] }, { ...testContext(), maxEventBytes: 200 });
  t.is((await read(source)).length, 3);
  t.is(source.progress?.().truncated, 2);
});

test('does not start when one of its inputs cannot be read, and says why', async (t) => {
  const folder = tempFolder(t);
  const good = join(folder, 'good.log');
  writeFileSync(good, '');
  mkdirSync(join(folder, 'folder'));
  const refusal = (path: string) => t.throwsAsync(async () => make(good, path).open?.(), { code: 'source-open' });
  const missing = join(folder, 'missing.log');
  t.is((await refusal(missing))?.message, `cannot open ${missing}: no such file`);
  const directory = join(folder, 'folder');
  t.is((await refusal(directory))?.message, `cannot read ${directory}: it is a directory, name the files in it`);
  if (process.getuid?.() === 0) return;
  const secret = join(folder, 'secret.log');
  writeFileSync(secret, '');
  chmodSync(secret, 0);
  t.regex(
    (await refusal(secret))?.message ?? '',
    /^cannot open .*: permission denied; kube-apiserver's log is readable by/,
  );
});

test('reads the other inputs when one breaks, and then fails with what broke', async (t) => {
  const folder = tempFolder(t);
  const torn = join(folder, 'torn.log.gz');
  const good = join(folder, 'good.log');
  const packed = gzipSync('{"a":1}\n{"a":2}\n'.repeat(100)).subarray(0, -12);
  writeFileSync(torn, packed);
  writeFileSync(good, '{"a":3}\n');
  const found: string[] = [];
  const error = await t.throwsAsync(
    async () => {
      for await (const { events, ack } of make(torn, good, join(folder, 'gone')).batches(
        new AbortController().signal,
      )) {
        found.push(...events.map(({ raw }) => raw.toString()));
        ack();
      }
    },
    { code: 'source-read' },
  );
  t.is(found.at(-1), '{"a":3}');
  const [first, second, ...rest] = (error?.message ?? '').split('\n');
  t.is(first, `cannot unpack ${torn}: ${cutOff(packed.length)}`);
  t.is(second, `cannot open ${join(folder, 'gone')}: no such file`);
  t.deepEqual(rest, []);
});

test('wants at least one path', (t) => {
  t.false(files.config.safeParse({ paths: [] }).success);
  t.false(files.config.safeParse({ paths: [''] }).success);
  t.deepEqual(files.config.parse({ paths: ['-', '/a'] }), { paths: ['-', '/a'] });
});
