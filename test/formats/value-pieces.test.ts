import test from 'ava';
import fc from 'fast-check';
import { MEANINGFUL_KEYS } from '../../src/formats/record-builder.ts';
import { ValuePieces } from '../../src/formats/value-pieces.ts';
import { choices, jsonValue, spell } from '../support/json-spelling.ts';
import { holds } from '../support/property.ts';

type Method = 'skipNested' | 'skipString' | 'readText' | 'readKey';

/** Gives a value to a method in pieces; returns where it ends, and its text. */
function read(value: string, method: Method, cuts: readonly number[]): { end: number; text: string } {
  const pieces = new ValuePieces();
  pieces.begin();
  const source = Buffer.from(`${value}"}],`);
  let at = 1;
  for (const cut of [...cuts, source.length].sort((a, b) => a - b)) {
    if (cut < at) continue;
    const chunk = Buffer.from(source.subarray(0, cut));
    const end = pieces[method](chunk, at, cut);
    chunk.fill(0xff);
    if (end >= 0) return { end, text: pieces.text };
    at = cut;
  }
  return { end: -1, text: pieces.text };
}

const cuts = fc.array(fc.nat({ max: 60 }), { maxLength: 6 });

test('finds where a value ends, wherever it is cut', async (t) => {
  const property = fc.property(jsonValue, choices, cuts, (value, pick, cuts) => {
    const nested = spell([value], pick);
    t.is(read(nested, 'skipNested', cuts).end, Buffer.byteLength(nested));
    const text = spell(JSON.stringify(value), pick);
    for (const method of ['skipString', 'readText', 'readKey'] as const) {
      t.is(read(text, method, cuts).end, Buffer.byteLength(text));
    }
  });
  await holds(t, property);
});

test('reads the keys and texts that mean something, in any spelling', async (t) => {
  const meaningful = fc.constantFrom(...MEANINGFUL_KEYS, 'EventList', 'audit.k8s.io/v1');
  const property = fc.property(meaningful, choices, cuts, (text, pick, cuts) => {
    t.is(read(spell(text, pick), 'readText', cuts).text, text);
    if (MEANINGFUL_KEYS.includes(text)) t.is(read(spell(text, pick), 'readKey', cuts).text, text);
  });
  await holds(t, property);
});

test('takes no other key for one that means something', async (t) => {
  const near = fc
    .tuple(fc.constantFrom(...MEANINGFUL_KEYS), fc.constantFrom('x', 'é', '\\', '"'), fc.nat())
    .map(([key, unit, at]) => key.slice(0, at % (key.length + 1)) + unit + key.slice(at % (key.length + 1)));
  const property = fc.property(fc.oneof(near, fc.string()), choices, cuts, (key, pick, cuts) => {
    const { text } = read(spell(key, pick), 'readKey', cuts);
    t.is(MEANINGFUL_KEYS.includes(text), MEANINGFUL_KEYS.includes(key));
  });
  await holds(t, property);
});

test('keeps no more of a text than a beginning', (t) => {
  const long = JSON.stringify('x'.repeat(100_000));
  t.true(read(long, 'readText', [7, 9000]).text.length < 1000);
});
