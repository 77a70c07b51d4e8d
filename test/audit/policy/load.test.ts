import { readFileSync } from 'node:fs';
import test from 'ava';
import fc from 'fast-check';
import { stringify } from 'yaml';
import { loadPolicy, loadPolicyWithWarnings, PolicyError } from '../../../src/audit/policy/load.ts';
import { holds } from '../../support/property.ts';
import { loadablePolicies } from './loadable.ts';

interface Case {
  readonly id: string;
  readonly text?: string;
  readonly base64?: string;
  /** What kube-apiserver 1.36 makes of it. */
  readonly load: {
    readonly ok: boolean;
    readonly error?: string;
    readonly strictWarning?: string;
    readonly policy?: object;
  };
}

for (const file of ['validation-cases.json', 'load-cases.json']) {
  const url = new URL(`../../fixtures/policy/${file}`, import.meta.url);
  const cases: readonly Case[] = JSON.parse(readFileSync(url, 'utf8'));
  test(`${file}: every text is taken or refused as kube-apiserver does, with its words`, (t) => {
    for (const { id, text, base64 = '', load } of cases) {
      t.deepEqual(outcome(text ?? Buffer.from(base64, 'base64')), load, id);
    }
    t.true(cases.length >= 75);
  });
}

test('a refused policy is an error that names no code of its own', (t) => {
  const error = t.throws(() => loadPolicy('kind: Pod\napiVersion: v1\n'), { instanceOf: PolicyError });
  t.is(error?.code, 'config');
  t.regex(error?.message ?? '', /^failed decoding: no kind "Pod" is registered for version "v1"/);
});

test('what was odd about a refused policy is kept with the error', (t) => {
  const error = t.throws(() => loadPolicy(`${HEAD}- level: Full\n  verb: [get]\n`), { instanceOf: PolicyError });
  t.deepEqual(error?.warnings, [
    'Audit policy contains errors, falling back to lenient decoding: strict decoding error: unknown field "rules[0].verb"',
  ]);
});

test('text and its bytes are the same, UTF-16 too', (t) => {
  const text = `${HEAD}- level: None\n  users: ["é😀"]\n`;
  const policy = loadPolicy(text);
  t.deepEqual(loadPolicy(Buffer.from(text)), policy);
  t.deepEqual(loadPolicy(Buffer.from(`\ufeff${text}`, 'utf16le')), policy);
  t.deepEqual(loadPolicy(Buffer.from(`\ufeff${text}`, 'utf16le').swap16()), policy);
  t.deepEqual(policy.rules, [{ level: 'None', users: ['é😀'] }]);
});

test('a policy as it is understood loads again as the same', async (t) => {
  await holds(
    t,
    fc.property(loadablePolicies, (policy) => {
      const { policy: loaded, warnings } = loadPolicyWithWarnings(JSON.stringify(policy));
      t.deepEqual(warnings, []);
      t.deepEqual(loadPolicy(JSON.stringify(loaded)), loaded);
    }),
  );
});

/** Without quotes, words in brackets mean something else in YAML 1.1 than to the writer. */
const styles = fc.constantFrom(
  { defaultStringType: 'PLAIN' } as const,
  { defaultStringType: 'BLOCK_FOLDED', defaultKeyType: 'QUOTE_SINGLE' } as const,
  { defaultStringType: 'BLOCK_LITERAL', defaultKeyType: 'PLAIN', indentSeq: false } as const,
  { defaultStringType: 'QUOTE_DOUBLE', collectionStyle: 'flow' } as const,
  { defaultStringType: 'QUOTE_SINGLE', defaultKeyType: 'QUOTE_DOUBLE', collectionStyle: 'flow' } as const,
);

test('YAML and JSON of a policy load as the same, in any style', async (t) => {
  await holds(
    t,
    fc.property(loadablePolicies, styles, (policy, style) => {
      const text = `---\n${stringify(policy, { version: '1.1', ...style })}`;
      t.deepEqual(loadPolicy(text), loadPolicy(JSON.stringify(policy)), text);
    }),
  );
});

test('whatever the text, there is a policy or a PolicyError', async (t) => {
  const pieces = fc.constantFrom(
    ...'-?:,[]{}#&*!|>\'"%@`\\ \t\n\r',
    '- ',
    ': ',
    '\n  ',
    '---\n',
    '<<: ',
    '&a ',
    '*a',
    '!!int ',
    '1',
    'é',
    '\0',
    'level: None',
  );
  const texts = fc.array(pieces, { maxLength: 40 }).map((parts) => parts.join(''));
  await holds(
    t,
    fc.property(texts, fc.boolean(), (text, headed) => {
      try {
        loadPolicy(headed ? `${HEAD}- level: None\n${text}` : text);
      } catch (error) {
        t.true(error instanceof PolicyError);
        t.false((error as Error).cause instanceof TypeError || (error as Error).cause instanceof RangeError, text);
      }
    }),
    { runs: 2000 },
  );
});

const HEAD = 'apiVersion: audit.k8s.io/v1\nkind: Policy\nrules:\n';

test('5,000 rules', (t) => {
  const rules = Array.from(
    { length: 5000 },
    (_, index) => `- level: Metadata\n  users: [u${index}, "v"]\n  verbs:\n  - get\n`,
  );
  t.is(loadPolicy(HEAD + rules.join('')).rules?.length, 5000);
});

const hostile: Readonly<Record<string, readonly [text: string, message: RegExp]>> = {
  'brackets 20,000 deep': ['['.repeat(20_000), /exceeded max depth of 10000/],
  'mappings in brackets 20,000 deep': [`x: ${'{a: '.repeat(20_000)}`, /exceeded max depth of 10000/],
  'lists 20,000 deep': ['- '.repeat(20_000), /exceeded max depth of 10000/],
  'keys 20,000 deep': ['? '.repeat(20_000), /exceeded max depth of 10000/],
  'JSON 20,000 deep': [`{"x":${'['.repeat(20_000)}`, /invalid character '\[' exceeded max depth/],
  'a list as key, 9,000 deep': [
    `? ${'['.repeat(9000)}${']'.repeat(9000)}\n: x\n`,
    /invalid map key: \[\]interface \{\}\{/,
  ],
  'aliases of aliases': [bomb(9), /excessive aliasing/],
  'a group of 200,000 labels': [
    `${HEAD}- level: None\n  resources: [{group: "${'a-.'.repeat(200_000)}"}]\n`,
    /no more than 253/,
  ],
  'an integer of a million digits': [
    `{"apiVersion":"audit.k8s.io/v1","metadata":{"generation":${'9'.repeat(1_000_000)}}}`,
    /cannot unmarshal number 9{1000}/,
  ],
  'an open quote of a million escapes': [`"${'\\x41'.repeat(250_000)}`, /found unexpected end of stream/],
};

for (const [name, [text, message]] of Object.entries(hostile)) {
  test(`hostile: ${name}`, (t) => {
    const before = process.cpuUsage();
    t.throws(() => loadPolicy(text), { instanceOf: PolicyError, message });
    const { user, system } = process.cpuUsage(before);
    t.true(user + system < 5_000_000);
  });
}

test('depth is no problem where upstream has none with it', (t) => {
  const { warnings } = loadPolicyWithWarnings(`${HEAD}- level: None\nx: ${'['.repeat(9900)}${']'.repeat(9900)}\n`);
  t.regex(warnings.join(), /unknown field "x"/);
});

function bomb(depth: number): string {
  const lines = Array.from(
    { length: depth },
    (_, index) => `a${index + 1}: &a${index + 1} [${`*a${index}, `.repeat(9)}]\n`,
  );
  return `a0: &a0 [x]\n${lines.join('')}`;
}

function outcome(text: string | Uint8Array): Case['load'] {
  try {
    const { policy, warnings } = loadPolicyWithWarnings(text);
    return { ok: true, ...warned(warnings), policy };
  } catch (error) {
    if (!(error instanceof PolicyError)) throw error;
    return { ok: false, error: error.message, ...warned(error.warnings) };
  }
}

function warned(warnings: readonly string[]) {
  return warnings.length === 0 ? {} : { strictWarning: warnings.join('\n') };
}
