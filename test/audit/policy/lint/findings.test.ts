import { readFileSync } from 'node:fs';
import test from 'ava';
import { FINDINGS, type FindingId } from '../../../../src/audit/policy/lint/findings.ts';
import { lintPolicy } from '../../../../src/audit/policy/lint/lint.ts';
import { suggest } from '../../../../src/config/suggest.ts';

const page = readFileSync(new URL('../../../../docs/policy-lint.md', import.meta.url), 'utf8');
const sections = page.split(/^### /m).slice(1);
const ids = Object.keys(FINDINGS) as FindingId[];

/** Not to be had in a few lines. */
const WITHOUT_EXAMPLE: readonly string[] = ['too-many-rules'];

function blocksOf(section: string): string[] {
  const own = section.split(/^## /m)[0] ?? '';
  return [...own.matchAll(/^```yaml\n(?<text>[\s\S]*?)^```$/gm)].map(({ groups }) => {
    const text = (groups?.text ?? '').replaceAll('·', '\u00a0');
    return /^[-\u00a0 ]/.test(text) ? `apiVersion: audit.k8s.io/v1\nkind: Policy\nrules:\n${text}` : text;
  });
}

function idsIn(text: string): string[] {
  return lintPolicy(text, { suggest }).map(({ id }) => id);
}

test('docs/policy-lint.md has a section on every finding, in the order of the code, and on nothing else', (t) => {
  t.true(ids.length > 50);
  t.deepEqual(
    sections.map((section) => section.split('\n')[0]),
    ids,
  );
});

for (const section of sections) {
  const id = section.split('\n')[0] ?? '';
  if (WITHOUT_EXAMPLE.includes(id)) continue;

  test(`${id}: the example of the page has it, the mended one does not`, (t) => {
    const [wrong = '', mended = '', ...rest] = blocksOf(section);
    t.true(idsIn(wrong).includes(id), wrong);
    t.not(mended, '');
    t.false(idsIn(mended).includes(id), mended);
    t.deepEqual(rest, []);
  });

  test(`${id}: the mended example has no error`, (t) => {
    const errors = lintPolicy(blocksOf(section)[1] ?? '', { suggest }).filter(({ severity }) => severity === 'error');
    t.deepEqual(errors, []);
  });
}
