import { z } from 'zod';
import { defineComponent } from '../core/component.ts';
import { readInputs } from './input/inputs.ts';

export default defineComponent({
  kind: 'source',
  type: 'stdin',
  summary: 'reads standard input to its end, plain or gzip',
  config: z.strictObject({}),
  example: 'type: stdin\n',
  once: true,
  files: () => ['/dev/stdin'],
  create: (_config, context) => readInputs(['-'], context),
});
