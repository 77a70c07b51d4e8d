import { styleText } from 'node:util';
import type { AuditEvent, EventHead, ObjectRef, Origin, UserInfo } from '../core/event.ts';

/**
 * One event as a line for people:
 *
 *     2026-11-02T10:11:12.345Z 403 get    secrets prod/db-password          alice as bob  from 10.0.0.7 (claimed 1.2.3.4)
 *     (when)                   (code, what)  (on what)                      (who)         (from where)
 *
 * and behind them the client program, where it was observed (stage and place in the input), the message and the
 * audit ID. The columns up to who are as wide as most of their values; a longer value pushes the rest to the right.
 *
 * Fields are under the control of clients. Whatever could move the cursor, break the line or turn the direction of
 * writing is shown escaped (`\n`, `\x1b`, `\u202e`), a backslash is doubled so that an escape cannot be imitated, a
 * value with a blank in it stands in quotes so that it cannot imitate its neighbours, and what is long is shortened. The line itself ends without a newline.
 */
export function textLine({ head, origin }: AuditEvent, paint: Painter): string {
  const verb = word(head.verb, 20);
  const line =
    `${paint('faint', time(head))} ${paint(severity(head), outcome(head))} ${paint('strong', verb.padEnd(6))} ` +
    `${target(head).padEnd(40)}  ${paint('strong', who(head).padEnd(24))}  ${paint('faint', from(head.sourceIPs))}` +
    `  ${paint('faint', agent(head.userAgent))}  ${paint('faint', observed(head, origin))}`;
  const message = head.message ? `  ${paint(severity(head), clean(head.message, 300))}` : '';
  const id = head.auditID ? `  ${paint('faint', word(head.auditID, 64))}` : '';
  return line + message + id;
}

/** The lines of many events, a newline behind each. */
export function textLines(events: readonly AuditEvent[], paint: Painter): Buffer {
  let lines = '';
  for (const event of events) lines += `${textLine(event, paint)}\n`;
  return Buffer.from(lines);
}

/** Gives a part of the line its looks. */
export type Painter = (style: Style, text: string) => string;

/** good: 2xx and 3xx; denied: 401 and 403; refused: any other 4xx; failed: 5xx; pending: no code. */
type Style = 'good' | 'denied' | 'refused' | 'failed' | 'pending' | 'faint' | 'strong';

export const plain: Painter = (_, text) => text;

export const coloured: Painter = (style, text) => LOOKS[style](text);

const look = (...formats: Parameters<typeof styleText>[0][]) => {
  const [before = '', after = ''] = styleText(formats.flat(), '\0', { validateStream: false }).split('\0');
  return (text: string) => before + text + after;
};

const LOOKS: Readonly<Record<Style, (text: string) => string>> = {
  good: look('green'),
  denied: look('bold', 'red'),
  refused: look('yellow'),
  failed: look('magenta'),
  pending: look('dim'),
  faint: look('dim'),
  strong: look('bold'),
};

function time({ stageTimestamp, requestReceivedTimestamp }: EventHead): string {
  const recorded = stageTimestamp ?? requestReceivedTimestamp ?? '-';
  return word(recorded.replace(/(\.\d{3})\d+/, '$1'), 40).padEnd(24);
}

function outcome({ code }: EventHead): string {
  return code === undefined ? '---' : String(code).padStart(3);
}

function severity({ code }: EventHead): Style {
  if (code === undefined) return 'pending';
  if (code === 401 || code === 403) return 'denied';
  if (code >= 500) return 'failed';
  return code >= 400 ? 'refused' : 'good';
}

/** `pods/log prod/web-0`, `deployments.apps prod/`, `nodes worker-1`; of a request for no resource its path. */
function target({ objectRef, requestURI }: EventHead): string {
  if (objectRef?.resource !== undefined) return `${resource(objectRef)}${place(objectRef)}`;
  return word(requestURI?.split('?', 1)[0], 100);
}

function resource({ resource, apiGroup, subresource }: ObjectRef): string {
  const group = apiGroup ? `.${apiGroup}` : '';
  return word(`${resource}${group}${subresource ? `/${subresource}` : ''}`, 80);
}

function place({ namespace, name }: ObjectRef): string {
  const path = namespace ? `${namespace}/${name ?? ''}` : name;
  return path ? ` ${word(path, 100)}` : '';
}

function who({ user, impersonatedUser }: EventHead): string {
  if (user === undefined) return 'nobody (not authenticated)';
  return impersonatedUser === undefined ? name(user) : `${name(user)} as ${name(impersonatedUser)}`;
}

function name({ username }: UserInfo): string {
  return word(username, 80);
}

/** Only the last address was seen by the API server itself; those before it are what the client claimed. */
function from(sourceIPs: readonly string[]): string {
  const seen = `from ${word(sourceIPs.at(-1), 45)}`;
  const claimed = sourceIPs.slice(0, -1);
  return claimed.length === 0 ? seen : `${seen} (claimed ${word(claimed.join(','), 100)})`;
}

function agent(userAgent: string | undefined): string {
  return word(userAgent?.trimStart().split(' ', 1)[0], 60);
}

function observed({ stage }: EventHead, { source, line }: Origin): string {
  return `${word(stage, 20)} ${word(source, 200)}:${line}`;
}

/** A value that stands among others: in quotes where it could be taken for several. */
function word(value: string | undefined, limit: number): string {
  if (value === undefined || value === '') return '-';
  const text = clean(String(value), limit); // of an AdmissionReview it may be anything
  return /[\s"]/.test(text) ? `"${text.replaceAll('"', '\\"')}"` : text;
}

const HARMFUL = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\\]/gu;
const SHORT: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t', '\\': '\\\\' };

/** The text made harmless, cut to `limit` characters of the original. */
function clean(text: string, limit: number): string {
  const part = text.length <= limit ? text : `${text.slice(0, limit - 1).replace(/[\ud800-\udbff]$/, '')}…`;
  return part.replace(HARMFUL, escaped);
}

function escaped(character: string): string {
  const short = SHORT[character];
  if (short !== undefined) return short;
  const hex = (character.codePointAt(0) as number).toString(16);
  if (hex.length <= 2) return `\\x${hex.padStart(2, '0')}`;
  return hex.length <= 4 ? `\\u${hex.padStart(4, '0')}` : `\\u{${hex}}`;
}
