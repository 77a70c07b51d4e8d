import type { Document, YAMLError } from 'yaml';
import { pathOfKeyAt } from './yaml-nodes.ts';

export interface SyntaxFinding {
  readonly offset: number;
  /** Empty where the text is too broken to say. */
  readonly path: readonly PropertyKey[];
  readonly message: string;
  /** The values in the text are still what they were meant to be. */
  readonly harmless: boolean;
}

/**
 * What is not YAML in a text, one error a line. After a wrong indentation the parser is out of step, and what it says
 * of the lines below is not true: there the list ends.
 */
export function syntaxErrors(document: Document.Parsed, text: string): readonly SyntaxFinding[] {
  const found: SyntaxFinding[] = [];
  let lastLine = -2;
  for (const error of [...document.errors, ...document.warnings].sort((a, b) => a.pos[0] - b.pos[0])) {
    const unquoted = unquotedText(error, text);
    const { offset, message } = unquoted ?? { offset: offsetOf(error, text), message: messageOf(error, text) };
    const line = lineStart(text, offset);
    if (line === lastLine) continue;
    lastLine = line;
    const path = (error.code === 'DUPLICATE_KEY' ? pathOfKeyAt(document, offset) : undefined) ?? [];
    found.push({ offset, path, message, harmless: HARMLESS.has(error.code) });
    if (unquoted === undefined && (OUT_OF_STEP.has(error.code) || error.message in WRONG_COLUMN)) break;
  }
  return found;
}

const HARMLESS: ReadonlySet<string> = new Set(['DUPLICATE_KEY', 'MULTIPLE_DOCS']);
const OUT_OF_STEP: ReadonlySet<string> = new Set([
  'BLOCK_AS_IMPLICIT_KEY',
  'MULTILINE_IMPLICIT_KEY',
  'TAB_AS_INDENT',
  'UNEXPECTED_TOKEN',
]);
const FIRST_CHARACTER: ReadonlySet<string> = new Set(['BAD_ALIAS', 'BAD_SCALAR_START', 'TAG_RESOLVE_FAILED']);

const MESSAGES: Readonly<Record<string, string>> = {
  DUPLICATE_KEY: 'the key is given twice, remove one of them',
  MULTIPLE_DOCS: 'a pipeline file holds one document, move what follows "---" to a file of its own',
  TAB_AS_INDENT: 'a tab cannot indent, use spaces',
  BLOCK_AS_IMPLICIT_KEY:
    'a key stands where a value belongs: the indentation is wrong, or a text with ": " needs quotes',
};
/** By the library's message, as its codes for these cover more. */
const WRONG_COLUMN: Readonly<Record<string, string>> = {
  'All mapping items must start at the same column': 'the indentation is wrong: no key above begins in this column',
  'Sequence item without - indicator':
    'the indentation is wrong: the line stands neither under the entry above nor beside its dash',
};

function messageOf({ code, message, pos: [offset] }: YAMLError, text: string): string {
  if (text.slice(offset - 1, offset + 1) === '${') return `a text with \${...} needs quotes inside of [ ] and { }`;
  return (
    WRONG_COLUMN[message] ?? MESSAGES[code] ?? `not valid YAML: ${message.charAt(0).toLowerCase()}${message.slice(1)}`
  );
}

/** A wrong column is noticed at the beginning of the line. */
function offsetOf({ message, pos: [offset] }: YAMLError, text: string): number {
  return message in WRONG_COLUMN ? offset + (/^ */.exec(text.slice(offset))?.[0].length ?? 0) : offset;
}

/** A text such as `>400`, `!403` or `*`, of which YAML takes the first character for its own. */
function unquotedText({ code, pos: [at] }: YAMLError, text: string) {
  const line = lineStart(text, at);
  const header = code === 'UNEXPECTED_TOKEN' ? /(?<=[:-] +)[>|]\S*\s*$/.exec(text.slice(line, at)) : null;
  const offset = header === null ? at : line + header.index;
  const mark = text.charAt(offset);
  if (!(FIRST_CHARACTER.has(code) || header !== null) || !/[>|!*&%@`]/.test(mark)) return undefined;
  const rest = text.slice(offset);
  const [written] = (header === null ? /^[^\s,[\]{}]+/ : /^.*?(?=\s*( #|\n|$))/).exec(rest) ?? [mark];
  return { offset, message: `a text that begins with ${mark} needs quotes: ${JSON.stringify(written)}` };
}

/** Of the line that holds this offset. */
function lineStart(text: string, offset: number): number {
  return offset === 0 ? 0 : text.lastIndexOf('\n', offset - 1) + 1;
}
