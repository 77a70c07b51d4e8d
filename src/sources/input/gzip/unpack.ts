import { crc32 } from 'node:zlib';
import { KauditError } from '../../../core/errors.ts';
import { Follower } from './follower.ts';
import { headerFault, headerLength, isGzip, TRAILER_BYTES } from './header.ts';
import { Inflater } from './inflater.ts';
import type { PackedBytes } from './packed-bytes.ts';

/**
 * How much is unpacked at once: large enough that the way to another thread does not matter, small enough to look for
 * a fault in it byte by byte.
 */
const PIECE_BYTES = 16 * 1024;

/**
 * Unpacks gzip members one after the other; NULs between and behind them are skipped. Every byte that can be unpacked
 * comes out, and only then the error, with the place: a member that is cut off or damaged, or bytes that are no member,
 * end it. A checksum that does not match does not: the members behind it can be told from it.
 */
export async function* unpack(packed: PackedBytes, name: string): AsyncGenerator<Buffer, void> {
  const faults: Fault[] = [];
  try {
    let more = true;
    while (more) {
      const fault = yield* unpackMember(packed);
      if (fault !== undefined && faults.length === 0) faults.push(fault);
      more = await findMember(packed);
    }
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    faults.push(error);
  }
  if (faults.length === 0) return;
  const what = faults.map(({ message }) => message).join(', then ');
  const text = `cannot unpack ${name}: ${what}; what could be unpacked was read, get a good copy`;
  throw new KauditError('source-read', text, { cause: faults[0] });
}

/** What is wrong with the packed data, and where. */
class Fault extends Error {}

/** Returns what the trailer finds wrong with what was unpacked. */
async function* unpackMember(packed: PackedBytes): AsyncGenerator<Buffer, Fault | undefined> {
  await skipHeader(packed);
  let checksum = 0;
  let count = 0;
  for await (const bytes of inflate(packed)) {
    checksum = crc32(bytes, checksum);
    count += bytes.length;
    yield bytes;
  }
  const at = packed.position;
  const trailer = (await packed.peek(TRAILER_BYTES)).subarray(0, TRAILER_BYTES);
  packed.skip(trailer.length);
  if (trailer.length < TRAILER_BYTES) throw cutOff(packed);
  const matches = trailer.readUInt32LE(0) === checksum && trailer.readUInt32LE(4) === count % 2 ** 32;
  return matches ? undefined : new Fault(`wrong checksum at byte ${at}`);
}

async function skipHeader(packed: PackedBytes): Promise<void> {
  for (let known = 0; ; ) {
    const bytes = await packed.peek(known + 1);
    const fault = headerFault(bytes);
    if (fault !== undefined) throw damaged(packed.position, fault);
    const length = headerLength(bytes);
    if (length !== undefined) return packed.skip(length);
    if (bytes.length === known) {
      packed.skip(known);
      throw cutOff(packed);
    }
    known = bytes.length;
  }
}

/** The deflate data of one member. */
async function* inflate(packed: PackedBytes): AsyncGenerator<Buffer, void> {
  const inflater = new Inflater();
  const follower = new Follower();
  let following = Promise.resolve();
  let given = 0;
  try {
    while (!inflater.ended) {
      const piece = (await packed.peek(1)).subarray(0, PIECE_BYTES);
      if (piece.length === 0) throw cutOff(packed);
      const before = inflater.used;
      const [cause] = await Promise.all([inflater.write(piece), following]);
      for (const bytes of inflater.take()) {
        given += bytes.length;
        yield bytes;
      }
      if (cause !== undefined) {
        const { output, good } = await follower.beforeFault(piece, given);
        yield* output;
        throw damaged(packed.position + good, cause.message, cause);
      }
      packed.skip(inflater.used - before);
      if (!inflater.ended) following = follower.keep(piece);
    }
  } finally {
    inflater.close();
    follower.close();
  }
}

/** Whether another member follows. */
async function findMember(packed: PackedBytes): Promise<boolean> {
  for (;;) {
    const bytes = await packed.peek(2);
    if (bytes.length === 0) return false;
    if (isGzip(bytes)) return true;
    const start = bytes.findIndex((byte) => byte !== 0);
    packed.skip(start < 0 ? bytes.length : start);
    if (start !== 0) continue;
    const shown = bytes
      .subarray(0, SHOWN_BYTES)
      .toString('hex')
      .replaceAll(/..(?!$)/g, '$& ');
    throw new Fault(`no gzip data from byte ${packed.position} on (${shown})`);
  }
}

const SHOWN_BYTES = 8;

function cutOff(packed: PackedBytes): Fault {
  return new Fault(`cut off at byte ${packed.position}, in the middle of packed data`);
}

function damaged(at: number, what: string, cause?: Error): Fault {
  return new Fault(`damaged at byte ${at} (${what})`, { cause });
}
