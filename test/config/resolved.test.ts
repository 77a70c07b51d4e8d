import test from 'ava';
import { planFrom } from '../../src/config/build-plan.ts';
import { isMap } from '../../src/config/findings.ts';
import { resolvedPipeline } from '../../src/config/resolved.ts';
import { components } from './specs.ts';

function resolved(value: Readonly<Record<string, unknown>>, shown: unknown = value) {
  const file = '/etc/pipelines/a.yaml';
  const { plan } = planFrom({ value, components, directory: '/etc/pipelines', defaultName: 'a' });
  if (plan === undefined) throw new Error('the pipeline of this test is not valid');
  return resolvedPipeline({ file, plan, shown });
}

const source = { type: 'stdin' };
const sinks = [{ type: 'stdout' }];

test('fills in every default, and every name', (t) => {
  t.deepEqual(resolved({ source, sinks }), {
    name: 'a',
    source: { type: 'stdin', name: 'stdin' },
    transforms: [{ type: 'parse', name: 'parse', maxEventBytes: '16MiB' }],
    sinks: [
      {
        type: 'stdout',
        name: 'stdout',
        format: 'json',
        transforms: [],
        batch: { maxEvents: 1000, maxBytes: '4MiB', maxWait: '0s' },
        timeout: '30s',
        retry: { maxElapsed: 'forever' },
      },
    ],
  });
});

test('what was written stays as it was written, but paths become absolute', (t) => {
  const written = { type: 'many', paths: ['-', 'x', '../y', '/z'], numbers: [1, 'two'], timeout: '60s' };
  t.like(resolved({ source, sinks: [written] }), {
    sinks: [{ paths: ['-', '/etc/pipelines/x', '/etc/y', '/z'], numbers: [1, 'two'], timeout: '60s' }],
  });
});

test('shows what is to be shown, not what the plan was made of', (t) => {
  const sink = (token: string) => ({ type: 'web', url: 'http://a', headers: { token } });
  const shown = { source, sinks: [sink('***')] };
  const text = JSON.stringify(resolved({ source, sinks: [sink('hunter2')] }, shown));
  t.true(text.includes('***'));
  t.false(text.includes('hunter2'));
});

test('a listed parse is not doubled, and each transform keeps its own options', (t) => {
  const transforms = [
    { type: 'parse', maxEventBytes: '1MiB' },
    { type: 'forbidden', preset: 'denied' },
  ];
  const own = [{ type: 'forbidden', preset: 'podsec' }];
  t.like(resolved({ source, transforms, sinks: [{ type: 'stdout', transforms: own }] }), {
    transforms: [
      { type: 'parse', maxEventBytes: '1MiB' },
      { name: 'forbidden', preset: 'denied' },
    ],
    sinks: [{ transforms: [{ name: 'forbidden-2', preset: 'podsec' }] }],
  });
  t.like(resolved({ source, transforms: transforms.slice(1), sinks }), {
    transforms: [{ type: 'parse', maxEventBytes: '16MiB' }, { preset: 'denied' }],
  });
});

test('what it makes is a pipeline of its own, with the same meaning', (t) => {
  const value = { source: { type: 'http', auth: { bearerFile: 'token' } }, sinks: [{ type: 'file', path: 'out' }] };
  const again = resolved(value);
  t.true(isMap(again));
  t.deepEqual(resolved(again), again);
});
