import test from 'ava';
import { folder } from './folder.ts';

test('points at the value for a wrong value, and at the parent for a missing key', async (t) => {
  const { problems } = await folder(t, {
    'a.yaml': `
source: { type: http, auth: { bearer: x } }
sinks:
  - type: web
    url: 5
    headers:
      X-Count: 7
  - type: web
    url:
  - type: file
    path: [x]
    backups: 1.5
    sync: yes
  - type: file
    path: x
    backups: 101
`,
    'b.yaml': 'sinks: [{ type: stdout, transforms: 5 }]\n',
    'c.yaml': '- a\n',
  });
  t.deepEqual(await problems('a.yaml', 'b.yaml', 'c.yaml'), [
    'a.yaml:2:23 source.auth.bearerFile: missing, expected a path',
    'a.yaml:2:31 source.auth.bearer: unknown key, did you mean "bearerFile"?',
    'a.yaml:5:10 sinks[0].url: expected a string, received a number',
    'a.yaml:7:16 sinks[0].headers.X-Count: expected a string, received a number',
    'a.yaml:9:5 sinks[1].url: empty, expected a string',
    'a.yaml:11:11 sinks[2].path: expected a path, received a list',
    'a.yaml:12:14 sinks[2].backups: expected a whole number, received 1.5',
    'a.yaml:13:11 sinks[2].sync: expected true or false, received a string',
    'a.yaml:16:14 sinks[3].backups: must be at most 100',
    'b.yaml:1:1 source: missing, expected a source with a type: one of stdin, http',
    'b.yaml:1:37 sinks[0].transforms: expected a list, received a number',
    'c.yaml:1:1 expected keys and values, received a list',
  ]);
});

test('says what a list should hold', async (t) => {
  const { problems } = await folder(t, {
    'a.yaml': 'source: { type: stdin }\n',
    'b.yaml': 'source: { type: stdin }\nsinks:\n',
    'c.yaml': 'source: { type: stdin }\nsinks: stdout\n',
    'd.yaml': `source: { type: stdin }
transforms: [{ type: forbidden, ignore: { users: root } }]
sinks: [{ type: many, paths: audit.log, numbers: 5 }]
`,
  });
  t.deepEqual(await problems('a.yaml', 'b.yaml', 'c.yaml', 'd.yaml'), [
    'a.yaml:1:1 sinks: missing, expected a list of sinks, each with a type: one of stdout, file, web, many',
    'b.yaml:2:1 sinks: empty, expected a list of sinks, each with a type: one of stdout, file, web, many',
    'c.yaml:2:8 sinks: expected a list of sinks, each with a type, received a string',
    'd.yaml:2:50 transforms[0].ignore.users: expected a list of strings, such as ["one", "two"], received a string',
    'd.yaml:3:30 sinks[0].paths: expected a list of paths, such as [audit.log], received a string',
    'd.yaml:3:50 sinks[0].numbers: expected a list of number or string, received a number',
  ]);
});

test('says of a type of another kind what it is', async (t) => {
  const { problems } = await folder(t, {
    'a.yaml': 'source: { type: forbidden }\nsinks: [{ type: nosuchthing }, { type: 5 }]\n',
  });
  t.deepEqual(await problems('a.yaml'), [
    'a.yaml:1:17 source.type: "forbidden" is a transform, not a source; sources are stdin, http',
    'a.yaml:2:17 sinks[0].type: unknown sink "nosuchthing", known are stdout, file, web, many',
    'a.yaml:2:40 sinks[1].type: must be one of stdout, file, web, many',
  ]);
});

test('a name that objects inherit is an unknown key like any other', async (t) => {
  const { problems } = await folder(t, {
    'a.yaml': 'source: { type: stdin, constructor: 1, __proto__: { a: 1 } }\nsinks: [{ type: toString }]\n',
  });
  t.deepEqual(await problems('a.yaml'), [
    'a.yaml:1:24 source.constructor: unknown key, known are type, name',
    'a.yaml:1:40 source.__proto__: unknown key, known are type, name',
    'a.yaml:2:17 sinks[0].type: unknown sink "toString", known are stdout, file, web, many',
  ]);
});

test('explains the two unknown keys that look right', async (t) => {
  const { problems } = await folder(t, {
    'a.yaml':
      'source: { type: stdin }\nsinks:\n  - type: stdout\n    format\u00a0: json\n  - <<: { type: stdout }\n    type: stdout\n',
  });
  t.deepEqual(await problems('a.yaml'), [
    'a.yaml:4:5 sinks[0].format\u00a0: unknown key, it holds a non-breaking space; use plain spaces',
    'a.yaml:5:5 sinks[1].<<: unknown key, merging (<<) is not supported; write the keys out',
  ]);
});

test('limits the wait for a fuller batch', async (t) => {
  const text = (wait: string) => `source: { type: stdin }\nsinks: [{ type: stdout, batch: { maxWait: ${wait} } }]\n`;
  const { problems, load } = await folder(t, { 'a.yaml': text('5001ms'), 'b.yaml': text('5s') });
  t.deepEqual(await problems('a.yaml'), [
    'a.yaml:2:43 sinks[0].batch.maxWait: must be at most 5s, events that wait are kept in memory only',
  ]);
  t.is((await load('b.yaml')).length, 1);
});

test('parse stands first, once, and not in a sink', async (t) => {
  const { problems } = await folder(t, {
    'a.yaml': `
source: { type: stdin }
transforms: [{ type: parse }, { type: forbidden }, { type: parse }]
sinks:
  - type: stdout
    transforms: [{ type: parse }]
`,
  });
  t.deepEqual(await problems('a.yaml'), [
    'a.yaml:3:60 transforms[2].type: parse is already listed, remove one of them',
    "a.yaml:6:26 sinks[0].transforms[0].type: parse cannot stand in a sink, list it first under the pipeline's own transforms",
  ]);
});
