import type { AuditEvent } from '../../src/core/event.ts';

/** A record as it came out, by value. */
export interface Found {
  /** Each byte as one character; of what was refused, runs of white space as one space. */
  readonly text: string;
  readonly line: number;
  readonly offset: number;
  readonly labels: Readonly<Record<string, string>>;
  /** `code: message`, with the length and digest of a record that was not kept whole. */
  readonly fault: string | undefined;
}

export function foundIn({ raw, origin, labels, fault }: AuditEvent): Found {
  const { line, offset } = origin;
  const text = fault === undefined ? raw.toString('latin1') : refusedText(raw);
  return { text, line, offset, labels: { ...labels }, fault: fault && faultText(fault) };
}

/** What was refused: blank lines inside it, and white space around it, may be left out. */
export function refusedText(raw: Buffer): string {
  return raw
    .toString('latin1')
    .replaceAll(/[ \t\r\n]+/g, ' ')
    .replaceAll(/^ | $/g, '');
}

function faultText({ code, message, excerpt }: NonNullable<AuditEvent['fault']>): string {
  return `${code}: ${message}${excerpt === undefined ? '' : ` (${excerpt.bytes} bytes, ${excerpt.sha256})`}`;
}
