import { Lexer, Parser } from 'yaml';

/** How many lists and maps may stand inside of each other: far more than a pipeline needs, far less than a stack holds. */
export const MAX_DEPTH = 100;

/**
 * Where a text of YAML becomes nested more deeply than that; `undefined` for any other text, YAML or not. To be asked
 * before the text is made into a tree: whoever builds a tree or walks over it calls itself once for each level.
 */
export function tooDeepAt(text: string): { readonly line: number; readonly column: number } | undefined {
  const parser = new Parser();
  for (const lexeme of new Lexer().lex(text)) {
    for (const _ of parser.next(lexeme));
    if (depthOf(parser) > MAX_DEPTH) return placeOf(text, parser.offset - lexeme.length);
  }
  return undefined;
}

/** The parser keeps what it is inside of: the document, then the lists and maps, at times a scalar on top. */
function depthOf({ stack }: Parser): number {
  if (stack.length <= MAX_DEPTH) return 0;
  return stack.filter(({ type }) => COLLECTIONS.has(type)).length;
}

const COLLECTIONS: ReadonlySet<string> = new Set(['block-map', 'block-seq', 'flow-collection']);

function placeOf(text: string, offset: number) {
  const before = text.slice(0, offset).split('\n');
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}
