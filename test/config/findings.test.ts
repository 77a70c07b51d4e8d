import test from 'ava';
import { z } from 'zod';
import { checked, pathText } from '../../src/config/findings.ts';

function found(schema: z.ZodType, value: unknown): readonly string[] {
  const { output, findings } = checked(schema, value, { path: ['sinks', 0] });
  if (findings.length > 0 && output !== undefined) throw new Error('there is an output beside findings');
  return findings.map(({ path, at, message }) => `${pathText(path)} (${at}): ${message}`);
}

test('what is in order comes out as the schema makes it, without findings', (t) => {
  const schema = z.strictObject({ a: z.string().transform(Number) });
  t.deepEqual(checked(schema, { a: '5' }, { path: [] }), { output: { a: 5 }, findings: [] });
});

test('a value that is wrong twice in the same way is one finding', (t) => {
  const schema = z.strictObject({
    codes: z.string().superRefine((value, context) => {
      for (const term of value.split(',')) {
        if (term === '') context.addIssue({ code: 'custom', message: 'cannot read ""' });
        if (term === 'x') context.addIssue({ code: 'custom', message: 'cannot read "x"' });
      }
    }),
  });
  t.deepEqual(found(schema, { codes: '4xx,,x,' }), [
    'sinks[0].codes (value): cannot read ""',
    'sinks[0].codes (value): cannot read "x"',
  ]);
});

test('values that are wrong in the same way at two places are two findings', (t) => {
  const schema = z.strictObject({ list: z.array(z.number()) });
  t.deepEqual(found(schema, { list: ['a', 'b'] }), [
    'sinks[0].list[0] (value): expected a number, received a string',
    'sinks[0].list[1] (value): expected a number, received a string',
  ]);
});

test('of a union, the problems of the branch that was meant are told', (t) => {
  const schema = z.union([z.literal('none'), z.strictObject({ file: z.string() })]);
  t.deepEqual(found(schema, { fiel: 'x' }), [
    'sinks[0].file (key): missing, expected a string',
    'sinks[0].fiel (key): unknown key, did you mean "file"?',
  ]);
  t.deepEqual(found(schema, 5), ['sinks[0] (value): expected none or keys and values, received a number']);
});

test('a path reads as in a pipeline file', (t) => {
  t.is(pathText(['sinks', 1, 'batch', 'maxWait']), 'sinks[1].batch.maxWait');
  t.is(pathText([]), '');
});
