import { z } from 'zod';
import type { Kind } from '../core/component.ts';
import { deliveryOptions } from './delivery-options.ts';

/** Names become parts of folder names and words in messages. */
export const nameOption = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/, {
    error: 'must begin with a letter or digit and hold only letters, digits, ".", "_" and "-", at most 100',
  })
  .describe('the name in messages');

/** The outer layout of a pipeline file. What stands in each component is looked at by type. */
export const pipelineOptions = z.strictObject({
  name: nameOption.optional().describe('the name of the pipeline; default: the file name without its ending'),
  source: z.unknown().optional().describe('where events come from'),
  transforms: z
    .array(z.unknown())
    .prefault([])
    .describe('what happens to every event, in this order; parse is put first where it is not listed'),
  sinks: z.array(z.unknown()).min(1).describe('where events go; every sink gets every event'),
});

const typed = z.strictObject({
  type: z.string().describe('the kind of component'),
  name: nameOption.optional().describe('the name in messages; default: the type'),
});

/** What may stand in any component of a kind, beside the options of its type. */
export const commonOptions = {
  source: typed,
  transform: typed,
  sink: typed.extend({
    transforms: z.array(z.unknown()).prefault([]).describe("what happens to this sink's events only, in this order"),
    ...deliveryOptions.shape,
  }),
} satisfies Record<Kind, z.ZodObject>;
