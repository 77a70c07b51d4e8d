import { eventOf } from '../../src/audit/bytes-event.ts';
import { type Clock, sleep } from '../../src/core/clock.ts';
import type { DeadLetter, Rejected } from '../../src/core/dead-letter.ts';
import type { AuditEvent } from '../../src/core/event.ts';
import type { Log } from '../../src/core/log.ts';

/** Time that stands still until a test moves it. */
export class ManualClock implements Clock {
  private time = 0;
  private timers: { readonly at: number; readonly callback: () => void }[] = [];

  now(): number {
    return this.time;
  }

  get waiting(): number {
    return this.timers.length;
  }

  after(ms: number, callback: () => void): () => void {
    const timer = { at: this.time + ms, callback };
    this.timers.push(timer);
    return () => {
      this.timers = this.timers.filter((other) => other !== timer);
    };
  }

  /** Lets everything happen that happens within this time. */
  async advance(ms: number): Promise<void> {
    const until = this.time + ms;
    await settled();
    while (this.fireNext(until)) await settled();
    this.time = until;
  }

  /** Moves on from timer to timer until the promise settles; throws when nothing is left that could settle it. */
  async drive<T>(promise: Promise<T>): Promise<T> {
    let pending = true;
    const end = () => {
      pending = false;
    };
    promise.then(end, end);
    await settled();
    for (let idle = 0; pending; await settled()) {
      idle = this.fireNext(Number.POSITIVE_INFINITY) ? 0 : idle + 1;
      if (idle > 20) throw new Error('stuck: no timer is left, and it is still waiting');
    }
    return promise;
  }

  private fireNext(until: number): boolean {
    const [next] = this.timers.toSorted((a, b) => a.at - b.at);
    if (next === undefined || next.at > until) return false;
    this.timers = this.timers.filter((other) => other !== next);
    this.time = Math.max(this.time, next.at);
    next.callback();
    return true;
  }
}

/** Resolves when everything that can happen without time or I/O has happened. */
export function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** The text of an audit event with this id. */
export function eventText(id: string | number): string {
  return `{"kind":"Event","apiVersion":"audit.k8s.io/v1","auditID":"${id}"}`;
}

export function eventsOf(ids: readonly (string | number)[]): readonly AuditEvent[] {
  return ids.map((id) => eventOf(eventText(id)));
}

/** The id in the bytes as they are at this moment. */
export function idOf(event: AuditEvent): string {
  return /"auditID":"([^"]*)"/.exec(event.raw.toString())?.[1] ?? `not an event: ${event.raw.toString('latin1')}`;
}

export interface RecordingLog extends Log {
  readonly lines: string[];
}

export function recordingLog(): RecordingLog {
  const lines: string[] = [];
  return {
    lines,
    info: (message) => void lines.push(`info: ${message}`),
    warn: (message) => void lines.push(`warn: ${message}`),
    error: (message) => void lines.push(`error: ${message}`),
  };
}

export interface MemoryDeadLetter extends DeadLetter {
  /** `component code id`, in the order of arrival. */
  readonly kept: string[];
  readonly calls: () => number;
  readonly closed: () => boolean;
}

export interface MemoryDeadLetterOptions {
  readonly clock?: Clock;
  /** How long each call takes. */
  readonly delayMs?: number;
  /** Makes every call fail. */
  readonly failure?: Error;
}

export function memoryDeadLetter({ clock, delayMs = 0, failure }: MemoryDeadLetterOptions = {}): MemoryDeadLetter {
  const kept: string[] = [];
  let calls = 0;
  let closed = false;
  const entry = ({ event, component, error }: Rejected) => `${component} ${error.code} ${idOf(event)}`;
  return {
    kept,
    calls: () => calls,
    closed: () => closed,
    async keep(rejected) {
      calls++;
      const entries = rejected.map(entry);
      if (clock !== undefined) await sleep(clock, delayMs, new AbortController().signal);
      if (failure !== undefined) throw failure;
      kept.push(...entries);
    },
    async close() {
      closed = true;
    },
  };
}
