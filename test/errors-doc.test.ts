import { readFileSync } from 'node:fs';
import test from 'ava';

const read = (path: string): string => readFileSync(new URL(`../${path}`, import.meta.url), 'utf8');

/** The members of the type ErrorCode, from its source: a type leaves nothing behind at run time. */
function codes(): string[] {
  const union = /export type ErrorCode =(?<members>[^;]+);/.exec(read('src/core/errors.ts'))?.groups?.members ?? '';
  return [...union.matchAll(/'(?<code>[a-z0-9-]+)'/g)].map((match) => match.groups?.code ?? '');
}

function sections(): Map<string, string> {
  const parts = read('docs/errors.md').split(/^## /m).slice(1);
  return new Map(parts.map((part) => [part.slice(0, part.indexOf('\n')).trim(), part.slice(part.indexOf('\n'))]));
}

test('every error code has a section in docs/errors.md, and every section is an error code', (t) => {
  t.true(codes().length > 10);
  t.deepEqual([...sections().keys()].sort(), codes().sort());
});

test('every section says what the error means and what to do', (t) => {
  for (const [code, text] of sections()) {
    t.regex(text, /^\n\n\S[\s\S]*\n\n\*\*What to do:\*\* \S/, code);
  }
});
