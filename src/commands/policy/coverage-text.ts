import type { TopCounter } from '../../audit/policy/coverage/top-counter.ts';
import type { Amounts, Coverage, Tally } from '../../audit/policy/coverage.ts';
import { quoted } from '../../audit/policy/explain/why-text.ts';
import { type PlacedPolicy, ruleName } from './policy-file.ts';

const WIDTH = 120;
const HEADER = ['rule', 'line', 'level', 'events', 'bytes in', 'written', 'bytes out', 'saved'];
const LEFT = HEADER.indexOf('level');
const INDENT = ' '.repeat(6);

/**
 * A table with a line for each rule of the policy, below it whom and what it decided about most, and in the end what
 * deserves a look: rules that were never hit, events that no rule matched. No line is wider than 120 columns.
 */
export function coverageText(coverage: Coverage, placed: PlacedPolicy, top: number): string {
  const { policy, lines } = placed;
  const entries: { readonly cells: readonly string[]; readonly tally?: Tally }[] = coverage.rules.map(
    (tally, rule) => ({
      cells: [String(rule), String(lines[rule] ?? '-'), policy.rules?.[rule]?.level ?? '', ...amountCells(tally)],
      tally,
    }),
  );
  const { unmatched, total } = coverage;
  entries.push({ cells: ['-', '-', 'no rule', ...amountCells(unmatched)], tally: unmatched });
  entries.push({ cells: ['', '', 'all', ...amountCells(total)] });

  const rows = [HEADER, ...entries.map(({ cells }) => cells)];
  const widths = HEADER.map((_, column) => Math.max(...rows.map((cells) => (cells[column] as string).length)));
  const row = (cells: readonly string[]) => {
    const padded = cells.map((cell, column) => {
      const width = widths[column] as number;
      return column === LEFT ? cell.padEnd(width) : cell.padStart(width);
    });
    return `${padded.join('  ').trimEnd()}\n`;
  };
  const table = entries.map(({ cells, tally }) => row(cells) + (tally === undefined ? '' : topLines(tally, top)));
  return row(HEADER) + table.join('') + remarks(coverage, placed);
}

function amountCells({ events, bytesIn, written, bytesOut }: Amounts): readonly string[] {
  const saved = bytesIn === 0 ? '-' : `${(100 - (100 * bytesOut) / bytesIn).toFixed(1)} %`;
  return [String(events), bytesText(bytesIn), String(written), bytesText(bytesOut), saved];
}

function topLines(tally: Tally, top: number): string {
  if (tally.events === 0 || top === 0) return '';
  return (['users', 'verbs', 'resources'] as const)
    .map((what) => clipped(`${INDENT}${what.padEnd(9)}  ${topText(tally[what], top)}`))
    .join('');
}

/** `alice 12, bob 4`; `alice 12+` where it may have been more. */
function topText(counter: TopCounter, top: number): string {
  const mark = counter.error > 0 ? '+' : '';
  return counter
    .top(top)
    .map(({ value, events }) => `${value === '' ? '""' : quoted(value).slice(1, -1)} ${events}${mark}`)
    .join(', ');
}

function remarks(coverage: Coverage, placed: PlacedPolicy): string {
  const { total, rules, unmatched } = coverage;
  const texts: string[] = [];
  const idle = rules.flatMap((tally, rule) => (tally.events === 0 ? [ruleName(placed, rule)] : []));
  if (idle.length > 0) texts.push(...wrapped('never hit: ', idle));
  if (unmatched.events > 0) texts.push(`no rule matches ${counted(unmatched.events)}: they are dropped`);
  if (total.stageDropped > 0) texts.push(`dropped for their stage: ${counted(total.stageDropped)}`);
  if (total.unrestored > 0) {
    texts.push(`recorded with less than the policy asks for: ${counted(total.unrestored)}, so bytes out is too low`);
  }
  const counters = [...rules, unmatched].flatMap(({ users, verbs, resources }) => [users, verbs, resources]);
  if (counters.some(({ error }) => error > 0)) {
    texts.push('+ at least: there are more different values than are counted one by one');
  }
  return texts.map((text) => `${text}\n`).join('');
}

function counted(events: number): string {
  return `${events} ${events === 1 ? 'event' : 'events'}`;
}

/** Items with commas, in as many lines as it takes. */
function wrapped(title: string, items: readonly string[]): readonly string[] {
  const lines: string[] = [];
  let line = title;
  for (const [index, item] of items.entries()) {
    const text = index < items.length - 1 ? `${item}, ` : item;
    if (line.length + text.trimEnd().length > WIDTH) {
      lines.push(line.trimEnd());
      line = ' '.repeat(title.length);
    }
    line += text;
  }
  return [...lines, line];
}

function clipped(line: string): string {
  return `${line.length > WIDTH ? `${line.slice(0, WIDTH - 1)}…` : line}\n`;
}

/** `812 B`, `4.2 KiB` */
function bytesText(bytes: number): string {
  let amount = bytes;
  for (const unit of ['B', 'KiB', 'MiB', 'GiB', 'TiB']) {
    if (amount < 1000 || unit === 'TiB') return `${unit === 'B' ? amount : amount.toFixed(1)} ${unit}`;
    amount /= 1024;
  }
  return `${bytes} B`;
}
