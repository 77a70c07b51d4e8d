import { Ajv2020 } from 'ajv/dist/2020.js';
import test, { type ExecutionContext } from 'ava';
import { parse } from 'yaml';
import { pipelineJsonSchema } from '../../src/config/json-schema.ts';
import { planOf } from '../../src/config/load.ts';
import { components } from './specs.ts';

const ajv = new Ajv2020({ strict: true, allowUnionTypes: true, allErrors: true });
const validate = ajv.compile(pipelineJsonSchema(components));

const good: Readonly<Record<string, string>> = {
  minimal: 'source: { type: stdin }\nsinks: [{ type: stdout }]',
  full: `
name: everything
source: { type: http, name: in, listen: "[::1]:80", auth: { bearerFile: /token } }
transforms:
  - { type: parse, maxEventBytes: 1MiB }
  - { type: forbidden, name: f, codes: [401, 4xx], preset: denied, ignore: { users: [root], verbs: [get] } }
sinks:
  - type: file
    name: out
    path: x
    format: text
    flushEvery: 1m30s
    backups: 0
    sync: false
    transforms: [{ type: forbidden }]
    batch: { maxEvents: 1, maxBytes: 1048576, maxWait: 0 }
    timeout: 1d
    retry: { maxElapsed: 1h }
  - { type: web, url: x, headers: { a: b }, batch: { maxWait: 5s }, timeout: 1ms, retry: { maxElapsed: forever } }
  - { type: web, url: x, batch: { maxWait: 4s1000ms, maxBytes: 1B }, timeout: 23h60m, retry: { maxElapsed: 365d } }
`,
};

const bad: Readonly<Record<string, string>> = {
  'no sinks': 'source: { type: stdin }\nsinks: []',
  'no source': 'sinks: [{ type: stdout }]',
  'an unknown key': 'source: { type: stdin }\nsinks: [{ type: stdout, fromat: text }]',
  'an unknown key above': 'source: { type: stdin }\nsink: []\nsinks: [{ type: stdout }]',
  'an unknown type': 'source: { type: stdn }\nsinks: [{ type: stdout }]',
  'a type of another kind': 'source: { type: stdout }\nsinks: [{ type: stdout }]',
  'no type': 'source: { type: stdin }\nsinks: [{ format: text }]',
  'a missing option': 'source: { type: stdin }\nsinks: [{ type: file }]',
  'a wrong choice': 'source: { type: stdin }\nsinks: [{ type: stdout, format: xml }]',
  'a size without unit':
    'source: { type: stdin }\ntransforms: [{ type: parse, maxEventBytes: 64M }]\nsinks: [{ type: stdout }]',
  'a duration without unit': 'source: { type: stdin }\nsinks: [{ type: stdout, timeout: 30 }]',
  'a wait beyond the limit': 'source: { type: stdin }\nsinks: [{ type: stdout, batch: { maxWait: 6s } }]',
  'a wait in too large a unit': 'source: { type: stdin }\nsinks: [{ type: stdout, batch: { maxWait: 1m } }]',
  'a time limit beyond the limit': 'source: { type: stdin }\nsinks: [{ type: stdout, timeout: 25h }]',
  'a time limit of nothing': 'source: { type: stdin }\nsinks: [{ type: stdout, timeout: 0s }]',
  'a time limit of 0': 'source: { type: stdin }\nsinks: [{ type: stdout, timeout: 0 }]',
  'a batch of no bytes': 'source: { type: stdin }\nsinks: [{ type: stdout, batch: { maxBytes: 0 } }]',
  'a batch of 0KiB': 'source: { type: stdin }\nsinks: [{ type: stdout, batch: { maxBytes: 0KiB } }]',
  'a bad code': 'source: { type: stdin }\ntransforms: [{ type: forbidden, codes: many }]\nsinks: [{ type: stdout }]',
  'a bad code in a list':
    'source: { type: stdin }\ntransforms: [{ type: forbidden, codes: [401, 4x] }]\nsinks: [{ type: stdout }]',
  'a code that is too large':
    'source: { type: stdin }\ntransforms: [{ type: forbidden, codes: 4030 }]\nsinks: [{ type: stdout }]',
  'a wrong kind of value': 'source: { type: stdin }\nsinks: [{ type: file, path: x, backups: many }]',
  'parse in a sink': 'source: { type: stdin }\nsinks: [{ type: stdout, transforms: [{ type: parse }] }]',
  'an option of another version': 'source: { type: stdin }\nsinks: [{ type: stdout, buffer: { type: disk } }]',
  'a bad name': 'name: a/b\nsource: { type: stdin }\nsinks: [{ type: stdout }]',
};

test('accepts what the loader accepts', (t) => {
  for (const [name, text] of Object.entries(good)) {
    t.notThrows(() => planOf(parse(text), { components }), name);
    t.true(validate(parse(text)), `${name}: ${ajv.errorsText(validate.errors)}`);
  }
});

test('refuses the mistakes that the loader refuses', (t) => {
  for (const [name, text] of Object.entries(bad)) {
    t.throws(() => planOf(parse(text), { components }), undefined, name);
    t.false(validate(parse(text)), name);
  }
});

test('accepts a placeholder wherever a string is restricted', (t) => {
  const text = `
source: { type: stdin }
transforms: [{ type: parse, maxEventBytes: "\${LIMIT}" }, { type: forbidden, codes: ["\${CODE}"] }]
sinks: [{ type: stdout, format: "\${FORMAT:-json}", timeout: "\${TIMEOUT}" }]
`;
  t.true(validate(parse(text)), ajv.errorsText(validate.errors));
});

test('every option has a description, and its default as a user would write it', (t) => {
  const definitions = at(t, pipelineJsonSchema(components), '$defs');
  t.deepEqual(Object.keys(definitions).toSorted(), [
    ...[
      'batch',
      'retry',
      'sink.file',
      'sink.many',
      'sink.stdout',
      'sink.web',
      'source.http',
      'source.stdin',
      'timeout',
    ],
    ...['transform.forbidden', 'transform.parse'],
  ]);
  const options = at(t, definitions, 'sink.file', 'properties');
  for (const name of Object.keys(options)) {
    const option = at(t, options, name);
    t.true('$ref' in option || typeof Reflect.get(option, 'description') === 'string', name);
  }
  t.is(at(t, options, 'flushEvery').default, '1s500ms');
  t.is(at(t, options, 'format').default, 'json');
  t.is(at(t, definitions, 'transform.parse', 'properties', 'maxEventBytes').default, '16MiB');
  t.is(at(t, definitions, 'batch', 'properties', 'maxWait').default, '0s');
});

function at(t: ExecutionContext, value: object, ...path: readonly string[]): Readonly<Record<string, unknown>> {
  let here: unknown = value;
  for (const key of path)
    here = t.truthy(here) && typeof here === 'object' && here !== null ? Reflect.get(here, key) : {};
  return typeof here === 'object' && here !== null ? { ...here } : {};
}
