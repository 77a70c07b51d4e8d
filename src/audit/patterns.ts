/** Whether a text is one of a list of patterns: exact ones, and ones that end in `*` for whatever begins so. */
export type Matcher = (text: string) => boolean;

/** What is wrong with a pattern, if anything. */
export function patternProblem(pattern: string): string | undefined {
  const star = pattern.indexOf('*');
  if (star >= 0 && star < pattern.length - 1)
    return `"${pattern}" has a * that is not at its end: only a trailing * is understood`;
  return undefined;
}

export function compilePatterns(patterns: readonly string[]): Matcher {
  const exact = new Set(patterns.filter((pattern) => !pattern.endsWith('*')));
  const prefixes = patterns.filter((pattern) => pattern.endsWith('*')).map((pattern) => pattern.slice(0, -1));
  return (text) => exact.has(text) || prefixes.some((prefix) => text.startsWith(prefix));
}
