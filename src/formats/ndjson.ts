import { NEWLINE } from '../audit/json-bytes.ts';
import type { Bytes } from '../core/bytes.ts';
import type { AuditEvent } from '../core/event.ts';

/**
 * One JSON object a line: the bytes of the events as they are, a newline behind each.
 *
 * Events that lie beside each other in their chunk, newline between, are one view of it. Several such runs stay views
 * while a gathering write of them is cheaper than copying them together (half the cost from some 1 kB a run on);
 * short or many runs, and events without a newline behind them, are copied into one buffer of the exact size.
 * Views are valid as long as their events are.
 */
export function joinLines(events: readonly AuditEvent[]): Bytes {
  const runs: Run[] = [];
  let length = 0;
  let viewable = true;
  let run: Run | undefined;
  for (const { chunk, start, end } of events) {
    length += end - start + 1;
    if (run !== undefined && run.chunk === chunk && run.end + 1 === start && run.newline) {
      run.end = end;
      run.newline = chunk[end] === NEWLINE;
    } else {
      run = { chunk, start, end, newline: chunk[end] === NEWLINE };
      runs.push(run);
    }
    viewable &&= run.newline;
  }
  const cheap = runs.length <= 1 || (runs.length <= MAX_VIEWS && length >= runs.length * MIN_VIEW_BYTES);
  if (!viewable || !cheap) return copy(runs, length);
  const [first, ...others] = runs.map(({ chunk, start, end }) => chunk.subarray(start, end + 1));
  if (first === undefined) return EMPTY;
  return others.length === 0 ? first : [first, ...others];
}

interface Run {
  readonly chunk: Buffer;
  readonly start: number;
  end: number;
  /** Whether a newline follows the last event. */
  newline: boolean;
}

const MIN_VIEW_BYTES = 1024;
/** What Linux takes in one call (IOV_MAX). */
const MAX_VIEWS = 1024;
const EMPTY = Buffer.alloc(0);

function copy(runs: readonly Run[], length: number): Buffer {
  const lines = Buffer.allocUnsafe(length);
  let at = 0;
  for (const { chunk, start, end } of runs) {
    at += chunk.copy(lines, at, start, end);
    lines[at++] = NEWLINE;
  }
  return lines;
}
