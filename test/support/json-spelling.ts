import fc from 'fast-check';

/** Picks numbers in a repeatable way: the spelling of a value is a function of the value and this. */
export type Pick = (limit: number) => number;

/** An arbitrary source of choices, for `spell`. */
export const choices: fc.Arbitrary<Pick> = fc.infiniteStream(fc.nat({ max: 1 << 20 })).map((stream) => {
  return (limit) => (stream.next().value as number) % limit;
});

/** JSON text for a value in one of the many ways it can be written: white space, escapes, key order as given. */
export function spell(value: unknown, pick: Pick): string {
  const space = () => [' ', '\t', '\n', '\r', '', '', '', '', ''][pick(9)] as string;
  if (typeof value === 'string') return spellString(value, pick);
  if (Array.isArray(value)) {
    return `[${space()}${value.map((item) => spell(item, pick) + space()).join(`,${space()}`)}]`;
  }
  if (typeof value === 'object' && value !== null) {
    const members = Object.entries(value).map(
      ([key, item]) => `${spellString(key, pick)}${space()}:${space()}${spell(item, pick)}${space()}`,
    );
    return `{${space()}${members.join(`,${space()}`)}}`;
  }
  return JSON.stringify(value);
}

const SHORT: Readonly<Record<string, string>> = { '"': '\\"', '\\': '\\\\', '/': '\\/', '\n': '\\n', '\t': '\\t' };

/** Some characters of the string as escapes, the rest plain where JSON allows it. */
export function spellString(text: string, pick: Pick): string {
  let spelled = '"';
  for (let i = 0; i < text.length; i++) {
    const unit = text[i] as string;
    const must = unit < ' ' || unit === '"' || unit === '\\' || /[\ud800-\udfff]/.test(unit);
    if (!must && pick(12) !== 0) spelled += unit;
    else if (SHORT[unit] !== undefined && pick(2) === 0) spelled += SHORT[unit];
    else spelled += `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
  }
  return `${spelled}"`;
}

/** Any JSON value, deep ones and odd strings among them. */
export const jsonValue: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 6, arbitrary: fc.jsonValue({ maxDepth: 5, stringUnit: 'binary' }) },
  {
    weight: 1,
    arbitrary: fc.nat({ max: 300 }).map((depth) => JSON.parse('['.repeat(depth + 1) + ']'.repeat(depth + 1))),
  },
  { weight: 1, arbitrary: fc.constantFrom(1e21, -0.5e-7, 9007199254740991, '{"kind":"Event"', '\\', '"', '\\"}', '') },
);
