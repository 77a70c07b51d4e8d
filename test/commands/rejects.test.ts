import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { eventOf } from '../../src/audit/bytes-event.ts';
import { rejectsFiles } from '../../src/commands/rejects.ts';
import type { Rejected } from '../../src/core/dead-letter.ts';
import { EventError, SinkError } from '../../src/core/errors.ts';

function opened(t: ExecutionContext) {
  const folder = mkdtempSync(join(tmpdir(), 'kaudit-rejects-'));
  t.teardown(() => rmSync(folder, { recursive: true, force: true }));
  const said: string[] = [];
  const log = { info: () => {}, warn: () => {}, error: (message: string) => void said.push(message) };
  const files = rejectsFiles((name) => join(folder, name, 'rejects.ndjson'), { onFailure: 'fail', log });
  return { folder, files, said };
}

const event = eventOf('{"a":1}');
const bad: Rejected = { event, component: 'parse', error: new EventError('not-json', 'not JSON') };
const undelivered = (sink: string, message = 'no answer'): Rejected => {
  return { event, component: `sinks.${sink}`, error: new SinkError(message) };
};

test('tells bad records from events that a sink did not take, by sink', async (t) => {
  const { files } = opened(t);
  const deadLetter = files.deadLetterFor('p');
  await deadLetter.keep([bad, undelivered('a'), bad]);
  await deadLetter.keep([undelivered('b'), undelivered('a')]);
  await deadLetter.close();
  const { path, rejected, undelivered: bySink } = files.of('p');
  t.is(rejected, 2);
  t.deepEqual(
    [...bySink],
    [
      ['sinks.a', 2],
      ['sinks.b', 1],
    ],
  );
  t.is(path, files.pathOf('p'));
  t.is(readFileSync(path, 'utf8').trimEnd().split('\n').length, 5);
});

test("an event that a sink's own transform refused is a bad record", async (t) => {
  const { files } = opened(t);
  const deadLetter = files.deadLetterFor('p');
  await deadLetter.keep([{ ...bad, component: 'sinks.a.forbidden' }]);
  t.like(files.of('p'), { rejected: 1, undelivered: new Map() });
});

test('what could not be written is not counted', async (t) => {
  const { folder, files } = opened(t);
  writeFileSync(join(folder, 'p'), 'a file where a folder is needed');
  const deadLetter = files.deadLetterFor('p');
  await t.throwsAsync(deadLetter.keep([bad, undelivered('a')]), { code: 'dead-letter' });
  t.like(files.of('p'), { rejected: 0, undelivered: new Map() });
});

test('says once for each sink that its events are put aside, with the reason and the file', async (t) => {
  const { files, said } = opened(t);
  const deadLetter = files.deadLetterFor('p');
  await deadLetter.keep([bad]);
  t.deepEqual(said, []);
  await deadLetter.keep([undelivered('a', 'disk full'), undelivered('a', 'another')]);
  await deadLetter.keep([undelivered('b', 'no route'), undelivered('a')]);
  t.deepEqual(
    said.map((message) => message.replace(files.pathOf('p'), 'FILE')),
    ['a: disk full', 'b: no route'].map((text) => {
      const [sink, reason] = text.split(': ');
      return `sinks.${sink} of p does not take every event: ${reason}; what it does not take goes to FILE`;
    }),
  );
});

test('each pipeline has a file and counts of its own', async (t) => {
  const { files } = opened(t);
  await files.deadLetterFor('p').keep([bad]);
  files.deadLetterFor('q');
  t.is(files.of('p').rejected, 1);
  t.is(files.of('q').rejected, 0);
  t.not(files.pathOf('p'), files.pathOf('q'));
});
