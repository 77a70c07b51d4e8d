import test from 'ava';
import fc from 'fast-check';
import { lastBefore, stringStart, valueStart } from '../../src/audit/json-tail.ts';
import { choices, jsonValue, spell, spellString } from '../support/json-spelling.ts';
import { holds } from '../support/property.ts';

const before = fc.constantFrom('{"a":', '{"\\\\":', '{"x":"\\\\","a" : ', '{"x":["\\""],"a":\n');

test('finds where a value begins, from its end', async (t) => {
  const property = fc.property(before, jsonValue, choices, (before, value, pick) => {
    const text = spell(value, pick);
    const bytes = Buffer.from(`${before}${text}}`);
    t.is(valueStart(bytes, bytes.length - 2, 0), Buffer.byteLength(before));
  });
  await holds(t, property, { runs: 250 });
});

test('finds where a string begins, from its closing quote', async (t) => {
  const property = fc.property(fc.string({ unit: 'binary' }), choices, before, (string, pick, before) => {
    const bytes = Buffer.from(before + spellString(string, pick));
    t.is(stringStart(bytes, bytes.length - 1, 0), Buffer.byteLength(before));
  });
  await holds(t, property, { runs: 250 });
});

test('finds strings of backslashes and quotes of any length', (t) => {
  for (let length = 0; length < 20; length++) {
    for (const unit of ['\\\\', '\\"', '\\\\\\"', 'x', '\\"x']) {
      const bytes = Buffer.from(`{"a":"${unit.repeat(length)}"`);
      t.is(stringStart(bytes, bytes.length - 1, 0), 5, bytes.toString());
    }
  }
});

test('gives up at the border it was given, and does not look before it', async (t) => {
  const property = fc.property(jsonValue, choices, fc.nat(), (value, pick, nat) => {
    const text = spell(value, pick);
    const bytes = Buffer.from(`{"a":${text}`);
    const border = nat % bytes.length;
    const copy = Buffer.from(bytes).fill('"', 0, border);
    const at = valueStart(copy, copy.length - 1, border);
    if (border < 4) t.is(at, 5);
    else if (bytes.length - border > 1) t.true(at === -1 || at > border);
  });
  await holds(t, property);
});

test('skips white space backwards, and nothing else', (t) => {
  const bytes = Buffer.from('a \t\r\n\0 \u000b  b');
  t.is(lastBefore(bytes, 5), 0);
  t.is(lastBefore(bytes, bytes.length - 1), 7);
  t.is(lastBefore(bytes, 7), 5);
  t.is(lastBefore(bytes, bytes.length), bytes.length - 1);
});

test('walks 100,000 levels without the call stack', (t) => {
  const deep = Buffer.from(`{"a":${'[{"a":'.repeat(100_000)}"\\""${'}]'.repeat(100_000)}`);
  t.is(valueStart(deep, deep.length - 1, 0), 5);
});
