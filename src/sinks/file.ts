import type { BigIntStats } from 'node:fs';
import { stat } from 'node:fs/promises';
import { z } from 'zod';
import { type ComponentContext, defineComponent, type Sink } from '../core/component.ts';
import { SinkError } from '../core/errors.ts';
import type { AuditEvent } from '../core/event.ts';
import { filePath } from '../core/paths.ts';
import { explainSystemError } from '../core/system-errors.ts';
import { joinLines } from '../formats/ndjson.ts';
import { plain, textLines } from '../formats/text.ts';
import { isDevice, openNamedDevice } from './output/device.ts';
import { createOutletSink, Outlet } from './output/outlet.ts';
import { RegularFile } from './output/regular-file.ts';

const config = z.strictObject({
  path: filePath().describe('where to append; made with mode 0600 when it does not exist, its folder must exist'),
  format: z
    .enum(['json', 'text'])
    .default('json')
    .describe('json: the bytes as they came, one object a line; text: a readable line'),
  sync: z
    .enum(['batch', 'end'])
    .default('batch')
    .describe('when events are forced to disk: after each batch, or once at the end (for runs that can be repeated)'),
  truncate: z.boolean().default(false).describe('empty the file at the start instead of appending to it'),
});

type FileConfig = z.output<typeof config>;

export default defineComponent({
  kind: 'sink',
  type: 'file',
  summary: 'appends events to a file, one a line; delivered means on disk',
  config,
  example: `type: file
path: /var/lib/kaudit-pipe/audit.ndjson
`,
  files: ({ path }) => [path],
  create: createFile,
});

function createFile({ path, format, sync, truncate }: FileConfig, { maxEventBytes }: ComponentContext): Sink {
  const encode = format === 'json' ? joinLines : (events: readonly AuditEvent[]) => textLines(events, plain);
  const file = new RegularFile(path, { sync, truncate, maxLineBytes: format === 'json' ? maxEventBytes : 0 });
  let stream: Sink | undefined;
  let before: Promise<void> = Promise.resolve();

  /** What touches the file waits for what did so before, also for a write that its caller has given up. */
  const inTurn = (work: () => Promise<void>): Promise<void> => {
    const done = before.then(work).catch((error) => {
      throw failure(path, error);
    });
    before = done.catch(() => undefined);
    return done;
  };

  /** Looks at what the path means. From when it is a device until it is closed it is written to as a stream. */
  const withFile = async (use: (found: BigIntStats | undefined) => Promise<void>): Promise<void> => {
    const found = await stat(path, { bigint: true }).catch(unlessMissing);
    if (found === undefined || !isDevice(path, found)) return await use(found);
    await file.close();
    stream = createOutletSink(new Outlet(path, () => openNamedDevice(path, found)), encode);
    await stream.open?.();
  };

  return {
    open: () => inTurn(async () => (stream === undefined ? await withFile((found) => file.open(found)) : undefined)),
    write: async (events, abort) => {
      if (stream === undefined) {
        await inTurn(async () => {
          if (abort.aborted) throw new SinkError(`cannot append to ${path}: stopped before`, { cause: abort.reason });
          await withFile((found) => file.append(encode(events), found));
        });
      }
      await stream?.write(events, abort);
    },
    close: () =>
      inTurn(async () => {
        await stream?.close?.();
        stream = undefined;
        await file.close();
      }),
  };
}

function unlessMissing(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error;
}

function failure(path: string, error: unknown): SinkError {
  if (error instanceof SinkError) return error;
  const { path: place = path } = error as NodeJS.ErrnoException;
  const why = explainSystemError(error, path);
  return new SinkError(`cannot append to ${path}: ${place === path ? '' : `${place}: `}${why}`, { cause: error });
}
