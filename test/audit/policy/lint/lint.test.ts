import { readdirSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import test from 'ava';
import fc from 'fast-check';
import { kindOf } from '../../../../src/audit/policy/lint/findings.ts';
import { lintPolicy } from '../../../../src/audit/policy/lint/lint.ts';
import { textReport } from '../../../../src/audit/policy/lint/report.ts';
import { loadPolicyWithWarnings } from '../../../../src/audit/policy/load.ts';
import { suggest } from '../../../../src/config/suggest.ts';
import { holds } from '../../../support/property.ts';

const fixtures = new URL('../../../fixtures/policy/', import.meta.url);
const read = (path: string): string => readFileSync(new URL(path, fixtures), 'utf8');
const policiesIn = (folder: string): string[] =>
  readdirSync(new URL(folder, fixtures)).flatMap((name) => (name.endsWith('.yaml') ? [`${folder}${name}`] : []));
const lint = (text: string | Uint8Array) => lintPolicy(text, { suggest });
const HEAD = 'apiVersion: audit.k8s.io/v1\nkind: Policy\n';

for (const path of [...policiesIn('policies/'), ...policiesIn('lint/')]) {
  const name = basename(path, '.yaml');

  test(`${path} has the findings of lint/${name}.txt`, (t) => {
    t.is(textReport([{ file: `${name}.yaml`, findings: lint(read(path)) }]), read(`lint/${name}.txt`));
  });
}

test('what is found stands where it says', (t) => {
  const text = `${HEAD}rules:\n- level: Metadata\n  users: [a, "system:nodes"]\n  verb: [get]\n`;
  const marked = lint(text).map(({ id, line, column, endLine, endColumn }) => {
    const lines = text.split('\n');
    return [id, line === endLine ? (lines[line - 1] ?? '').slice(column - 1, endColumn - 1) : ''];
  });
  t.deepEqual(marked, [
    ['no-catch-all', 'level'],
    ['group-in-users', '"system:nodes"'],
    ['unknown-key', 'verb'],
  ]);
});

test('columns are the same in a file with carriage returns, and behind a byte order mark', (t) => {
  const text = `${HEAD}rules:\n- level: metadata\n`;
  const places = (one: string | Uint8Array) => lint(one).map(({ id, line, column }) => `${id} ${line}:${column}`);
  t.deepEqual(places(text), ['unknown-level 4:10']);
  t.deepEqual(places(text.replaceAll('\n', '\r\n')), ['unknown-level 4:10']);
  t.deepEqual(places(Buffer.from(`\ufeff${text}`)), ['unknown-level 4:10']);
});

test('follows anchors and merged keys', (t) => {
  const text = `${HEAD}rules:\n- &base\n  level: Metadata\n  users: &who ["system:nodes", "system:kube-proxy"]\n- <<: *base\n  level: None\n  userGroups: *who\n`;
  t.deepEqual(
    lint(text).map(({ id, line }) => `${id} ${line}`),
    ['group-in-users 6', 'user-in-groups 6', 'unreachable-rule 7', 'no-catch-all 7'],
  );
});

test('mistakes behind characters that look like spaces are shown too', (t) => {
  const ids = lint(`${HEAD}rules:\n- level: Metadata\n\u00a0\u00a0verb: [get]\n`).map(
    ({ id, line }) => `${id} ${line}`,
  );
  t.true(ids.includes('invisible-character 5'));
  t.true(ids.includes('unknown-key 5'));
});

test('above the place where the text stops being YAML keys are looked at', (t) => {
  const text = `${HEAD}verbs: [get]\nrules:\n- level: Metadata\n verbs: [get]\n`;
  t.deepEqual(
    lint(text).map(({ id, line, column }) => `${id} ${line}:${column}`),
    ['misplaced-key 3:1', 'yaml-syntax 6:2'],
  );
});

const words = fc.constantFrom(
  ...[
    'a',
    'pods',
    '""',
    '"*"',
    'yes',
    'on',
    '1',
    '1e3',
    '.inf',
    '~',
    '2024-01-01',
    '1:30',
    'None',
    'Metadata',
    '/healthz*',
  ],
  ...[
    '/a*b',
    '!!str 5',
    '&x a',
    '*x',
    '[a]',
    '{a: b}',
    '',
    'true',
    '0777',
    '<<',
    '@a',
    "'it''s'",
    'a: b',
    'a #c',
    '|',
    '\u00a0',
  ],
);
const list = fc.oneof(
  words,
  fc.array(words, { maxLength: 3 }).map((items) => `[${items.join(', ')}]`),
);
const keys = [
  'level',
  'users',
  'verbs',
  'resources',
  'nonResourceURLs',
  'omitStages',
  'omitManagedFields',
  'verb',
  'group',
];
const entry = fc.tuple(fc.constantFrom(...keys), list).map(([key, value]) => `${key}: ${value}`);
const rule = fc
  .tuple(fc.constantFrom('Metadata', 'Metadata', 'Request', 'none', ''), fc.array(entry, { maxLength: 4 }))
  .map(([level, entries]) => `- ${[`level: ${level}`, ...entries].join('\n  ')}`);
const texts = fc.array(rule, { maxLength: 4 }).map((rules) => `${HEAD}rules:\n${rules.join('\n')}\n`);

test('agrees with the loader: what that refuses has an error that says so, and nothing else has', async (t) => {
  await holds(
    t,
    fc.property(texts, (text) => {
      const findings = lint(text);
      const says = findings.some(({ id }) => kindOf(id).refused);
      let warnings: readonly string[] = [];
      try {
        ({ warnings } = loadPolicyWithWarnings(text));
        t.false(says, text);
      } catch {
        t.true(says, text);
      }
      if (warnings.length > 0)
        t.true(
          findings.some(({ severity }) => severity === 'error'),
          text,
        );
    }),
    { runs: 150 },
  );
});

test('what the loader reads is not called refused, however odd', (t) => {
  const ids = lint(`${HEAD}rules:\n- level: Metadata\n  users: [!!binary YWxpY2U=]\n- level: Metadata\n`).map(
    ({ id }) => id,
  );
  t.false(ids.includes('wrong-type'));
});

test('never throws, whatever the text', async (t) => {
  const characters = [
    ...' \n-:[]{}"\'#&*!|>%@`,?\t\\\u00a0\u2028\ufeffab1',
    'rules',
    'level',
    '---\n',
    '<<',
    '\n  - ',
    ': ',
  ];
  const noise = fc.array(fc.constantFrom(...characters), { maxLength: 60 }).map((parts) => parts.join(''));
  await holds(
    t,
    fc.property(
      fc.oneof(
        noise,
        noise.map((text) => `${HEAD}rules:\n${text}`),
        fc.string({ unit: 'binary' }),
      ),
      (text) => {
        for (const { line, column, endLine, endColumn, message, instead } of lint(text)) {
          t.true(line >= 1 && column >= 1 && (endLine > line || endColumn > column || text === ''), text);
          t.true(message !== '' && instead !== '');
        }
      },
    ),
    { runs: 150 },
  );
});

test('depth, references to itself and aliases of aliases come to an end', (t) => {
  for (const text of [
    `rules: ${'['.repeat(20_000)}`,
    `${HEAD}rules:\n- &a {level: Metadata, users: *a, <<: *a}\n`,
    `<<: &a {<<: *a, rules: 1}\n`,
    `a: &a [x,x,x,x]\nb: &b [*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b]\nd: &d [*c,*c,*c,*c]\nrules: [*d,*d,*d]\n`,
  ]) {
    t.true(
      lint(text).some(({ severity }) => severity === 'error'),
      text.slice(0, 60),
    );
  }
});
