import { z } from 'zod';
import { upTo } from './number-pattern.ts';

/**
 * Sizes and durations as people write them. A size is a whole number and a unit without a space (`64MiB`), or a plain
 * number of bytes; KiB, MiB, GiB, TiB count by 1024, kB, MB, GB, TB by 1000. A duration is one or more whole numbers
 * with units, largest first (`250ms`, `1h30m`). Each turns into a number at the edge, bytes or milliseconds, and
 * nothing else in the program reads units.
 */
export interface Limits {
  /** The smallest value allowed, in bytes or milliseconds. */
  readonly min?: number;
  readonly max?: number;
  /** Why there is a limit, as it is said to those who pass it. */
  readonly because?: string;
}

/** A size in a component's options: `size().prefault('64MiB').describe(...)`. The output is in bytes. */
export function size(limits: Limits = {}): z.ZodType<number, string | number> {
  const text = z
    .string()
    .regex(SIZE, { error: notASize })
    .meta({ pattern: sizePattern(limits) });
  const bytes = z.int({ error: notASize }).min(0, { error: notASize }).meta(jsonBounds(limits));
  return z
    .union([text, bytes], { error: notASize })
    .meta({ unit: 'size' })
    .transform((written, context) => checked(parseSize(written), { ...limits, format: formatBytes, context }))
    .meta({ unit: 'size' });
}

/** A duration in a component's options: `duration().prefault('30s').describe(...)`. The output is in milliseconds. */
export function duration(limits: Limits = {}): z.ZodType<number, string | number> {
  const text = z
    .string()
    .regex(DURATION, { error: notADuration })
    .meta({ pattern: durationPattern(limits) });
  const zero = z.literal(0).meta(jsonBounds(limits));
  return z
    .union([text, zero], { error: notADuration })
    .meta({ unit: 'duration' })
    .transform((written, context) => checked(parseDuration(written), { ...limits, format: formatDuration, context }))
    .meta({ unit: 'duration' });
}

const SIZE_UNITS: Readonly<Record<string, number>> = {
  TiB: 1024 ** 4,
  TB: 1000 ** 4,
  GiB: 1024 ** 3,
  GB: 1000 ** 3,
  MiB: 1024 ** 2,
  MB: 1000 ** 2,
  KiB: 1024,
  kB: 1000,
  B: 1,
};
const DURATION_UNITS: Readonly<Record<string, number>> = { d: 86_400_000, h: 3_600_000, m: 60_000, s: 1000, ms: 1 };

const SIZE = /^[0-9]+([KMGT]iB|[kMGT]B|B)?$/;
const DURATION = /^(?=[0-9])([0-9]+d)?([0-9]+h)?([0-9]+m)?([0-9]+s)?([0-9]+ms)?$|^0$/;

/**
 * For the JSON Schema: every text within the limits, and of those beyond them all but a few. A pattern can look at each
 * number by itself only, so it lets `4s2000ms` pass where `5s` is the most.
 */
function durationPattern({ min = 0, max }: Limits): string {
  const parts = Object.entries(DURATION_UNITS).map(([unit, factor]) => `(${count(max, factor)}${unit})?`);
  return `^${notOnlyZeros(min)}(?=[0-9])${parts.join('')}$${min > 0 ? '' : '|^0$'}`;
}

function sizePattern({ min = 0, max }: Limits): string {
  if (max === undefined) return SIZE.source.replace('^', `^${notOnlyZeros(min)}`);
  const forms = Object.entries(SIZE_UNITS).map(
    ([unit, factor]) => `${count(max, factor)}${unit}${unit === 'B' ? '?' : ''}`,
  );
  return `^${notOnlyZeros(min)}(${forms.join('|')})$`;
}

function count(max: number | undefined, factor: number): string {
  return max === undefined ? '[0-9]+' : upTo(Math.floor(max / factor));
}

function notOnlyZeros(min: number): string {
  return min > 0 ? '(?=.*[1-9])' : '';
}

function jsonBounds({ min, max }: Limits): { readonly minimum?: number; readonly maximum?: number } {
  return { ...(min === undefined ? {} : { minimum: min }), ...(max === undefined ? {} : { maximum: max }) };
}

/** Bytes; `undefined` for anything that is not exactly a size, or too large to count exactly. */
export function parseSize(text: string | number): number | undefined {
  if (typeof text === 'number') return Number.isSafeInteger(text) && text >= 0 ? text : undefined;
  const unit = SIZE.exec(text);
  if (unit === null) return undefined;
  const bytes = Number.parseInt(text, 10) * (SIZE_UNITS[unit[1] ?? 'B'] ?? Number.NaN);
  return Number.isSafeInteger(bytes) ? bytes : undefined;
}

/** Milliseconds; `undefined` for anything that is not exactly a duration. A number without a unit is one only if it is 0. */
export function parseDuration(text: string | number): number | undefined {
  if (text === 0 || text === '0') return 0;
  if (typeof text === 'number' || !DURATION.test(text)) return undefined;
  let ms = 0;
  for (const [, count, unit] of text.matchAll(/([0-9]+)([a-z]+)/g)) {
    ms += Number(count) * (DURATION_UNITS[unit ?? ''] ?? Number.NaN);
  }
  return Number.isSafeInteger(ms) ? ms : undefined;
}

/** The shortest text that parses to exactly this many bytes: `4MiB`, `100MB`, `1500B`. */
export function formatBytes(bytes: number): string {
  let shortest = `${bytes}B`;
  for (const [unit, factor] of Object.entries(SIZE_UNITS)) {
    const text = `${bytes / factor}${unit}`;
    if (bytes >= factor && bytes % factor === 0 && text.length < shortest.length) shortest = text;
  }
  return shortest;
}

/** Text that parses to exactly this many milliseconds: `1h30m`, `250ms`, `0s`. */
export function formatDuration(ms: number): string {
  let text = '';
  let rest = ms;
  for (const [unit, factor] of Object.entries(DURATION_UNITS)) {
    if (rest >= factor) text += `${Math.floor(rest / factor)}${unit}`;
    rest %= factor;
  }
  return text === '' ? '0s' : text;
}

function notASize({ input }: { readonly input?: unknown }): string | undefined {
  if (input === undefined || input === null) return undefined;
  return `${JSON.stringify(input)} is not a size, write a whole number of B, KiB, MiB, GiB, kB, MB or GB without a space, such as 64MiB`;
}

function notADuration({ input }: { readonly input?: unknown }): string | undefined {
  if (input === undefined || input === null) return undefined;
  return `${JSON.stringify(input)} is not a duration, write whole numbers of d, h, m, s or ms without spaces, such as 30s or 1h30m`;
}

function checked(
  value: number | undefined,
  {
    min,
    max,
    because,
    format,
    context,
  }: Limits & { readonly format: (value: number) => string; readonly context: Context },
): number {
  const refuse = (message: string) => void context.issues.push({ code: 'custom', input: value, message });
  const reason = because === undefined ? '' : `, ${because}`;
  if (value === undefined) refuse('must be smaller, the number is too large to count exactly');
  else if (min !== undefined && value < min) refuse(`must be at least ${format(min)}${reason}`);
  else if (max !== undefined && value > max) refuse(`must be at most ${format(max)}${reason}`);
  return value ?? z.NEVER;
}

type Context = z.core.ParsePayload;
