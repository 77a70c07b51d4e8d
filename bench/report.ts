/** One line of the table: a figure, and beside it what it is held against. */
export interface Row {
  readonly what: string;
  readonly figure: string;
  readonly bar: string;
  /** Above 1 the bar is missed, by this factor. */
  readonly missedBy: number | undefined;
}

export function plain(what: string, figure: string): Row {
  return { what, figure, bar: '', missedBy: undefined };
}

export function atLeast(what: string, value: number, bar: number, unit: string): Row {
  return { what, figure: show(value, unit), bar: `at least ${bar}${unit}`, missedBy: bar / Math.max(value, 1e-9) };
}

export function atMost(what: string, value: number, bar: number, unit: string): Row {
  return { what, figure: show(value, unit), bar: `at most ${bar}${unit}`, missedBy: value / bar };
}

/** Something that must be so; missed, it is missed by far. */
export function holds(what: string, isSo: boolean): Row {
  return { what, figure: isSo ? 'yes' : 'no', bar: 'yes', missedBy: isSo ? 1 : Number.POSITIVE_INFINITY };
}

/** What cannot be measured here, and why. */
export function absent(what: string, reason: string): Row {
  return plain(what, reason);
}

export function show(value: number, unit: string): string {
  const digits = Math.abs(value) >= 20 ? 0 : Math.abs(value) >= 3 ? 1 : 2;
  return `${value.toFixed(digits)}${unit}`;
}

export function table(rows: readonly Row[]): string {
  const cells = rows.map(({ what, figure, bar, missedBy }) => [
    what,
    figure,
    bar,
    missedBy === undefined ? '' : missedBy <= 1 ? 'met' : 'missed',
  ]);
  const all = [['', 'measured', 'bar', ''], ...cells];
  const widths = [0, 1, 2, 3].map((column) => Math.max(3, ...all.map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]): string =>
    `| ${row.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join(' | ')} |`;
  const rule = `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`;
  const [head = [], ...body] = all.map(line);
  return [head, rule, ...body].join('\n');
}
