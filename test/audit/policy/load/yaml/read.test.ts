import test from 'ava';
import { yamlToJson } from '../../../../../src/audit/policy/load/yaml/read.ts';

function read(text: string): unknown {
  return JSON.parse(yamlToJson(Buffer.from(text)).json);
}

function problem(text: string): string | undefined {
  try {
    read(text);
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

test('nothing is null', (t) => {
  for (const text of ['', '\n', '# x', '---', '--- # x\n', '---\n...', '~']) t.is(read(text), null, text);
});

test('only the first document is read, what follows may be broken', (t) => {
  t.deepEqual(read('---\na: 1\n---\nb: [\n'), { a: 1 });
  t.deepEqual(read(`a: 1\n...\n${'# x\n'.repeat(300)}\0`), { a: 1 });
  t.is(problem('a: 1\n--- [\n\0'), 'yaml: control characters are not allowed');
  t.is(read('---\n---\na: 1\n'), null);
});

test('keys are sorted by their bytes, and become strings', (t) => {
  t.is(
    yamlToJson(Buffer.from('b: 0\nB: 0\n1: 0\nyes: 0\n1.50: 0\n😀: 0\n\uffee: 0\n')).json,
    '{"1":0,"1.5":0,"B":0,"b":0,"true":0,"\uffee":0,"😀":0}',
  );
  t.deepEqual(read('? 1e6\n: a\n? 0.1\n: b\n? -.inf\n: c\n? .nan\n: d\n'), {
    '1e+06': 'a',
    '0.1': 'b',
    '-.inf': 'c',
    '.nan': 'd',
  });
});

test('keys that cannot be strings are refused, and so are values that JSON does not have', (t) => {
  t.is(
    problem('~: [a, {b: 1}]'),
    'unsupported map key of type: %!s(<nil>), key: <nil>, value: []interface {}{"a", map[interface {}]interface {}{"b":1}}',
  );
  t.is(problem('18446744073709551615: a'), 'unsupported map key of type: uint64, key: 0xffffffffffffffff, value: "a"');
  t.is(problem('? [a]\n: b'), 'yaml: invalid map key: []interface {}{"a"}');
  t.is(problem('b: .inf\na: .nan'), 'json: unsupported value: NaN');
});

test('of repeated keys the last counts, and all are told with the line of the value', (t) => {
  const { json, duplicates } = yamlToJson(Buffer.from('a: 1\nb:\n  1: x\n  1: z\na:\n- 2\n'));
  t.is(json, '{"a":[2],"b":{"1":"z"}}');
  t.is(duplicates, 'yaml: unmarshal errors:\n  line 4: key 1 already set in map\n  line 6: key "a" already set in map');
});

test('merge keys lay mappings over what is there, earlier ones of a list over later ones', (t) => {
  t.deepEqual(read('a: &a {x: 1, v: 1}\nb: &b {v: 2, z: 2}\nc: {<<: [*a, *b], w: 3}\n'), {
    a: { x: 1, v: 1 },
    b: { v: 2, z: 2 },
    c: { w: 3, x: 1, v: 1, z: 2 },
  });
  t.deepEqual(read('c: {x: 1, <<: {x: 2}}'), { c: { x: 2 } });
  t.deepEqual(read('c: {"<<": 1}'), { c: { '<<': 1 } });
  t.is(problem('<<: 1'), 'yaml: map merge requires map or sequence of maps as the value');
});

test('aliases are copies of what their anchor last named', (t) => {
  t.deepEqual(read('- &a [1]\n- *a\n- &a 2\n- *a\n'), [[1], [1], 2, 2]);
  t.is(problem('- *a\n- &a 1\n'), "yaml: unknown anchor 'a' referenced");
  t.is(problem('&a [*a]'), "yaml: anchor 'a' value contains itself");
});

test('block scalars keep or fold their lines', (t) => {
  t.deepEqual(read('a: |\n  x\n   y\n\nb: >-\n  x\n  y\n\n  z\nc: |+\n  x\n\nd: >1\n  x\n'), {
    a: 'x\n y\n',
    b: 'x y\nz',
    c: 'x\n\n',
    d: ' x\n',
  });
});

test('quoted and plain scalars fold their lines', (t) => {
  t.deepEqual(read(`["a\n b\n\n c \\\n d", 'it''s\n x', a\n b]`), ['a b\nc d', "it's x", 'a b']);
  t.deepEqual(read('"\\x41\\u00e9\\U0001F600\\n\\t\\_\\0"'), 'Aé😀\n\t\u00a0\0');
});

test('CR, CR LF, NEL and the Unicode separators are line breaks', (t) => {
  t.deepEqual(read('a: 1\rb: 2\r\nc: 3\u0085d: 4\u2028e: 5\u2029f: 6'), { a: 1, b: 2, c: 3, d: 4, e: 5, f: 6 });
  t.is(read('"a\u2028b\u0085c"'), 'a\u2028b c');
});

test('brackets may be indented as one likes, and pairs need no braces in them', (t) => {
  t.deepEqual(read('a:\n  b: [\nx,\n  v: z,\n]\n'), { a: { b: ['x', { v: 'z' }] } });
  t.deepEqual(read('{a, b: , "c":d, ? e : f,}'), { a: null, b: null, c: 'd', e: 'f' });
});

test('an anchor or a tag may stand on a line of its own', (t) => {
  t.deepEqual(read('&a\n- x\n'), ['x']);
  t.deepEqual(read('a: !!map &a\n  b: c\nd: *a\n'), { a: { b: 'c' }, d: { b: 'c' } });
});

test('lists may stand at the column of their key', (t) => {
  t.deepEqual(read('a:\n- b:\n  - c\n-\n- - d\n'), { a: [{ b: ['c'] }, null, ['d']] });
});

test('an empty list ends before it could be a key', (t) => {
  t.deepEqual(read('[]: x\n'), []);
  t.is(problem('[a]: x\n'), 'yaml: invalid map key: []interface {}{"a"}');
});

test('tags of one exclamation mark, or unknown ones, leave strings', (t) => {
  t.deepEqual(read('- ! 12\n- !foo 12\n- !<tag:a%20b> 12\n- !!x 12\n'), ['12', '12', '12', '12']);
  t.is(read('%TAG ! tag:yaml.org,2002:int\n---\n! 12\n'), '12');
  t.is(read('%TAG !! tag:x,2000:\n---\n!!int x\n'), 'x');
});

test('directives say the version and what tags stand for', (t) => {
  t.is(read('%YAML 1.1\n%TAG !y! tag:yaml.org,2002:\n---\n!y!str 1\n'), '1');
  t.is(problem('\n%YAML 1.2\n---\na\n'), 'yaml: line 1: found incompatible YAML document');
  t.is(problem('!y!str 1\n'), 'yaml: found undefined tag handle');
});

const refused: readonly (readonly [text: string, problem: string])[] = [
  ['a: b: c', 'mapping values are not allowed in this context'],
  ['\na: b: c', 'line 2: mapping values are not allowed in this context'],
  ['a: 1\nb\nc: 2\n', "line 3: could not find expected ':'"],
  ['a: 1\n b: 2\n', 'line 2: mapping values are not allowed in this context'],
  ['a:\n  b: 1\n c: 2\n', 'line 2: did not find expected key'],
  ['a:\n- b\nc: d\n- e\n', 'line 3: did not find expected key'],
  ['- a\nb: c\n', "line 1: did not find expected '-' indicator"],
  ['a: [b\nc: d\n', "line 1: did not find expected ',' or ']'"],
  ['\na: {b\n', "line 2: did not find expected ',' or '}'"],
  ['a: [b, , c]\n', 'did not find expected node content'],
  ['a: - b\n', 'block sequence entries are not allowed in this context'],
  ['a:\n\tb: 1\n', 'line 2: found character that cannot start any token'],
  ['a: @b\n', 'found character that cannot start any token'],
  ['a: b\n\tc\n', 'line 2: found a tab character that violates indentation'],
  ['a: "b\n', 'line 2: found unexpected end of stream'],
  ["a: 'b\n---\n", 'line 2: found unexpected document indicator'],
  ['a: "\\q"\n', 'found unknown escape character'],
  ['a: | b\n', 'did not find expected comment or line break'],
  ['a: |0\n', 'found an indentation indicator equal to 0'],
  ['a: |\n\tb\n', 'line 2: found a tab character where an indentation space is expected'],
  ['x: {a:\n b: c}\n', "line 1: did not find expected ',' or '}'"],
  ['a: 1\n[]: x\n', 'line 1: did not find expected key'],
  ['- []: x\n', "did not find expected '-' indicator"],
  ['a: &\n', 'did not find expected alphabetic or numeric character'],
  ['%FOO\n---\n', 'found unknown directive name'],
  [`a: 1\n${'k'.repeat(1025)}: 1\n`, "line 2: could not find expected ':'"],
];

for (const [text, message] of refused) {
  test(`refused: ${JSON.stringify(text.slice(0, 20))}: ${message}`, (t) => {
    t.is(problem(text), `yaml: ${message}`);
  });
}
