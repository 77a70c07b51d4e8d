import fc from 'fast-check';
import { LEVELS, STAGES } from '../../../src/audit/policy/policy.ts';

/** Strings that YAML could take for something else, among others; writers do not know all forms of numbers. */
const words = fc.oneof(
  fc.constantFrom(
    '',
    '*',
    'bob',
    'system:admin',
    'no',
    'y',
    'On',
    'null',
    '~',
    '1',
    '0x1',
    '08',
    '1_0',
    '1e3',
    '.inf',
    '<<',
    '2024-01-01',
    '- a',
    'a: b',
    '#',
    "it's",
    '"',
    '\\',
    ' a ',
    'a\nb',
    'a\tb',
    '*a',
    '&a',
    '!a',
    '?',
    '%',
    '@',
    '`',
    'é',
    '😀',
    '[',
    '{}',
    '---',
    '...',
  ),
  fc.string({ maxLength: 8 }).filter((word) => word.trim() === word && !/^[-+.0-9]/.test(word)),
);
/** A plain << is quoted by no writer, and means something else. */
const labels = words.filter((word) => word !== '<<');
const list = (items: fc.Arbitrary<string>) => fc.array(items, { maxLength: 3 });
const group = fc.constantFrom('', '*', 'apps', 'rbac.authorization.k8s.io');
const groupResources = fc.record({ group, resources: list(words) }, { requiredKeys: [] });
const common = {
  users: list(words),
  userGroups: list(words),
  verbs: list(words),
  omitStages: list(fc.constantFrom(...STAGES)),
  omitManagedFields: fc.boolean(),
};
const level = fc.constantFrom(...LEVELS);
const rules = fc.oneof(
  fc.record(
    { level, ...common, namespaces: list(words), resources: fc.array(groupResources, { maxLength: 2 }) },
    { requiredKeys: ['level'] },
  ),
  fc.record(
    { level, ...common, nonResourceURLs: list(fc.constantFrom('*', '/', '/healthz*')) },
    { requiredKeys: ['level'] },
  ),
);

/** Policies that load without a warning. */
export const loadablePolicies = fc.record(
  {
    apiVersion: fc.constant('audit.k8s.io/v1'),
    kind: fc.constant('Policy'),
    metadata: fc.record({ name: words, labels: fc.dictionary(labels, words, { maxKeys: 2 }) }, { requiredKeys: [] }),
    rules: fc.array(rules, { minLength: 1, maxLength: 4 }),
    omitStages: list(fc.constantFrom(...STAGES)),
    omitManagedFields: fc.boolean(),
  },
  { requiredKeys: ['apiVersion', 'rules'] },
);
