import { gzipSync } from 'node:zlib';
import test, { type ExecutionContext } from 'ava';
import { readEvents } from '../../../src/commands/policy/read-events.ts';
import { eventLine, folder } from './folder.ts';

async function read(t: ExecutionContext, files: Readonly<Record<string, string | Uint8Array>>) {
  const { path } = await folder(t, files);
  const refused: string[] = [];
  const found: string[] = [];
  const reader = readEvents(Object.keys(files).map(path), ({ event, error }) => {
    refused.push(`${event.origin.line} ${error.code}`);
  });
  await reader.open();
  let failure: unknown;
  try {
    for await (const events of reader.batches()) {
      for (const { head, origin } of events) found.push(`${origin.line} ${head.auditID}`);
    }
  } catch (error) {
    failure = error;
  }
  return { found, refused, failure, progress: reader.progress() };
}

test('whole events come in their order, what is none is handed to the caller', async (t) => {
  const id = (auditID: string) => eventLine({ auditID });
  const log = `${id('a')}{"kind":"Event"\n${id('b')}[]\n\n${eventLine({ auditID: 'c', requestObject: 1 }).replace(':1}', ':01}')}`;
  const { found, refused } = await read(t, { 'a.log': log, 'b.gz': gzipSync(id('d')) });
  t.deepEqual(found, ['1 a', '3 b', '1 d']);
  t.deepEqual(refused.sort(), ['2 not-json', '4 not-an-audit-event', '6 not-json']);
});

test('a large log is read to its end, in memory that is used again', async (t) => {
  const line = eventLine({ auditID: 'x', requestObject: 'y'.repeat(1000) });
  const { found, refused, progress } = await read(t, { 'a.log': line.repeat(60_000) });
  t.is(found.length, 60_000);
  t.is(found.at(-1), '60000 x');
  t.deepEqual(refused, []);
  t.is(progress.bytes, line.length * 60_000);
});

test('an input that ends too early fails in the end', async (t) => {
  const { found, failure } = await read(t, {
    'a.gz': gzipSync(eventLine({ auditID: 'a' })).subarray(0, -9),
    'b.log': eventLine({ auditID: 'b' }),
  });
  t.is(found.at(-1), '1 b');
  t.like(failure, { code: 'source-read' });
});

test('an input that cannot be opened is told before anything is read', async (t) => {
  const { path } = await folder(t, {});
  await t.throwsAsync(readEvents([path('nix')], () => {}).open(), { code: 'source-open' });
});

test('an event that is larger than the limit comes without its bodies, and is counted', async (t) => {
  const large = eventLine({ auditID: 'a', responseObject: 'x'.repeat(17 * 1024 * 1024) });
  const { found, progress } = await read(t, { 'a.log': large });
  t.deepEqual(found, ['1 a']);
  t.is(progress.truncated, 1);
});
