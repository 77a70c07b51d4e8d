import test from 'ava';
import type { Policy, PolicyRule } from '../../../src/audit/policy/policy.ts';
import { differenceOf } from '../../../src/transforms/policy-match/difference.ts';

const a: PolicyRule = { level: 'None', users: ['a'] };
const b: PolicyRule = { level: 'Request', verbs: ['get'] };
const c: PolicyRule = { level: 'Metadata' };
const policy = (rules: readonly PolicyRule[], rest: Policy = {}): Policy => ({ ...rest, rules });

test('counts the rules that are new and those that are gone', (t) => {
  t.is(differenceOf(policy([a]), policy([a, b])), 'rules 1 -> 2 (1 new)');
  t.is(differenceOf(policy([a, b, c]), policy([b])), 'rules 3 -> 1 (2 gone)');
  t.is(differenceOf(policy([a, c]), policy([b, c])), 'rules 2 -> 2 (1 new, 1 gone)');
  t.is(differenceOf(policy([a, a]), policy([a])), 'rules 2 -> 1 (1 gone)');
});

test('the same rules in another order are a change', (t) => {
  t.is(differenceOf(policy([a, b]), policy([b, a])), 'rules 2 -> 2 (in another order)');
});

test('names what changed beside the rules', (t) => {
  const after = policy([a, b], { omitStages: ['Panic'], omitManagedFields: true });
  t.is(differenceOf(policy([a]), after), 'rules 1 -> 2 (1 new), omitStages, omitManagedFields');
  t.is(differenceOf(after, { ...after, omitManagedFields: false }), 'omitManagedFields');
});

test('a policy that means the same has not changed', (t) => {
  t.is(differenceOf(policy([a, b]), policy([a, b], { metadata: { name: 'x' } })), 'the same 2 rules');
  t.is(differenceOf(policy([a]), policy([{ ...a }])), 'the same 1 rule');
});
