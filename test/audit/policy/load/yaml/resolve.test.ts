import test from 'ava';
import { resolveScalar } from '../../../../../src/audit/policy/load/yaml/resolve.ts';
import type { YamlScalar } from '../../../../../src/audit/policy/load/yaml/values.ts';

const TAG = 'tag:yaml.org,2002:';

function plain(text: string): YamlScalar {
  return resolveScalar({ kind: 'scalar', line: 0, tag: '', text, implicit: true });
}

function tagged(tag: string, text: string): YamlScalar {
  return resolveScalar({ kind: 'scalar', line: 0, tag: TAG + tag, text, implicit: false });
}

test('booleans are words of YAML 1.1, in three spellings', (t) => {
  for (const word of ['y', 'Y', 'yes', 'Yes', 'YES', 'on', 'On', 'ON', 'true', 'True', 'TRUE']) t.is(plain(word), true);
  for (const word of ['n', 'N', 'no', 'No', 'NO', 'off', 'Off', 'OFF', 'false', 'False', 'FALSE'])
    t.is(plain(word), false);
  for (const word of ['yEs', 'oN', 'tRUE', 'nope']) t.is(plain(word), word);
});

test('null has five spellings', (t) => {
  for (const word of ['', '~', 'null', 'Null', 'NULL']) t.is(plain(word), null);
  t.is(plain('nULL'), 'nULL');
});

test('integers may be octal, hexadecimal, binary and have underscores, up to 64 bits', (t) => {
  t.is(plain('017'), 15n);
  t.is(plain('0o17'), 15n);
  t.is(plain('0x_fF'), 255n);
  t.is(plain('-0b101'), -5n);
  t.is(plain('+1_000'), 1000n);
  t.is(plain('18446744073709551615'), 2n ** 64n - 1n);
  t.is(plain('-9223372036854775808'), -(2n ** 63n));
  t.is(plain(`0x${'0'.repeat(100)}1`), 1n);
});

test('what is too large or no number of its base is a float or a string', (t) => {
  t.is(plain('18446744073709551616'), 2 ** 64);
  t.is(plain('08'), 8);
  t.is(plain('0x10000000000000000'), '0x10000000000000000');
  t.is(plain('0xg'), '0xg');
  t.is(plain('1e400'), '1e400');
  t.is(plain('1:30'), '1:30');
  t.is(plain('9'.repeat(1_000_000)), '9'.repeat(1_000_000));
});

test('floats have decimals, exponents or names', (t) => {
  t.is(plain('.5'), 0.5);
  t.is(plain('5.'), 5);
  t.is(plain('-1.5e-3'), -0.0015);
  t.is(plain('+.inf'), Number.POSITIVE_INFINITY);
  t.is(plain('-.Inf'), Number.NEGATIVE_INFINITY);
  t.is(plain('.NaN'), Number.NaN);
  t.is(plain('.'), '.');
  t.is(plain('1.2.3'), '1.2.3');
});

test('dates and quoted texts are strings', (t) => {
  t.is(plain('2024-01-01'), '2024-01-01');
  t.is(resolveScalar({ kind: 'scalar', line: 0, tag: '', text: '1', implicit: false }), '1');
});

test('a tag makes a string of anything, and other things only of what they are', (t) => {
  t.is(tagged('str', '1'), '1');
  t.is(tagged('int', '0x1'), 1n);
  t.is(tagged('float', '1'), 1);
  t.is(tagged('null', '~'), null);
  t.is(tagged('timestamp', '2024-02-29 1:02:03.5'), '2024-02-29 1:02:03.5');
  t.is(tagged('timestamp', '2000-02-29'), '2000-02-29');
  t.is(tagged('binary', 'aGk='), 'hi');
  t.is(tagged('binary', '4oIo'), '\ufffd\ufffd(');
  t.is(resolveScalar({ kind: 'scalar', line: 0, tag: '!mine', text: '1', implicit: false }), '1');
});

test('a tag that does not fit is an error', (t) => {
  t.throws(() => tagged('int', 'x'), { message: 'yaml: cannot decode !!str `x` as a !!int' });
  t.throws(() => tagged('bool', '1'), { message: 'yaml: cannot decode !!int `1` as a !!bool' });
  t.throws(() => tagged('null', 'no'), { message: 'yaml: cannot decode !!bool `no` as a !!null' });
  t.throws(() => tagged('timestamp', '2023-02-29'), {
    message: 'yaml: cannot decode !!str `2023-02-29` as a !!timestamp',
  });
  t.throws(() => tagged('timestamp', '1900-02-29'), { message: /as a !!timestamp$/ });
  t.throws(() => tagged('float', '18446744073709551615'), { message: /!!int .* as a !!float$/ });
  t.throws(() => tagged('binary', 'a'), { message: 'yaml: !!binary value contains invalid base64 data' });
});
