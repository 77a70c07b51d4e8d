import test from 'ava';
import fc from 'fast-check';
import { FIELDS, fieldAt } from '../../src/audit/fields.ts';
import { choices, spellString } from '../support/json-spelling.ts';
import { holds } from '../support/property.ts';

function field(key: string): number {
  const bytes = Buffer.from(`,${key}:`);
  return fieldAt(bytes, 1, 1 + Buffer.byteLength(key));
}

test('recognises every field, written with escapes or without', async (t) => {
  for (const [index, name] of FIELDS.entries()) t.is(field(`"${name}"`), index);
  await holds(
    t,
    fc.property(fc.constantFrom(...FIELDS), choices, (name, pick) => {
      t.is(field(spellString(name, pick)), FIELDS.indexOf(name));
    }),
  );
});

test('takes no other key for a field', async (t) => {
  const near = fc
    .tuple(fc.constantFrom(...FIELDS), fc.nat(), fc.constantFrom('', 'x', 'K', '_'))
    .map(([name, at, by]) => {
      const place = at % name.length;
      return name.slice(0, place) + by + name.slice(place + 1);
    });
  const key = fc.oneof(near, fc.string({ unit: 'binary' }), fc.constantFrom('', 'Kind', 'user ', 'k'.repeat(40)));
  await holds(
    t,
    fc.property(key, choices, (key, pick) => {
      t.is(field(spellString(key, pick)), (FIELDS as readonly string[]).indexOf(key));
    }),
    { runs: 1000 },
  );
});
