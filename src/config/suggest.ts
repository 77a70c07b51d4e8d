/** The known word that a mistyped one probably means, if one is near enough. */
export function suggest(word: string, known: readonly string[]): string | undefined {
  let best: string | undefined;
  let least = Math.max(1, Math.floor(word.length / 3)) + 1;
  for (const candidate of known) {
    const edits = distance(word.toLowerCase(), candidate.toLowerCase());
    if (edits < least) [best, least] = [candidate, edits];
  }
  return best ?? known.find((candidate) => word.length > 2 && candidate.toLowerCase().startsWith(word.toLowerCase()));
}

/** The same as the end of a message: `, did you mean "path"?`, or else the whole list. */
export function didYouMean(word: string, known: readonly string[]): string {
  const guess = suggest(word, known);
  if (guess !== undefined) return `, did you mean "${guess}"?`;
  return known.length === 0 ? '' : `, known are ${known.join(', ')}`;
}

/** Damerau-Levenshtein: how many letters must be added, removed, replaced or swapped with their neighbour. */
export function distance(a: string, b: string): number {
  let before: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row++) {
    const current = [row];
    for (let column = 1; column <= b.length; column++) {
      const same = a[row - 1] === b[column - 1];
      let cost = Math.min(
        at(previous, column) + 1,
        at(current, column - 1) + 1,
        at(previous, column - 1) + (same ? 0 : 1),
      );
      const swapped = column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1];
      if (swapped) cost = Math.min(cost, at(before, column - 2) + 1);
      current.push(cost);
    }
    [before, previous] = [previous, current];
  }
  return at(previous, b.length);
}

function at(row: readonly number[], column: number): number {
  return row[column] ?? Number.POSITIVE_INFINITY;
}
