import { Writable } from 'node:stream';
import { isatty } from 'node:tty';
import { styleText } from 'node:util';
import { z } from 'zod';
import { defineComponent, type Sink } from '../core/component.ts';
import { OutputClosedError } from '../core/errors.ts';
import type { AuditEvent } from '../core/event.ts';
import { joinLines } from '../formats/ndjson.ts';
import { coloured, type Painter, plain, textLines } from '../formats/text.ts';
import { openDevice } from './output/device.ts';
import { createOutletSink, Outlet } from './output/outlet.ts';

const config = z.strictObject({
  format: z
    .enum(['json', 'text'])
    .default('json')
    .describe('json: the bytes as they came, one object a line; text: a readable line, in colour on a terminal'),
});

export default defineComponent({
  kind: 'sink',
  type: 'stdout',
  summary: 'writes events to standard output, one a line; delivered means handed to the kernel',
  config,
  example: `type: stdout
format: text
`,
  files: () => ['/dev/stdout'],
  create({ format }) {
    standardOutput ??= new Outlet('stdout', () => openDevice(1));
    const encode = format === 'json' ? joinLines : (events: readonly AuditEvent[]) => textLines(events, painter());
    return endingWithReader(createOutletSink(standardOutput, encode));
  },
});

/** One for the process: two pipelines that both write to stdout must not cut each other's lines. */
let standardOutput: Outlet | undefined;

/** Colour where the terminal shows it; NO_COLOR and FORCE_COLOR decide otherwise. */
function painter(): Painter {
  const stream = isatty(1) ? process.stdout : new Writable();
  return styleText('red', 'x', { stream }) === 'x' ? plain : coloured;
}

/** Nobody starts the reader of a pipe again: when it is gone there is nothing more to do here. */
function endingWithReader(sink: Sink): Sink {
  return {
    ...sink,
    async write(events, abort) {
      try {
        await sink.write(events, abort);
      } catch (error) {
        if (!isClosed(error)) throw error;
        throw new OutputClosedError('standard output was closed by its reader', { cause: error });
      }
    },
  };
}

function isClosed(error: unknown): boolean {
  return error instanceof Error && (error.cause as NodeJS.ErrnoException | undefined)?.code === 'EPIPE';
}
