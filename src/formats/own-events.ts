import { BytesEvent, type Piece } from '../audit/bytes-event.ts';
import { NEWLINE } from '../audit/json-bytes.ts';
import { SLOTS } from '../audit/member-table.ts';
import type { EventError } from '../core/errors.ts';
import type { Labels, Origin } from '../core/event.ts';
import type { DocumentRecord } from './record.ts';

const CARRIAGE_RETURN = 0x0d;
const TRUNCATED: Labels = Object.freeze({ truncated: 'true' });

/** Longer bytes are not copied. */
const LONG_BYTES = 16 * 1024;
const ROOM_BYTES = 64 * 1024;
const ROOM_EVENTS = 256;

/**
 * Makes events of bytes that lie in no chunk of the input. Short ones are copied together, a newline behind each, so
 * that a tiny event costs little more than its bytes and neighbours can be written with one call. Long ones are kept as
 * they are given: nobody may change them.
 */
export class OwnEvents {
  private readonly source: string;
  private room: Buffer = Buffer.alloc(0);
  private used = 0;
  private table = new Int32Array(0);
  private slot = 0;

  constructor(source: string) {
    this.source = source;
  }

  of(
    bytes: Buffer,
    { line, offset }: Origin,
    { labels, fault }: { labels?: Labels; fault?: EventError } = {},
  ): BytesEvent {
    const start = bytes.length < LONG_BYTES ? this.copy(bytes) : 0;
    const chunk = bytes.length < LONG_BYTES ? this.room : bytes;
    const end = start + bytes.length;
    if (this.slot === this.table.length) {
      this.table = new Int32Array(ROOM_EVENTS * SLOTS);
      this.slot = 0;
    }
    const piece: Piece = {
      chunk,
      table: this.table,
      source: this.source,
      offset: offset - start,
      utf8: 0,
      utf8Start: start,
      utf8End: end,
    };
    const event = new BytesEvent(piece, { start, end, slot: this.slot, line }, labels, fault);
    this.slot += SLOTS;
    return event;
  }

  /** A record of a reader: one that lost its bodies says so in a label, of a refused one the line's end is left out. */
  ofRecord(record: DocumentRecord, origin: Origin): BytesEvent {
    if ('fault' in record) return this.of(withoutLineEnd(record.bytes), origin, { fault: record.fault });
    return this.of(record.bytes, origin, record.truncated ? { labels: TRUNCATED } : {});
  }

  /** Returns where the copy begins in the room. */
  private copy(bytes: Buffer): number {
    if (bytes.length >= this.room.length - this.used) {
      this.room = Buffer.allocUnsafeSlow(ROOM_BYTES);
      this.used = 0;
    }
    const start = this.used;
    this.used += bytes.copy(this.room, start);
    this.room[this.used++] = NEWLINE;
    return start;
  }
}

function withoutLineEnd(bytes: Buffer): Buffer {
  let end = bytes.length;
  while (end > 0 && (bytes[end - 1] === NEWLINE || bytes[end - 1] === CARRIAGE_RETURN)) end--;
  return bytes.subarray(0, end);
}
