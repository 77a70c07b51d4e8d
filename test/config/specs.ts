import { z } from 'zod';
import { type ComponentSpec, defineComponent, type Kind, type Sink, type Source } from '../../src/core/component.ts';
import { filePath } from '../../src/core/paths.ts';
import { duration, size } from '../../src/core/units.ts';

const code = z.union([z.number().min(100).max(999), z.string().regex(/^[1-9](xx|[0-9]{2})$/)]);

/** Components with every form of option there is, for the tests of the configuration. They are never started. */
export const components: readonly ComponentSpec[] = [
  spec('source', 'stdin', z.strictObject({})),
  spec(
    'source',
    'http',
    z.strictObject({
      listen: z.string().prefault('127.0.0.1:8080').describe('address and port'),
      auth: z
        .union([z.literal('none'), z.strictObject({ bearerFile: filePath().describe('file with the token') })])
        .prefault('none')
        .describe('who may send'),
    }),
  ),
  spec(
    'transform',
    'parse',
    z.strictObject({ maxEventBytes: size().prefault('16MiB').describe('limit of one event') }),
  ),
  spec(
    'transform',
    'forbidden',
    z.strictObject({
      codes: z
        .union([code, z.array(code)])
        .transform((codes) => new Set([codes].flat()))
        .optional()
        .describe('HTTP codes to keep'),
      preset: z.enum(['denied', 'podsec']).optional().describe('a ready choice'),
      ignore: z
        .strictObject({
          users: z.array(z.string()).prefault([]).describe('user names'),
          verbs: z.array(z.string()).optional().describe('verbs'),
        })
        .prefault({})
        .describe('what to leave out'),
    }),
  ),
  spec(
    'sink',
    'stdout',
    z.strictObject({ format: z.enum(['json', 'text']).default('json').describe('how an event is written') }),
  ),
  spec(
    'sink',
    'file',
    z.strictObject({
      path: filePath().describe('the file to append to'),
      format: z.enum(['json', 'text']).default('json').describe('how an event is written'),
      flushEvery: duration().default(1500).describe('how often'),
      backups: z.int().min(0).max(100).default(5).describe('how many old files to keep'),
      sync: z.boolean().default(true).describe('whether to sync'),
    }),
  ),
  spec(
    'sink',
    'web',
    z.strictObject({
      url: z.string().describe('where to send'),
      headers: z.record(z.string(), z.string()).prefault({}).describe('sent along'),
    }),
  ),
  spec(
    'sink',
    'many',
    z.strictObject({
      paths: z
        .array(z.union([z.literal('-'), filePath()]))
        .prefault([])
        .describe('several files'),
      numbers: z
        .array(z.union([z.number(), z.string()]))
        .prefault([])
        .describe('several numbers'),
    }),
  ),
];

function spec<K extends Kind, S extends z.ZodType>(kind: K, type: string, config: S): ComponentSpec {
  const example =
    type === 'file'
      ? 'type: file\npath: out.ndjson\n'
      : type === 'web'
        ? 'type: web\nurl: http://localhost\n'
        : `type: ${type}\n`;
  return defineComponent({
    kind,
    type,
    summary: `the ${type} ${kind} of the tests`,
    config,
    example,
    create: notStarted,
  }) as ComponentSpec;
}

function notStarted(): Source & Sink & { apply(): undefined } {
  throw new Error('configuration tests start nothing');
}
