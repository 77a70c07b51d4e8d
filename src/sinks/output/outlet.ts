import { unlessAborted } from '../../core/abort.ts';
import { type Bytes, byteLength, skipBytes } from '../../core/bytes.ts';
import type { Sink } from '../../core/component.ts';
import { messageOf, SinkError } from '../../core/errors.ts';
import type { AuditEvent } from '../../core/event.ts';
import { codeOf, explainSystemError } from '../../core/system-errors.ts';
import type { Device } from './device.ts';

/**
 * A stream of lines that cannot be taken back, used by one or several sinks in turns. An aborted write goes on in the
 * background: what the kernel has of a line is completed before anything else is written.
 */
export class Outlet {
  readonly name: string;
  private readonly open: () => Device;
  private device: Device | undefined;
  private busy: Promise<void> | undefined;
  private users = 0;
  /** Whether the last thing written may have been a part of a line. */
  private torn = false;

  constructor(name: string, open: () => Device) {
    this.name = name;
    this.open = open;
  }

  join(): void {
    this.device ??= this.open();
    this.users++;
  }

  leave(): void {
    this.users--;
    if (this.users > 0) return;
    const { device } = this;
    if (this.busy !== undefined) {
      this.torn = true;
      device?.abandon?.();
    }
    if (device?.close === undefined) return;
    device.close();
    this.device = undefined;
  }

  /** Begins to write when nothing else is being written, and resolves then; `done` when the kernel has it all. */
  async begin(encode: () => Bytes, abort: AbortSignal): Promise<{ readonly done: Promise<void> }> {
    while (this.busy !== undefined) {
      await unlessAborted(this.busy.catch(ignore), abort, () => aborted(abort, this.name));
    }
    const done = this.sendAll(encode()).finally(() => {
      this.busy = undefined;
    });
    this.busy = done;
    done.catch(ignore);
    return { done };
  }

  private async sendAll(bytes: Bytes): Promise<void> {
    let device: Device | undefined;
    try {
      this.device ??= this.open();
      device = this.device;
      if (this.torn) await device.write(NEWLINE);
      for (let rest = bytes; byteLength(rest) > 0; ) {
        const taken = await device.write(rest);
        this.torn = taken < byteLength(rest);
        rest = skipBytes(rest, taken);
      }
    } catch (error) {
      if (device?.close !== undefined && this.device === device) {
        device.close();
        this.device = undefined;
      }
      throw new SinkError(`cannot write to ${this.name}: ${reason(error, this.name)}`, { cause: error });
    }
  }
}

/** A sink on an outlet. Events of an aborted write that are offered again are not written twice. */
export function createOutletSink(outlet: Outlet, encode: (events: readonly AuditEvent[]) => Bytes): Sink {
  let joined = false;
  let last: { readonly events: readonly AuditEvent[]; readonly done: Promise<void> } | undefined;

  const join = async () => {
    if (!joined) outlet.join();
    joined = true;
  };

  return {
    open: join,
    async write(events, abort) {
      await join();
      if (last === undefined || !same(last.events, events)) {
        last = undefined;
        if (abort.aborted) throw aborted(abort, outlet.name);
        const mine = { events, ...(await outlet.begin(() => encode(events), abort)) };
        last = mine;
        mine.done.catch(() => {
          if (last === mine) last = undefined;
        });
      }
      await unlessAborted(last.done, abort, () => aborted(abort, outlet.name));
      last = undefined;
    },
    async close() {
      if (joined) outlet.leave();
      joined = false;
      last = undefined;
    },
  };
}

const NEWLINE = Buffer.from('\n');

function same(some: readonly AuditEvent[], others: readonly AuditEvent[]): boolean {
  return some.length === others.length && some.every((event, index) => event === others[index]);
}

function reason(error: unknown, name: string): string {
  const code = codeOf(error);
  if (code === 'EPIPE' || code === 'ECONNRESET' || code === 'ENXIO') return 'its reader is gone, start it again';
  return code === 'ENOENT' ? messageOf(error) : explainSystemError(error, name);
}

function aborted(abort: AbortSignal, name: string): SinkError {
  return new SinkError(`cannot write to ${name}: stopped before its reader took the events`, { cause: abort.reason });
}

function ignore(): void {}
