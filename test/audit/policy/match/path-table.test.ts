import test from 'ava';
import { PathTable } from '../../../../src/audit/policy/match/path-table.ts';

/** For each rule whether it allows the path. */
function allows(lists: readonly (readonly (string | null)[])[], path: string): readonly boolean[] {
  const table = new PathTable();
  for (const [index, list] of lists.entries()) table.add(1 << index, list);
  return lists.map((_, index) => (table.allowing(path) & (1 << index)) !== 0);
}

test('a path is compared as it is', (t) => {
  t.deepEqual(allows([['/a'], ['/a/'], ['/A'], ['/'], ['', '/b']], '/a'), [true, false, false, false, false]);
  t.deepEqual(allows([['']], ''), [true]);
  t.deepEqual(allows([[null]], ''), [true]);
});

test('stars at the end stand for anything', (t) => {
  const lists = [['/a*'], ['/a/*'], ['*'], ['/b*', '/a**'], ['**']];
  t.deepEqual(allows(lists, '/ab'), [true, false, true, true, true]);
  t.deepEqual(allows(lists, '/a/b'), [true, true, true, true, true]);
  t.deepEqual(allows(lists, ''), [false, false, true, false, true]);
});

test('a star elsewhere is a character', (t) => {
  t.deepEqual(allows([['/a*b']], '/a*b'), [true]);
  t.deepEqual(allows([['/a*b']], '/axb'), [false]);
});

test('rules may share a prefix', (t) => {
  t.deepEqual(allows([['/a*'], ['/x'], ['/a*']], '/ab'), [true, false, true]);
});
