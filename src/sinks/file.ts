import { type BigIntStats, closeSync, constants, openSync } from 'node:fs';
import { type FileHandle, open, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { z } from 'zod';
import type { Bytes } from '../core/bytes.ts';
import { type ComponentContext, defineComponent, type Sink } from '../core/component.ts';
import { syncData, syncFolder, writeAll, writeSome } from '../core/disk.ts';
import { SinkError } from '../core/errors.ts';
import type { AuditEvent } from '../core/event.ts';
import { filePath } from '../core/paths.ts';
import { explainSystemError } from '../core/system-errors.ts';
import { joinLines } from '../formats/ndjson.ts';
import { plain, textLines } from '../formats/text.ts';
import { type Device, socketDevice } from './output/device.ts';
import { createOutletSink, Outlet } from './output/outlet.ts';
import { mendTail } from './output/torn-line.ts';

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

/** The file as it was opened; `path` may come to mean another one. */
interface Opened {
  readonly handle: FileHandle;
  readonly identity: string;
  /** Length to which the file must be cut back before anything else is written: a failed write lies behind it. */
  cutTo: number | undefined;
  unsynced: boolean;
}

function createFile({ path, format, sync, truncate }: FileConfig, { maxEventBytes }: ComponentContext): Sink {
  const encode = format === 'json' ? joinLines : (events: readonly AuditEvent[]) => textLines(events, plain);
  let file: Opened | undefined;
  let stream: Sink | undefined;
  let emptied = !truncate;
  let before: Promise<void> = Promise.resolve();

  /** What touches the file waits for what did so before, also for a write that its caller has given up. */
  const inTurn = (work: () => Promise<void>): Promise<void> => {
    const done = before.then(work).catch((error) => {
      throw failure(path, error);
    });
    before = done.catch(() => undefined);
    return done;
  };

  const openPath = async (stats: BigIntStats | undefined): Promise<void> => {
    if (stats !== undefined && (!stats.isFile() || DESCRIPTOR.test(path)) && !stats.isDirectory()) {
      const outlet = new Outlet(path, () => openStream(path, stats));
      stream = createOutletSink(outlet, encode);
      await stream.open?.();
      return;
    }
    const handle = await open(path, constants.O_RDWR | constants.O_APPEND | constants.O_CREAT, 0o600);
    try {
      if (!emptied) await handle.truncate(0);
      else await mendTail(handle, path, format === 'json' ? maxEventBytes : 0);
      if (stats === undefined && sync === 'batch') await syncFolder(dirname(path));
      const identity = identityOf(await handle.stat({ bigint: true }));
      file = { handle, identity, cutTo: undefined, unsynced: false };
      emptied = true;
    } catch (error) {
      await handle.close();
      throw error;
    }
  };

  const release = async (opened: Opened): Promise<void> => {
    file = undefined;
    try {
      await cutBack(opened);
      if (opened.unsynced) await syncData(opened.handle);
    } finally {
      await opened.handle.close();
    }
  };

  /** Opens the path when it has come to mean another file: after a rotation, or when the file was removed. */
  const reopen = async (): Promise<void> => {
    const stats = await stat(path, { bigint: true }).catch(unlessMissing);
    if (file !== undefined && (stats === undefined || identityOf(stats) !== file.identity)) {
      await cutBack(file);
      await release(file);
    }
    if (file === undefined) await openPath(stats);
  };

  const append = async (opened: Opened, bytes: Bytes): Promise<void> => {
    await cutBack(opened);
    opened.cutTo = (await opened.handle.stat()).size;
    try {
      await writeAll(opened.handle.fd, bytes);
      if (sync === 'batch') await syncData(opened.handle);
    } catch (error) {
      await cutBack(opened).catch(() => undefined);
      throw error;
    }
    opened.cutTo = undefined;
    opened.unsynced = sync === 'end';
  };

  return {
    open: () => inTurn(async () => (stream === undefined ? await reopen() : undefined)),
    write: async (events, abort) => {
      if (stream === undefined) {
        await inTurn(async () => {
          if (abort.aborted) throw new SinkError(`cannot append to ${path}: stopped before`, { cause: abort.reason });
          await reopen();
          if (file !== undefined) await append(file, encode(events));
        });
      }
      await stream?.write(events, abort);
    },
    close: () =>
      inTurn(async () => {
        await stream?.close?.();
        stream = undefined;
        if (file !== undefined) await release(file);
      }),
  };
}

/** Names of descriptors that this process was given: what they lead to is not ours to cut or to empty. */
const DESCRIPTOR = /^\/dev\/(stdout|stderr|fd\/\d+)$|^\/proc\/(self|thread-self|\d+)\/fd\/\d+$/;

function openStream(path: string, stats: BigIntStats): Device {
  const fd = openSync(path, constants.O_WRONLY | constants.O_APPEND | constants.O_NONBLOCK);
  if (stats.isFIFO()) return socketDevice(fd, 'own');
  return { write: (bytes) => writeSome(fd, bytes), close: () => closeSync(fd) };
}

async function cutBack(file: Opened): Promise<void> {
  if (file.cutTo === undefined) return;
  const { size } = await file.handle.stat();
  if (size > file.cutTo) await file.handle.truncate(file.cutTo);
  file.cutTo = undefined;
}

function identityOf({ dev, ino }: BigIntStats): string {
  return `${dev}:${ino}`;
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
