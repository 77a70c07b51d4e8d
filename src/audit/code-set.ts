/**
 * A set of HTTP status codes as people write it: `403`, `401-403`, `4xx`, `>400`, `>=400`, `<500`, `<=499`, or several
 * of these with commas between them or as a list. Several mean any of them.
 */
export type Codes = number | string | readonly (number | string)[];

interface CodeProblem {
  /** Position in the list; `undefined` when the problem is not one entry's. */
  readonly index: number | undefined;
  readonly message: string;
}

export interface CodeSet {
  /** 1 at every code of the set, 0 elsewhere; 0 to 999. */
  readonly bits: Uint8Array;
  /** What could not be understood; the set holds the rest. */
  readonly problems: readonly CodeProblem[];
}

const limit = 1000;
const forms = 'write 403, 401-403, 4xx, >400, >=400, <500, or several with commas between them';

export function codeSet(codes: Codes): CodeSet {
  const bits = new Uint8Array(limit);
  const problems: CodeProblem[] = [];
  const ranges: Range[] = [];
  const list = typeof codes === 'object' ? codes : [codes];
  for (const [index, entry] of list.entries()) {
    for (const term of String(entry).split(',')) {
      const range = rangeOf(term.trim());
      if (typeof range === 'string')
        problems.push({ index: typeof codes === 'object' ? index : undefined, message: range });
      else ranges.push(range);
    }
  }
  for (const { low, high } of ranges) bits.fill(1, low, high + 1);
  if (!bits.includes(0) && !ranges.some(isEverything)) {
    const message = `${codesText(codes)} together hold every code, since several mean any of them: write a range such as 400-499`;
    problems.push({ index: undefined, message });
  }
  return { bits, problems };
}

const term = String.raw`\s*([0-9]{1,3}(\s*-\s*[0-9]{1,3})?|[0-9][xX]{2}|[<>]=?\s*[0-9]{1,3})\s*`;

/** For a JSON Schema: matches every text that is understood. Of the others, those that hold no code match too. */
export const codesPattern = `^${term}(,${term})*$`;

/** The set as it was written, in one line. */
export function codesText(codes: Codes): string {
  const entries = typeof codes === 'object' ? codes : [codes];
  return entries
    .flatMap((entry) => String(entry).split(','))
    .map((term) => term.trim())
    .join(', ');
}

interface Range {
  readonly low: number;
  readonly high: number;
}

function isEverything({ low, high }: Range): boolean {
  return low === 0 && high === limit - 1;
}

/** One term as the codes it holds, or what is wrong with it. */
function rangeOf(term: string): Range | string {
  const groups =
    /^(?:(?<from>\d{1,3})(?:\s*-\s*(?<to>\d{1,3}))?|(?<hundreds>\d)xx|(?<sign>[<>]=?)\s*(?<bound>\d{1,3}))$/i.exec(
      term,
    )?.groups;
  if (groups === undefined) return `cannot read "${term}" as status codes: ${forms}`;
  const { low, high } = boundsOf(groups);
  if (low > high) return `"${term}" holds no code: ${forms}`;
  return { low, high };
}

function boundsOf({ from, to, hundreds, sign, bound }: Record<string, string | undefined>): Range {
  if (hundreds !== undefined) return { low: Number(hundreds) * 100, high: Number(hundreds) * 100 + 99 };
  if (from !== undefined) return { low: Number(from), high: Number(to ?? from) };
  const code = Number(bound);
  if (sign === '>') return { low: code + 1, high: limit - 1 };
  if (sign === '>=') return { low: code, high: limit - 1 };
  if (sign === '<') return { low: 0, high: code - 1 };
  return { low: 0, high: code };
}
