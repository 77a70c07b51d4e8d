import test from 'ava';
import fc from 'fast-check';
import { filesPlan } from '../../src/commands/files.ts';
import type { Rejects } from '../../src/commands/rejects.ts';
import { summaryOf } from '../../src/commands/summary.ts';
import { type Counts, emptyCounts } from '../../src/core/counts.ts';
import type { PipelinePlan } from '../../src/pipeline/plan.ts';
import type { PipelineStatus } from '../../src/pipeline/supervisor.ts';
import { holds } from '../support/property.ts';

const denied = filesPlan({ files: [], preset: 'denied' }, { onTerminal: false });
const everything = filesPlan({ files: [], all: true }, { onTerminal: false });

function status(name: string, sinks: Readonly<Record<string, Partial<Counts>>>, truncated = 0): PipelineStatus {
  const books = Object.entries(sinks).map(([sink, counts]) => {
    return [sink, { ...emptyCounts(), bytesRead: 0, bytesDelivered: 0, ...counts }] as const;
  });
  return { name, state: 'ended', sinks: new Map(books), progress: { bytes: 0, total: 0, truncated } };
}

function rejects(path: string, rejected = 0, undelivered: Readonly<Record<string, number>> = {}): Rejects {
  return { path, rejected, undelivered: new Map(Object.entries(undelivered)) };
}

const lines = (plans: readonly PipelinePlan[], statuses: readonly PipelineStatus[], rejected = 0) =>
  summaryOf(plans, statuses, (name) => rejects(`/data/${name}.ndjson`, rejected)).lines;

test('names the rule and what became of every event', (t) => {
  const counts = { read: 9, made: 2, filtered: 6, delivered: 4, deadLettered: 1 };
  t.deepEqual(lines([denied], [status('p', { stdout: counts })], 1), [
    'forbidden (preset denied (401, 403 or decision forbid)): ' +
      'read 9 + made 2 = policy-dropped 0 + filtered 6 + deduplicated 0 + delivered 4 + dead-lettered 1 + buffered 0',
    '1 rejected, kept with the reasons in /data/p.ndjson',
  ]);
});

test('says so when no rule was applied', (t) => {
  t.regex(lines([everything], [status('p', { stdout: {} })])[0] ?? '', /^every event: read 0 \+ made 0 = /);
});

test('tells sinks and pipelines apart where there are several, and names the rules of each sink', (t) => {
  const [sink] = everything.sinks;
  const [, rule] = denied.transforms;
  const plan: PipelinePlan = {
    ...everything,
    sinks: [
      { ...sink, name: 'archive' },
      { ...sink, name: 'admins', transforms: [rule] },
    ] as PipelinePlan['sinks'],
  };
  const found = lines(
    [plan, denied],
    [status('one', { archive: { deadLettered: 2 }, admins: { deadLettered: 3 } }), status('two', { stdout: {} })],
  );
  t.deepEqual(
    found.map((line) => line.replace(/: read .*/, '')),
    [
      'one to archive: every event',
      'one to admins: forbidden (preset denied (401, 403 or decision forbid))',
      'two to stdout: forbidden (preset denied (401, 403 or decision forbid))',
    ],
  );
});

test('tells what was rejected from what a sink did not take', (t) => {
  const counts = { read: 9, delivered: 3, deadLettered: 6 };
  const sinks = { a: counts, b: counts };
  const { lines, undelivered } = summaryOf([everything], [status('p', sinks)], () => {
    return rejects('/data/p.ndjson', 2, { 'sinks.a': 4, 'sinks.b': 1 });
  });
  t.is(lines.length, 3);
  t.is(lines[2], '2 rejected, kept with the reasons in /data/p.ndjson');
  t.deepEqual(undelivered, [
    '4 events were not delivered to sinks.a of p, kept with the reasons in /data/p.ndjson',
    '1 event was not delivered to sinks.b of p, kept with the reasons in /data/p.ndjson',
  ]);
});

test('says nothing of a file for rejects that is not there', (t) => {
  const summary = summaryOf([everything], [status('p', { stdout: {} })], (name) => rejects(name));
  t.is(summary.lines.length, 1);
  t.deepEqual(summary.undelivered, []);
});

test('tells how many events lost their bodies', (t) => {
  const found = lines([{ ...everything, maxEventBytes: 1000 }], [status('p', { stdout: {} }, 3)]);
  t.is(found[1], '3 larger than the limit of 1000 bytes, bodies truncated');
});

test('adds up, or says what is missing', async (t) => {
  const count = fc.nat({ max: 1_000_000 });
  const some = fc.record({ made: count, policyDropped: count, filtered: count, deduplicated: count, delivered: count });
  const property = fc.property(
    some,
    count,
    count,
    fc.integer({ min: -3, max: 3 }),
    (some, deadLettered, buffered, missing) => {
      const { made, ...gone } = some;
      const right = Object.values({ ...gone, deadLettered, buffered }).reduce((sum, value) => sum + value, 0);
      const counts = { ...some, deadLettered, buffered, read: right - made + missing };
      const [line = ''] = lines([everything], [status('p', { stdout: counts })]);
      const [left = '', behind = ''] = line
        .replace('every event: ', '')
        .replace(/ \(.*\)$/, '')
        .split(' = ');
      const sum = (side: string) => side.split(' + ').reduce((sum, term) => sum + Number(term.split(' ').at(-1)), 0);
      t.is(sum(left) - sum(behind), missing);
      t.is(line.includes(`(${missing} not accounted for)`), missing !== 0);
      t.is(line.includes('not accounted'), missing !== 0);
    },
  );
  await holds(t, property);
});
