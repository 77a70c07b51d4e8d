import { closeSync, existsSync, mkdirSync, openSync, renameSync, statSync, writeFileSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { eventLines, type LogKind, listOf } from './events.ts';
import { seeded } from './random.ts';

/**
 * Audit logs as kube-apiserver writes them, the same bytes for the same kind and size. A log is a block of at most
 * 100 MB of different lines, repeated with other audit ids; its last line is whole, so it is a little shorter than asked.
 *
 *     node bench/generate.ts mix --size 1GB
 */
const SEED = 20261121;
const BLOCK_BYTES = 100e6;
const AUDIT_ID = Buffer.from('"auditID":"');
const here = dirname(fileURLToPath(import.meta.url));
const SOURCES = ['generate', 'events', 'bodies', 'requesters', 'random'].map((name) => join(here, `${name}.ts`));

export const dataDir: string = join(here, 'data');

/** The path of such a log; made when it does not exist, or is older than the code that makes it. */
export function generatedLog(kind: LogKind, bytes: number): string {
  const path = join(dataDir, `${kind}-${Math.round(bytes / 1e6)}MB.log`);
  const changed = Math.max(...SOURCES.map((source) => statSync(source).mtimeMs));
  if (!existsSync(path) || statSync(path).mtimeMs < changed) writeLog(kind, bytes, path);
  return path;
}

function writeLog(kind: LogKind, bytes: number, path: string): void {
  mkdirSync(dirname(path), { recursive: true });
  const block = makeBlock(kind, Math.min(bytes, BLOCK_BYTES));
  const file = openSync(`${path}.part`, 'w');
  for (let left = bytes, round = 0; left > 0; round++) {
    block.renumber(round);
    const end = left >= block.bytes.length ? block.bytes.length : block.bytes.lastIndexOf('\n', left - 1) + 1;
    if (end === 0) break;
    for (let at = 0; at < end; ) at += writeSync(file, block.bytes, at, Math.min(end - at, 1 << 24));
    left -= block.bytes.length;
  }
  closeSync(file);
  renameSync(`${path}.part`, path);
}

interface Block {
  /** Whole lines, each ended by a newline. */
  readonly bytes: Buffer;
  /** Gives every event an audit id that no other round gave. */
  renumber(round: number): void;
}

function makeBlock(kind: LogKind, maxBytes: number): Block {
  const nextLine = eventLines(kind, seeded(SEED));
  const buffer = Buffer.alloc(maxBytes);
  const ids: number[] = [];
  let used = 0;
  for (;;) {
    const line = Buffer.from(`${nextLine()}\n`);
    if (used + line.length > maxBytes) break;
    ids.push(used + line.indexOf(AUDIT_ID) + AUDIT_ID.length);
    used += line.copy(buffer, used);
  }
  return {
    bytes: buffer.subarray(0, used),
    renumber(round) {
      for (const at of ids) buffer.write(round.toString(16).padStart(4, '0'), at, 'latin1');
    },
  };
}

/** The path of a log of one event, with a body that makes it this long; always made anew. */
export function longLine(bytes: number): string {
  const path = join(dataDir, `long-line-${Math.round(bytes / 1e6)}MB.log`);
  mkdirSync(dataDir, { recursive: true });
  writeFileSync(path, `${listOf(bytes, seeded(SEED))}\n`);
  return path;
}

/** `1GB`, `200MB`: powers of ten. */
export function parseSize(text: string): number {
  const match = /^(?<count>\d+)(?<unit>MB|GB)$/.exec(text)?.groups;
  if (match === undefined) throw new Error(`cannot read the size "${text}": write it as 200MB or 1GB`);
  return Number(match.count) * (match.unit === 'GB' ? 1e9 : 1e6);
}

if (import.meta.main) {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { size: { type: 'string', default: '1GB' } },
  });
  for (const kind of positionals.length > 0 ? positionals : ['mix', 'metadata']) {
    if (kind !== 'mix' && kind !== 'metadata') throw new Error(`no such log "${kind}": there are mix and metadata`);
    process.stdout.write(`${generatedLog(kind, parseSize(values.size))}\n`);
  }
}
