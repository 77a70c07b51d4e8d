import { join } from 'node:path';
import test from 'ava';
import { parse } from 'yaml';
import { planFrom } from '../../src/config/build-plan.ts';
import { pathText } from '../../src/config/findings.ts';
import { components } from './specs.ts';

const draft = (text: string, defaultName = 'a') => {
  return planFrom({ value: parse(text), components, directory: '/etc/pipelines', defaultName });
};
const planOf = (text: string) => draft(text).plan;
const found = (text: string, defaultName?: string) => {
  return draft(text, defaultName).findings.map(({ path, at, message }) => `${pathText(path)} (${at}): ${message}`);
};
const names = (list: readonly { readonly name: string }[] | undefined) => list?.map(({ name }) => name);

test('fills in defaults, names and the implied parse', (t) => {
  const plan = planOf(`
source: { type: stdin }
transforms:
  - type: forbidden
sinks:
  - type: file
    path: out/a.ndjson
    transforms: [{ type: forbidden, preset: denied }]
  - type: file
    path: /srv/b.ndjson
    batch: { maxEvents: 10, maxBytes: 64KiB, maxWait: 2s }
    timeout: 1m
    retry: { maxElapsed: 0s }
  - type: stdout
    name: terminal
`);
  t.is(plan?.name, 'a');
  t.is(plan?.source.name, 'stdin');
  t.is(plan?.maxEventBytes, 16 * 1024 * 1024);
  t.deepEqual(names(plan?.transforms), ['parse', 'forbidden']);
  t.deepEqual(names(plan?.sinks), ['file', 'file-2', 'terminal']);
  t.deepEqual(names(plan?.sinks[0]?.transforms), ['forbidden-2']);
  t.deepEqual(plan?.sinks[0]?.delivery, {
    batch: { maxEvents: 1000, maxBytes: 4 * 1024 * 1024, maxWaitMs: 0 },
    timeoutMs: 30_000,
    retry: { maxElapsedMs: undefined },
  });
  t.deepEqual(plan?.sinks[1]?.delivery, {
    batch: { maxEvents: 10, maxBytes: 65_536, maxWaitMs: 2000 },
    timeoutMs: 60_000,
    retry: { maxElapsedMs: 0 },
  });
  t.deepEqual(plan?.sinks[1]?.config, {
    path: '/srv/b.ndjson',
    format: 'json',
    flushEvery: 1500,
    backups: 5,
    sync: true,
  });
});

test('relative paths start at the directory of the draft', (t) => {
  const plan = planOf('source: { type: stdin }\nsinks: [{ type: file, path: ../a.ndjson }]');
  t.like(plan?.sinks[0]?.config, { path: join('/etc', 'a.ndjson') });
});

test('a listed parse is the one that is used, and sets the limit of an event', (t) => {
  const plan = planOf(
    'source: { type: stdin }\ntransforms: [{ type: parse, maxEventBytes: 1MiB }]\nsinks: [{ type: stdout }]',
  );
  t.is(plan?.maxEventBytes, 1024 * 1024);
  t.deepEqual(names(plan?.transforms), ['parse']);
});

test('there is a plan or there are findings, never both', (t) => {
  const { plan, findings } = draft('source: { type: stdin }\nsinks: [{ type: stdout }, { type: stdout, timeout: 30 }]');
  t.is(plan, undefined);
  t.is(findings.length, 1);
  t.deepEqual(draft('source: { type: stdin }\nsinks: [{ type: stdout }]').findings, []);
  t.is(planOf('[]'), undefined);
});

test('parse stands first, once, and not in a sink', (t) => {
  const places = found(`
source: { type: stdin }
transforms: [{ type: forbidden }, { type: parse }, { type: parse }]
sinks: [{ type: stdout, transforms: [{ type: parse }] }]
`);
  t.deepEqual(places, [
    'transforms[1].type (value): parse must be the first transform',
    'transforms[2].type (value): parse is already listed, remove one of them',
    "sinks[0].transforms[0].type (value): parse cannot stand in a sink, list it first under the pipeline's own transforms",
  ]);
});

test('a default name that cannot be a name has to be replaced by one that can', (t) => {
  const text = 'source: { type: stdin }\nsinks: [{ type: stdout }]';
  t.regex(found(text, 'a b').join(), /^name \(key\): missing, and the file name cannot stand for it: "a b" holds/);
  t.deepEqual(found(`name: ab\n${text}`, 'a b'), []);
});
