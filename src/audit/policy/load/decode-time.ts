import { isDate } from './yaml/timestamp.ts';

/**
 * A time in the form of Go's layouts RFC 3339 and, for `micro`, the same with six decimals. Upstream's words where it
 * is none. Milliseconds since 1970 and no fraction: a policy's times are written in whole seconds.
 */
export function parseTime(text: string, { micro }: { readonly micro: boolean }): number {
  return new TimeReader(text, micro).read();
}

/** In UTC, or null for the year 1 at its very beginning, which is Go's "no time". */
export function formatTime(milliseconds: number): string | null {
  if (milliseconds === NO_TIME) return null;
  return new Date(milliseconds)
    .toISOString()
    .replace(/^\+0/, '')
    .replace(/\.000Z$/, 'Z');
}

const NO_TIME = utc(1, 1, 1, 0);

class TimeReader {
  readonly #text: string;
  readonly #micro: boolean;
  #rest: string;

  constructor(text: string, micro: boolean) {
    this.#text = text;
    this.#micro = micro;
    this.#rest = text;
  }

  read(): number {
    const year = this.#number('2006', /^[0-9]{4}/);
    this.#literal('-');
    const month = this.#number('01', /^[0-9]{2}/, { least: 1, most: 12, name: 'month' });
    this.#literal('-');
    const day = this.#number('02', /^[0-9]{2}/);
    this.#literal('T');
    const hour = this.#number('15', /^[0-9]{1,2}/, { least: 0, most: 23, name: 'hour' });
    this.#literal(':');
    const minute = this.#number('04', /^[0-9]{2}/, { least: 0, most: 59, name: 'minute' });
    this.#literal(':');
    const second = this.#number('05', /^[0-9]{2}/, { least: 0, most: 59, name: 'second' });
    this.#fraction();
    const offset = this.#zone();
    if (this.#rest !== '') throw this.#problem(`: extra text: ${quoted(this.#rest)}`);
    if (!isDate(year, month, day)) throw this.#problem(': day out of range');
    return utc(year, month, day, hour * 3600 + minute * 60 + second - offset);
  }

  #number(element: string, form: RegExp, range?: { least: number; most: number; name: string }): number {
    const digits = form.exec(this.#rest)?.[0];
    if (digits === undefined) throw this.#cannot(element);
    this.#rest = this.#rest.slice(digits.length);
    const value = Number(digits);
    if (range !== undefined && (value < range.least || value > range.most)) {
      throw this.#problem(`: ${range.name} out of range`);
    }
    return value;
  }

  #literal(character: string): void {
    if (!this.#rest.startsWith(character)) throw this.#cannot(character);
    this.#rest = this.#rest.slice(1);
  }

  /** Decimals may stand where none are asked for. */
  #fraction(): void {
    const form = this.#micro ? /^[.,][0-9]{6}/ : /^[.,][0-9]+/;
    const digits = form.exec(this.#rest)?.[0];
    if (digits === undefined && this.#micro) throw this.#cannot('.000000');
    this.#rest = this.#rest.slice(digits?.length ?? 0);
  }

  /** In seconds. */
  #zone(): number {
    if (this.#rest.startsWith('Z')) {
      this.#rest = this.#rest.slice(1);
      return 0;
    }
    const { sign, hours, minutes } =
      /^(?<sign>.)(?<hours>[0-9]{2}):(?<minutes>[0-9]{2})/s.exec(this.#rest)?.groups ?? {};
    if (hours === undefined) throw this.#cannot('Z07:00');
    const before = this.#rest;
    this.#rest = this.#rest.slice(6);
    if (Number(minutes) > 60) throw this.#problem(': time zone offset minute out of range');
    if (Number(hours) > 24) throw this.#problem(': time zone offset hour out of range');
    if (sign !== '+' && sign !== '-') {
      this.#rest = before;
      throw this.#cannot('Z07:00');
    }
    const offset = Number(hours) * 3600 + Number(minutes) * 60;
    return sign === '-' ? -offset : offset;
  }

  #cannot(element: string): Error {
    const layout = this.#micro ? '2006-01-02T15:04:05.000000Z07:00' : '2006-01-02T15:04:05Z07:00';
    return this.#problem(` as "${layout}": cannot parse ${quoted(this.#rest)} as "${element}"`);
  }

  #problem(what: string): Error {
    return new Error(`parsing time ${quoted(this.#text)}${what}`);
  }
}

function utc(year: number, month: number, day: number, seconds: number): number {
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  return date.getTime() + seconds * 1000;
}

function quoted(text: string): string {
  const escaped = text
    .replace(/["\\]/g, '\\$&')
    .replace(/[^ -\x7f]/gu, (character) =>
      Array.from(Buffer.from(character), (byte) => `\\x${byte.toString(16).padStart(2, '0')}`).join(''),
    );
  return `"${escaped}"`;
}
