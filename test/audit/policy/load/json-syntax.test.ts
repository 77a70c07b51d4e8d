import test from 'ava';
import fc from 'fast-check';
import { checkJson } from '../../../../src/audit/policy/load/json-syntax.ts';
import { holds } from '../../../support/property.ts';

function problem(text: string): string | undefined {
  try {
    checkJson(Buffer.from(text).toString('latin1'));
    return undefined;
  } catch (error) {
    return (error as Error).message.replace("couldn't get version/kind; json parse error: ", '');
  }
}

const END = 'unexpected end of JSON input';

test('texts that are JSON are taken, as JSON.parse takes them', async (t) => {
  const texts = fc.oneof(
    fc.json(),
    fc
      .array(fc.constantFrom(...'{}[],:"\\u0aAeE+-.1 \n\t', 'true', 'false', 'null', 'é', '\u0001', '"a"'), {
        maxLength: 12,
      })
      .map((parts) => parts.join('')),
  );
  await holds(
    t,
    fc.property(texts, (text) => t.is(problem(text) === undefined, parses(text), text)),
    { runs: 3000 },
  );
});

function parses(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

const refused: readonly (readonly [text: string, problem: string])[] = [
  ['', END],
  ['[1', END],
  ['"a', END],
  ['tru', END],
  ['-', END],
  ['{a: 1}', "invalid character 'a' looking for beginning of object key string"],
  ['{"a":1,}', "invalid character '}' looking for beginning of object key string"],
  ['[1,]', "invalid character ']' looking for beginning of value"],
  ["'a'", "invalid character '\\'' looking for beginning of value"],
  ['{"a" 1}', "invalid character '1' after object key"],
  ['{"a":1 "b"', "invalid character '\"' after object key:value pair"],
  ['[1}', "invalid character '}' after array element"],
  ['1 2', "invalid character '2' after top-level value"],
  ['01', "invalid character '1' after top-level value"],
  ['1.e', "invalid character 'e' after decimal point in numeric literal"],
  ['1e+x', "invalid character 'x' in exponent of numeric literal"],
  ['-x', "invalid character 'x' in numeric literal"],
  ['nul!', "invalid character '!' in literal null (expecting 'l')"],
  ['"\\x', "invalid character 'x' in string escape code"],
  ['"\\u00g', "invalid character 'g' in \\u hexadecimal character escape"],
  ['"a\nb"', "invalid character '\\n' in string literal"],
  ['é', "invalid character 'Ã' looking for beginning of value"],
];

for (const [text, message] of refused) {
  test(`refused: ${JSON.stringify(text)}`, (t) => {
    t.is(problem(text), message);
  });
}

test('10,000 levels are the most', (t) => {
  const nested = (depth: number) => problem('['.repeat(depth) + ']'.repeat(depth));
  t.is(nested(10_000), undefined);
  t.is(nested(10_001), "invalid character '[' exceeded max depth");
});
