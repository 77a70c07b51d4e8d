import test from 'ava';
import { ValueTable } from '../../../../src/audit/policy/match/value-table.ts';

function table(...lists: (readonly (string | null)[] | null | undefined)[]): ValueTable {
  const values = new ValueTable();
  for (const [index, list] of lists.entries()) values.add(1 << index, list);
  return values;
}

test('a rule allows the values it names', (t) => {
  const values = table(['a', 'b'], ['b']);
  t.is(values.allowing('a'), 0b01);
  t.is(values.allowing('b'), 0b11);
  t.is(values.allowing('c'), 0);
  t.is(values.unrestricted, 0);
});

test('a rule that names none allows them all', (t) => {
  const values = table(null, [], undefined, ['a']);
  t.is(values.allowing('c'), 0b0111);
  t.is(values.allowing('a'), 0b1111);
  t.is(values.unrestricted, 0b0111);
});

test('one of several values is enough', (t) => {
  const values = table(['a'], ['b'], null);
  t.is(values.allowingSome(['x', 'b']), 0b110);
  t.is(values.allowingSome([]), 0b100);
});

test('names that objects inherit are not in it, null is the empty name', (t) => {
  t.is(table(['a']).allowing('constructor'), 0);
  t.is(table([null]).allowing(''), 1);
});
