import test from 'ava';
import { componentList, componentText } from '../../src/config/reference.ts';
import { components } from './specs.ts';

test('lists every component under its kind', (t) => {
  const text = componentList(components);
  t.regex(text, /^sources:\n {2}stdin {6}the stdin source of the tests\n {2}http/);
  t.regex(text, /\ntransforms:\n(.*\n)*sinks:\n/);
  for (const { summary } of components) t.true(text.includes(summary));
});

test('shows options with type, default and description, then those of every sink, then an example', (t) => {
  const spec = components.find(({ kind, type }) => kind === 'sink' && type === 'file');
  t.is(
    spec === undefined ? '' : componentText(spec),
    `sink file: the file sink of the tests

options:
  path        path, required
              the file to append to
  format      json | text, default json
              how an event is written
  flushEvery  duration, default 1s500ms
              how often
  backups     whole number, default 5
              how many old files to keep
  sync        true | false, default true
              whether to sync

as in every sink: type, name, transforms, batch {maxEvents, maxBytes, maxWait}, timeout, retry {maxElapsed}

example:
  type: file
  path: out.ndjson
`,
  );
});

test('shows the options inside of an option right behind it', (t) => {
  const text = components
    .filter(({ type }) => type === 'forbidden' || type === 'http')
    .map(componentText)
    .join('\n');
  t.regex(text, /\n {2}ignore {8}keys and values\n.*\n {2}ignore\.users {2}list of string, default \[\]\n/);
  t.regex(text, /\n {2}auth {13}none \| keys and values, default none\n.*\n {2}auth\.bearerFile {2}path, required\n/);
  t.regex(text, /\n {2}codes {9}number \| string \| list of \(number \| string\)\n/);
});

test('says so where there are no options', (t) => {
  const spec = components.find(({ type }) => type === 'stdin');
  t.regex(spec === undefined ? '' : componentText(spec), /It has no options of its own/);
});
