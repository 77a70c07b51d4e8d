import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { DocumentReader } from '../../src/formats/documents.ts';
import { OversizeReader } from '../../src/formats/oversize.ts';
import type { DocumentRecord } from '../../src/formats/record.ts';

/** Lines that kube-apiserver wrote. */
export const EVENTS = readFileSync(new URL('../fixtures/events.ndjson', import.meta.url), 'utf8')
  .trimEnd()
  .split('\n');

/** Those of them that survive JSON.parse and JSON.stringify: numbers are no longer than a double can tell. */
export const EXACT = EVENTS.filter((line) => !/\d{16}/.test(line.replaceAll(/"(?:[^"\\]|\\.)*"/g, '')));

/** How a list of audit events begins, up to its items. */
export const LIST = '{"kind":"EventList","apiVersion":"audit.k8s.io/v1","metadata":{},';

interface Reading {
  readonly records: readonly DocumentRecord[];
  /** What the reader left to its caller. */
  readonly rest: string;
}

/** A reader that adds what it finds to `records`, the lines that it gives back too. */
export function documentReader(maxEventBytes: number, records: DocumentRecord[]): DocumentReader {
  const emit = (record: DocumentRecord) => void records.push(record);
  return new DocumentReader({ maxEventBytes, emit, giveBack: (bytes) => emit({ bytes, truncated: false }) });
}

/** Reads the first document of a text, as whole lines in pushes of `linesPerPush`. */
export function readDocument(
  text: string | Buffer,
  { maxEventBytes = 1 << 20, linesPerPush = 1000 }: { maxEventBytes?: number; linesPerPush?: number } = {},
): Reading {
  const records: DocumentRecord[] = [];
  const reader = documentReader(maxEventBytes, records);
  const bytes = Buffer.from(text);
  let at = 0;
  do {
    let end = at;
    for (let i = 0; i < linesPerPush && end < bytes.length; i++) {
      const newline = bytes.indexOf(0x0a, end);
      end = newline < 0 ? bytes.length : newline + 1;
    }
    const chunk = Buffer.from(bytes.subarray(at, end));
    at += reader.push(chunk, 0, chunk.length);
    chunk.fill(0xff);
  } while (!reader.done && at < bytes.length);
  reader.end();
  return { records, rest: bytes.toString('utf8', at) };
}

/** Reads one long line in pieces that end at the given places. */
export function readLine(
  line: string | Buffer,
  { maxEventBytes = 1 << 20, cuts = [] }: { maxEventBytes?: number; cuts?: readonly number[] } = {},
): readonly DocumentRecord[] {
  const records: DocumentRecord[] = [];
  const reader = new OversizeReader({ maxEventBytes, emit: (record) => void records.push(record) });
  const bytes = Buffer.from(line);
  let at = 0;
  for (const cut of [...cuts, bytes.length].sort((a, b) => a - b)) {
    const end = Math.min(cut, bytes.length);
    const chunk = Buffer.from(bytes.subarray(0, end));
    at = reader.push(chunk, at, end);
    chunk.fill(0xff);
  }
  reader.end();
  return records;
}

export const anyCuts = fc.array(fc.nat({ max: 3000 }), { maxLength: 12 });

/** Cuts behind every byte. */
export function everywhere(line: string): readonly number[] {
  return Array.from({ length: Buffer.byteLength(line) }, (_, i) => i);
}

export function texts(records: readonly DocumentRecord[]): readonly string[] {
  return records.map(({ bytes }) => bytes.toString());
}

/** What became of each record. */
export function outcomes(records: readonly DocumentRecord[]): readonly string[] {
  return records.map((record) => ('fault' in record ? record.fault.code : record.truncated ? 'truncated' : 'ok'));
}

export function pretty(value: unknown, indent: number | string = 2): string {
  return `${JSON.stringify(value, null, indent)}\n`;
}

export function wellFormed(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value), (_, item) => (typeof item === 'string' ? item.toWellFormed() : item));
}
