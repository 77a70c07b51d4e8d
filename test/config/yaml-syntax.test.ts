import test from 'ava';
import { parseDocument } from 'yaml';
import { pathText } from '../../src/config/findings.ts';
import { syntaxErrors } from '../../src/config/yaml-syntax.ts';

function errors(text: string) {
  return syntaxErrors(parseDocument(text, { prettyErrors: false, logLevel: 'error' }), text);
}
const shown = (text: string) =>
  errors(text).map(({ offset, message }) => `${JSON.stringify(text.slice(offset))} ${message}`);

test('there are none in a text that is YAML', (t) => {
  for (const text of ['', 'a: 1\n', 'a:\n  - b: [1, { c: "d" }]\n', '{"a": [1]}', 'a: >\n  folded\n']) {
    t.deepEqual(errors(text), [], text);
  }
});

test('an error points at what is wrong and says what to do', (t) => {
  t.deepEqual(shown('a:\n\tb: 1\n'), ['"\\tb: 1\\n" a tab cannot indent, use spaces']);
  t.deepEqual(shown('a: @x\n'), ['"@x\\n" a text that begins with @ needs quotes: "@x"']);
  t.deepEqual(shown(`a: [\${X}]\n`), [`"{X}]\\n" a text with \${...} needs quotes inside of [ ] and { }`]);
});

test('one error a line, in the order of the lines', (t) => {
  t.deepEqual(
    errors('a: *\nb: @x\nc: %y\n').map(({ message }) => message),
    ['*', '@x', '%y'].map((text) => `a text that begins with ${text[0]} needs quotes: "${text}"`),
  );
  t.is(errors('a: [*, *, *]\n').length, 1);
});

test('ends where the parser is out of step with the text', (t) => {
  t.is(errors('a:\n  - b: 1\n   c: 2\nd: @x\n').length, 1);
});

test('only what leaves all values as they were meant is harmless', (t) => {
  const [twice] = errors('a:\n  b: 1\n  b: 2\n');
  t.like(twice, { harmless: true, message: 'the key is given twice, remove one of them' });
  t.is(pathText(twice?.path ?? []), 'a.b');
  t.true(errors('a: 1\n---\nb: 1\n')[0]?.harmless);
  t.false(errors('a: [\n')[0]?.harmless);
});
