import { join } from 'node:path';
import test from 'ava';
import type { ComponentContext, Source, Transform } from '../../src/core/component.ts';
import { closeParts, createParts, openParts } from '../../src/pipeline/parts.ts';
import { memorySink } from '../contracts/memory-sink.ts';
import { planned, planOf } from '../contracts/planned.ts';
import { recordingLog } from '../contracts/testing.ts';

function setUp({ failing }: { readonly failing?: string } = {}) {
  const calls: string[] = [];
  const part = (name: string) => ({
    async open() {
      calls.push(`open ${name}`);
      if (name === failing) throw new Error(`${name} does not open`);
    },
    async close() {
      calls.push(`close ${name}`);
      if (name === failing) throw new Error(`${name} does not close`);
    },
  });
  const transform = (name: string): Transform => ({ ...part(name), apply: (event) => event });
  const source: Source = { ...part('source'), async *batches() {} };
  const plan = planOf({
    source,
    transforms: [planned('transform', 'parse', transform('parse'))],
    sinks: {
      first: {
        sink: { ...memorySink(), ...part('first') },
        transforms: [planned('transform', 'own', transform('own'))],
      },
      second: { sink: { ...memorySink(), ...part('second') } },
    },
  });
  return { calls, plan, parts: createParts(plan, { dataDir: '/data', log: recordingLog() }) };
}

const never = new AbortController().signal;

test('opens sinks first and the source last, and closes the other way round', async (t) => {
  const { calls, parts } = setUp();
  await openParts(parts, never);
  t.deepEqual(calls, ['open first', 'open second', 'open own', 'open parse', 'open source']);
  calls.length = 0;
  await closeParts(parts);
  t.deepEqual(calls, ['close source', 'close parse', 'close own', 'close second', 'close first']);
});

test('opens nothing after a failure', async (t) => {
  const { calls, parts } = setUp({ failing: 'own' });
  await t.throwsAsync(openParts(parts, never), { message: 'own does not open' });
  t.deepEqual(calls, ['open first', 'open second', 'open own']);
});

test('closes everything although one part fails to', async (t) => {
  const { calls, parts } = setUp({ failing: 'own' });
  await t.throwsAsync(closeParts(parts), { message: 'own does not close' });
  t.is(calls.length, 5);
});

test('opens nothing more once it is told to stop', async (t) => {
  const { calls, parts } = setUp();
  await openParts(parts, AbortSignal.abort());
  t.deepEqual(calls, []);
});

test('gives each part a folder of its own', (t) => {
  const { plan } = setUp();
  const contexts: ComponentContext[] = [];
  const spy = <C extends { readonly spec: { create(config: unknown, context: ComponentContext): unknown } }>(
    part: C,
  ): C => ({
    ...part,
    spec: {
      ...part.spec,
      create: (config: unknown, context: ComponentContext) => {
        contexts.push(context);
        return part.spec.create(config, context);
      },
    },
  });
  const log = recordingLog();
  createParts(
    {
      ...plan,
      source: spy(plan.source),
      transforms: plan.transforms.map(spy),
      sinks: plan.sinks.map((sink) => ({ ...spy(sink), transforms: sink.transforms.map(spy) })),
    },
    { dataDir: '/data', log },
  );
  t.deepEqual(
    contexts.map(({ dataDir }) => dataDir),
    ['source/memory', 'transforms/parse', 'sinks/first', 'sinks/first/transforms/own', 'sinks/second'].map((folder) =>
      join('/data/test', folder),
    ),
  );
  for (const context of contexts) t.like(context, { pipeline: 'test', maxEventBytes: plan.maxEventBytes, log });
});
