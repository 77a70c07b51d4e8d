import { resolve } from 'node:path';
import test from 'ava';
import { type FilesOptions, filesPlan } from '../../src/commands/files.ts';
import { KauditError } from '../../src/core/errors.ts';

function plan(options: Partial<FilesOptions> = {}, { onTerminal = false } = {}) {
  const { source, transforms, sinks } = filesPlan({ files: [], ...options }, { onTerminal });
  const shown = ({ spec, config }: (typeof transforms)[number] | typeof source | (typeof sinks)[number]) => ({
    type: spec.type,
    ...(config as object),
  });
  const [sink] = sinks;
  return {
    source: shown(source),
    transforms: transforms.map(shown),
    sink: sink && shown(sink),
    delivery: sink?.delivery,
    sinks: sinks.length,
  };
}

function refusal(options: Partial<FilesOptions>): string {
  try {
    plan(options);
    return 'none';
  } catch (error) {
    return error instanceof KauditError ? `${error.code}: ${error.message}` : String(error);
  }
}

test('reads standard input and writes refused requests to standard output unless told otherwise', (t) => {
  const { source, transforms, sink, sinks } = plan();
  t.deepEqual(source, { type: 'stdin' });
  t.deepEqual(transforms, [{ type: 'parse', maxEventBytes: 16 * 1024 * 1024 }, { type: 'forbidden' }]);
  t.deepEqual(sink, { type: 'stdout', format: 'json' });
  t.is(sinks, 1);
});

test('reads the files that are named, in their order; - stays standard input', (t) => {
  const files = ['b.log', '-', '/var/log/a.log.gz'];
  t.deepEqual(plan({ files }).source, { type: 'files', paths: [resolve('b.log'), '-', '/var/log/a.log.gz'] });
});

test('each option of the rule becomes an option of forbidden', (t) => {
  const rule = (options: Partial<FilesOptions>) => plan(options).transforms[1];
  t.deepEqual(rule({ codes: '401,4xx, >500' }), { type: 'forbidden', codes: '401,4xx, >500' });
  t.deepEqual(rule({ preset: 'denied' }), { type: 'forbidden', preset: 'denied' });
  t.deepEqual(rule({ stages: 'ResponseComplete, Panic' }), {
    type: 'forbidden',
    stages: ['ResponseComplete', 'Panic'],
  });
  t.deepEqual(rule({ preset: 'podsec', stages: 'Panic' }), { type: 'forbidden', preset: 'podsec', stages: ['Panic'] });
});

test('--all passes everything on, and goes with no rule', (t) => {
  t.deepEqual(
    plan({ all: true }).transforms.map(({ type }) => type),
    ['parse'],
  );
  const passes = 'usage: --all passes everything: leave it out, or';
  t.is(refusal({ all: true, codes: '403' }), `${passes} --codes`);
  t.is(refusal({ all: true, preset: 'denied' }), `${passes} --preset`);
  t.is(refusal({ all: true, stages: 'Panic' }), `${passes} --stages`);
});

test('--output replaces a file, - is standard output', (t) => {
  const { sink } = plan({ output: 'out.ndjson' });
  t.like(sink, { type: 'file', path: resolve('out.ndjson'), truncate: true, sync: 'end', format: 'json' });
  t.is(plan({ output: '-' }).sink?.type, 'stdout');
});

test('a terminal gets text, unless a format is named', (t) => {
  const format = (options: Partial<FilesOptions>, onTerminal: boolean) => {
    const { sink } = plan(options, { onTerminal });
    return (sink as { readonly format?: string } | undefined)?.format;
  };
  t.is(format({}, true), 'text');
  t.is(format({}, false), 'json');
  t.is(format({ output: '-' }, true), 'text');
  t.is(format({ output: 'x' }, true), 'json');
  t.is(format({ format: 'json' }, true), 'json');
  t.is(format({ format: 'text' }, false), 'text');
});

test('writes are large, wait for a slow reader and are never repeated', (t) => {
  const { delivery } = plan();
  t.is(delivery?.retry.maxElapsedMs, 0);
  t.is(delivery?.timeoutMs, 86_400_000);
  t.true((delivery?.batch.maxEvents ?? 0) > 1000 && (delivery?.batch.maxWaitMs ?? 1000) < 1000);
});

test('problems name the option, all at once', (t) => {
  t.regex(refusal({ codes: 'many' }), /^usage: --codes: /);
  t.regex(refusal({ codes: '' }), /^usage: --codes: /);
  t.regex(refusal({ preset: 'deny' }), /^usage: --preset: /);
  t.regex(refusal({ stages: 'Panic,Finished' }), /^usage: --stages: /);
  t.regex(refusal({ output: '' }), /^usage: --output: must not be empty$/);
  t.regex(refusal({ preset: 'denied', codes: '403' }), /^usage: --codes: cannot be given together with preset denied/);
  const both = refusal({ preset: 'deny', stages: 'x' }).split('\n');
  t.is(both.length, 2);
  t.regex(both.join(), /--preset: .*--stages: |--stages: .*--preset: /);
});
