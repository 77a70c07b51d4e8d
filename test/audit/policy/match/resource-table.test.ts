import test from 'ava';
import { ResourceTable } from '../../../../src/audit/policy/match/resource-table.ts';
import type { Attributes, GroupResources } from '../../../../src/audit/policy/policy.ts';

/** For each rule, given its `resources`, whether it allows the request. */
function allows(
  rules: readonly (readonly GroupResources[] | null)[],
  { resource = 'pods', subresource = '', name = '', apiGroup = '' }: Partial<Attributes>,
  anyGroup = { known: true },
): readonly boolean[] {
  const table = new ResourceTable(anyGroup.known);
  for (const [index, entries] of rules.entries()) table.add(1 << index, entries);
  const request = { isResourceRequest: true, path: '', verb: '', namespace: '', apiVersion: '' };
  const allowed = table.allowing({ ...request, resource, subresource, name, apiGroup });
  return rules.map((_, index) => (allowed & (1 << index)) !== 0);
}

test('a rule without resources allows all', (t) => {
  t.deepEqual(allows([null, []], { apiGroup: 'apps' }), [true, true]);
});

test('a group without resources is all of it, whatever the names', (t) => {
  const rules = [[{ group: '' }], [{ group: 'apps' }], [{}], [{ group: '', resources: [], resourceNames: ['x'] }]];
  t.deepEqual(allows(rules, { subresource: 'log' }), [true, false, true, true]);
});

test('resources are spelled in four ways', (t) => {
  const rules = ['pods', 'pods/log', 'pods/*', '*/log', '*'].map((spelling) => [{ resources: [spelling] }]);
  t.deepEqual(allows(rules, {}), [true, false, true, false, true]);
  t.deepEqual(allows(rules, { subresource: 'log' }), [false, true, true, true, true]);
  t.deepEqual(allows(rules, { resource: 'nodes', subresource: 'status' }), [false, false, false, false, true]);
});

test('names belong to the resources of their own entry', (t) => {
  const rules = [
    [{ resources: ['pods'], resourceNames: ['a'] }, { resources: ['nodes'] }],
    [{ resources: ['pods', 'nodes'], resourceNames: ['a', 'b'] }],
  ];
  t.deepEqual(allows(rules, { name: 'a' }), [true, true]);
  t.deepEqual(allows(rules, { name: 'b' }), [false, true]);
  t.deepEqual(allows(rules, { resource: 'nodes', name: 'c' }), [true, false]);
});

test('a group * is any group, or one of that name', (t) => {
  const rules = [[{ group: '*', resources: ['pods'] }]];
  t.deepEqual(allows(rules, { apiGroup: 'apps' }), [true]);
  t.deepEqual(allows(rules, { apiGroup: 'apps' }, { known: false }), [false]);
  t.deepEqual(allows(rules, { apiGroup: '*' }, { known: false }), [true]);
});
