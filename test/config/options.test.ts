import test from 'ava';
import { z } from 'zod';
import { branchesOf, childOf, choicesOf, defaultOf, optionsOf, typeText, unitOf } from '../../src/config/options.ts';
import { filePath } from '../../src/core/paths.ts';
import { duration, size } from '../../src/core/units.ts';

test('reads options through everything that wraps them', (t) => {
  const schema = z
    .strictObject({
      a: z.string().optional().describe('first'),
      b: z.enum(['x', 'y']).default('x').describe('second'),
      c: z.preprocess((value) => value, z.int()).describe('third'),
    })
    .refine(() => true)
    .transform((value) => value)
    .prefault({ c: 1 });
  t.like(optionsOf(schema), [
    { name: 'a', type: 'string', required: false, default: undefined, description: 'first' },
    { name: 'b', type: 'x | y', required: false, default: 'x', description: 'second' },
    { name: 'c', type: 'whole number', required: true, default: undefined, description: 'third' },
  ]);
  t.deepEqual(optionsOf(z.string()), []);
});

test('a unit is found under defaults and descriptions, and the default has it', (t) => {
  t.is(unitOf(size().prefault('1MiB').describe('x')), 'size');
  t.is(unitOf(duration().optional()), 'duration');
  t.is(unitOf(filePath().describe('x').optional()), 'path');
  t.is(unitOf(z.string()), undefined);
  t.is(defaultOf(size().default(2048)), '2KiB');
  t.is(defaultOf(duration().default(90_000).describe('x')), '1m30s');
  t.is(defaultOf(size().prefault('7kB').optional()), '7kB');
});

test('names types in words', (t) => {
  t.is(typeText(z.array(filePath()).optional()), 'list of path');
  t.is(typeText(z.array(z.union([z.number(), z.string()]))), 'list of (number | string)');
  t.is(typeText(z.union([z.literal('none'), size()])), 'none | size');
  t.is(typeText(z.array(z.unknown())), 'list');
  t.is(typeText(z.boolean().default(true)), 'true | false');
  t.is(typeText(z.record(z.string(), z.string())), 'keys and values');
});

test('walks down by keys, indexes and branches', (t) => {
  const schema = z.strictObject({
    list: z.array(z.strictObject({ path: filePath() })).optional(),
    either: z.union([z.literal('none'), z.strictObject({ file: z.string() })]).default('none'),
    map: z.record(z.string(), z.number()).prefault({}),
  });
  const at = (...path: readonly PropertyKey[]) => {
    let here: z.ZodType | undefined = schema;
    for (const key of path) here = here && childOf(here, key);
    return here && typeText(here);
  };
  t.is(at('list', 0, 'path'), 'path');
  t.is(at('either', 'file'), 'string');
  t.is(at('map', 'anything'), 'number');
  t.is(at('constructor'), undefined);
  t.is(at('list', 0, 'none'), undefined);
  t.is(branchesOf(schema.shape.either).length, 2);
  t.is(branchesOf(size()).length, 0);
  t.deepEqual(choicesOf(z.enum(['a', 'b']).optional()), ['a', 'b']);
});
