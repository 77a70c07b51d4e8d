import { z } from 'zod';
import { defineComponent } from '../core/component.ts';
import { filePath } from '../core/paths.ts';
import { readInputs } from './input/inputs.ts';

const config = z.strictObject({
  paths: z
    .array(z.union([z.literal('-'), filePath()]))
    .min(1)
    .describe('files to read one after the other, plain or gzip; - is standard input'),
});

export default defineComponent({
  kind: 'source',
  type: 'files',
  summary: 'reads files, plain or gzip, one after the other and once',
  config,
  example: `type: files
paths:
  - /var/log/kubernetes/audit/audit-2026-11-21T06-10-11.123.log.gz
  - /var/log/kubernetes/audit/audit.log
`,
  once: true,
  files: ({ paths }) => paths.map((path) => (path === '-' ? '/dev/stdin' : path)),
  create: ({ paths }, context) => readInputs(paths, context),
});
