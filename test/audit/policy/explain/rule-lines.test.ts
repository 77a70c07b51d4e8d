import { readFileSync } from 'node:fs';
import test from 'ava';
import { ruleLines } from '../../../../src/audit/policy/explain/rule-lines.ts';
import { loadPolicy } from '../../../../src/audit/policy/load.ts';

function linesOf(text: string): readonly number[] {
  return ruleLines(Buffer.from(text));
}

test('a rule begins in the line of its dash', (t) => {
  t.deepEqual(linesOf('# first\nrules:\n# second\n- level: None\n\n-   verbs: [get]\n    level: None\n'), [4, 6]);
});

test('a rule with nothing behind its dash begins with its first key', (t) => {
  t.deepEqual(linesOf('rules:\n  -\n    level: None\n'), [3]);
});

test('JSON has lines too', (t) => {
  t.deepEqual(linesOf('{"kind": "Policy",\n "rules": [{"level": "None"},\n\t{"level": "None"}]}'), [2, 3]);
});

test('of a key that is given twice the last one counts, as for the loader', (t) => {
  const text = 'apiVersion: audit.k8s.io/v1\nrules:\n- level: None\n- level: None\nrules:\n- level: Metadata\n';
  t.deepEqual(linesOf(text), [6]);
  t.is(loadPolicy(text).rules?.length, 1);
});

test('only the first document is looked at', (t) => {
  t.deepEqual(linesOf('rules:\n- level: None\n---\nrules:\n- level: None\n- level: None\n'), [2]);
});

test('an alias stands where it is used, a list of rules where it was written', (t) => {
  t.deepEqual(linesOf('x: &r {level: None}\nrules:\n- *r\n- level: None\n'), [3, 4]);
  t.deepEqual(linesOf('x: &r\n- level: None\nrules: *r\n'), [2]);
  t.deepEqual(linesOf('x: &r\n  rules:\n  - level: None\n<<: *r\n'), [3]);
});

test('a text without rules, or with none that can be read, has no lines', (t) => {
  for (const text of ['', 'a', '[]', 'rules: 1', 'rules:', 'rules: {a: 1}', 'rules: [', '\t', '&a {<<: *a}', '\x00'])
    t.deepEqual(linesOf(text), [], JSON.stringify(text));
});

for (const name of ['docs', 'podsec', 'tricky1-subresource-globs']) {
  test(`each rule of ${name}.yaml begins where its line says`, (t) => {
    const text = readFileSync(new URL(`../../../fixtures/policy/policies/${name}.yaml`, import.meta.url), 'utf8');
    const lines = text.split('\n');
    const found = linesOf(text);
    t.is(found.length, loadPolicy(text).rules?.length as number);
    for (const line of found) t.regex(lines[line - 1] ?? '', /^ *- /);
  });
}
