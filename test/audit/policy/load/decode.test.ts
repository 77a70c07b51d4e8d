import test from 'ava';
import { decode } from '../../../../src/audit/policy/load/decode.ts';
import { toPlain } from '../../../../src/audit/policy/load/decode-plain.ts';
import { structNamed } from '../../../../src/audit/policy/load/decode-types.ts';

const POLICY = structNamed('v1.Policy');

function plain(value: unknown): unknown {
  return toPlain(POLICY, decode(typeof value === 'string' ? value : JSON.stringify(value), POLICY).value);
}

function strict(json: string): readonly string[] {
  return decode(json, POLICY).strict;
}

function refusal(json: string, type = POLICY): string {
  try {
    decode(json, type);
  } catch (error) {
    return (error as Error).message;
  }
  return '';
}

test('empty fields are left out, but for those that Go always writes', (t) => {
  t.deepEqual(plain({}), { metadata: {}, rules: null });
  t.deepEqual(plain({ omitManagedFields: false, omitStages: [], rules: [{ users: [], omitManagedFields: false }] }), {
    metadata: {},
    rules: [{ level: '', omitManagedFields: false }],
  });
  t.deepEqual(
    plain({ metadata: { generation: 0, labels: {}, ownerReferences: [{}], deletionGracePeriodSeconds: 0 } }),
    {
      metadata: { ownerReferences: [{ apiVersion: '', kind: '', name: '', uid: '' }], deletionGracePeriodSeconds: 0 },
      rules: null,
    },
  );
});

test('null is nothing, and "" in a list of strings', (t) => {
  const rule = { level: null, users: null, verbs: [null, 'get'], resources: [null], omitManagedFields: null };
  t.deepEqual(plain({ metadata: null, rules: [rule, null] }), {
    metadata: {},
    rules: [{ level: '', verbs: ['', 'get'], resources: [{}] }, { level: '' }],
  });
});

test('a repeated key lays its value over the earlier one', (t) => {
  const rules = (...values: readonly string[]) => plain(`{${values.map((value) => `"rules":${value}`).join()}}`);
  const first = '[{"level":"None","users":["a","b"]},{"level":"Request"}]';
  const expected = (...left: readonly object[]) => ({ metadata: {}, rules: left });
  t.deepEqual(rules(first, '[{"users":["c"]}]'), expected({ level: 'None', users: ['c'] }));
  t.deepEqual(
    rules(first, '[{"level":null}]', '[{},{}]'),
    expected({ level: 'None', users: ['a', 'b'] }, { level: 'Request' }),
  );
  t.deepEqual(rules(first, '[]', '[{}]'), expected({ level: '' }));
  t.deepEqual(rules(first, 'null', '[{}]'), expected({ level: '' }));
  t.deepEqual(plain('{"metadata":{"labels":{"a":"1","b":"2"}},"metadata":{"labels":{"a":"3"}}}'), {
    metadata: { labels: { a: '3', b: '2' } },
    rules: null,
  });
});

test('unknown and repeated fields are noted with their paths, each once', (t) => {
  t.deepEqual(
    strict('{"x":1,"rules":[{},{"verb":[],"level":"a","level":"b","resources":[{"a\\"b":{"x":1}}]}],"x":2}'),
    [
      'unknown field "x"',
      'unknown field "rules[1].verb"',
      'duplicate field "rules[1].level"',
      'unknown field "rules[1].resources[0].a\\"b"',
    ],
  );
  t.deepEqual(strict('{"metadata":{"labels":{"a":"1","a":"2"}},"Rules":[]}'), [
    'duplicate field "metadata.labels.a"',
    'unknown field "Rules"',
  ]);
  const many = Array.from({ length: 120 }, (_, index) => `"x${index}":0`);
  t.is(strict(`{${many.join()}}`).length, 100);
});

test('names of objects of JavaScript are names like others', (t) => {
  t.deepEqual(strict('{"__proto__":{"rules":[]},"constructor":1,"toString":2}'), [
    'unknown field "__proto__"',
    'unknown field "constructor"',
    'unknown field "toString"',
  ]);
  const { metadata } = plain('{"metadata":{"labels":{"__proto__":"a","constructor":"b"}}}') as {
    metadata: { labels: object };
  };
  t.deepEqual(Object.entries(metadata.labels), [
    ['__proto__', 'a'],
    ['constructor', 'b'],
  ]);
});

test('the first value of a wrong type is the problem, named by its struct and the way to it', (t) => {
  const cannot = (what: string) => `json: cannot unmarshal ${what}`;
  t.is(
    refusal('{"rules":[{"users":[1],"level":2}]}'),
    cannot('number into Go struct field PolicyRule.rules.users of type string'),
  );
  t.is(refusal('{"rules":["a"]}'), cannot('string into Go struct field Policy.rules of type v1.PolicyRule'));
  t.is(
    refusal('{"rules":[{"omitManagedFields":"yes"}]}'),
    cannot('string into Go struct field PolicyRule.rules.omitManagedFields of type bool'),
  );
  t.is(
    refusal('{"metadata":{"labels":{"a":{}}}}'),
    cannot('object into Go struct field ObjectMeta.metadata.labels of type string'),
  );
  t.is(
    refusal('{"metadata":{"generation":1.5}}'),
    cannot('number 1.5 into Go struct field ObjectMeta.metadata.generation of type int64'),
  );
  t.is(refusal('{"metadata":{"generation":9223372036854775808}}').slice(0, 49), cannot('number 9223372036854775808'));
  t.is(
    refusal('{"code":2147483648}', structNamed('v1.Status')),
    cannot('number 2147483648 into Go struct field Status.code of type int32'),
  );
  t.is(refusal('[]'), cannot('array into Go value of type v1.Policy'));
});

test('a field of an embedded struct is named by it', (t) => {
  const type = structNamed('audit.Policy');
  t.is(
    refusal('{"name":1}', type),
    'json: cannot unmarshal number into Go struct field Policy.ObjectMeta.name of type string',
  );
});

test('a time that cannot be read comes before what went wrong earlier', (t) => {
  t.regex(refusal('{"omitStages":1,"metadata":{"creationTimestamp":"x"}}'), /^parsing time "x" as /);
  t.regex(
    refusal('{"omitStages":1,"metadata":{"creationTimestamp":1}}'),
    /ObjectMeta\.metadata\.creationTimestamp of type string$/,
  );
});

test('times are written in UTC and whole seconds, what is kept as it is stays', (t) => {
  const managedFields = [{ time: '2024-01-01T01:00:00.5+02:00', fieldsV1: { 'f:a': {}, b: [1, null] } }];
  t.deepEqual(
    plain({ metadata: { creationTimestamp: null, deletionTimestamp: '0001-01-01T00:00:00Z', managedFields } }),
    {
      metadata: {
        deletionTimestamp: null,
        managedFields: [{ time: '2023-12-31T23:00:00Z', fieldsV1: { 'f:a': {}, b: [1, null] } }],
      },
      rules: null,
    },
  );
});

test('surrogates that are no pair become U+FFFD', (t) => {
  t.deepEqual(plain('{"metadata":{"name":"\\ud800a\\ud83d\\ude00"}}'), {
    metadata: { name: '\ufffda😀' },
    rules: null,
  });
});
