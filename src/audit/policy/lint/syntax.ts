import type { Document } from 'yaml';
import { KEYS } from './keys.ts';
import type { Desk } from './source.ts';

/** Reports the first error of the parser and gives its place: what it says of the lines below is guesswork. */
export function checkSyntax(
  document: Document.Parsed,
  { text, desk }: { readonly text: string; readonly desk: Desk },
): number | undefined {
  const errors = document.errors.filter(({ code }) => code !== 'MULTIPLE_DOCS');
  const [error] = errors.sort((a, b) => a.pos[0] - b.pos[0]);
  if (error === undefined) return undefined;
  const wrongColumn = /same column|without - indicator/.test(error.message);
  const start = wrongColumn ? nextWord(text, error.pos[0]) : error.pos[0];
  const line = text.slice(text.lastIndexOf('\n', start - 1) + 1).split('\n', 1)[0] ?? '';
  const key = /^[\s-]*(?<key>[A-Za-z]+):/.exec(line)?.groups?.key;
  const at = { start, end: start + Math.max(key?.length ?? 1, 1) };
  if (wrongColumn && key === 'resourceNames') {
    desk.report('names-outdented', at, {
      message: `"resourceNames" begins in a column where no key can stand: the file is not valid YAML`,
      instead: 'indent it to the column of "group" and "resources", in the entry whose objects it names',
    });
  }
  desk.report('yaml-syntax', at, {
    message: `${MESSAGES[error.code] ?? `not valid YAML: ${lowerFirst(error.message)}`}: kube-apiserver does not start with it`,
    instead: insteadOf({ wrongColumn, key, code: error.code }),
  });
  return start;
}

const MESSAGES: Readonly<Record<string, string>> = {
  TAB_AS_INDENT: 'a tab cannot indent',
  BLOCK_AS_IMPLICIT_KEY: 'a key stands where a value belongs',
  BAD_ALIAS: 'a text that begins with * is read as an alias',
};

function insteadOf({
  wrongColumn,
  key,
  code,
}: {
  wrongColumn: boolean;
  key: string | undefined;
  code: string;
}): string {
  if (code === 'TAB_AS_INDENT') return 'indent with spaces';
  if (code === 'BLOCK_AS_IMPLICIT_KEY')
    return 'begin the keys of one mapping in the same column, here and in the next line; put a text with ": " in quotes';
  if (code === 'BAD_ALIAS') return 'put it in quotes: "*"';
  const place = (Object.keys(KEYS) as (keyof typeof KEYS)[]).find(
    (one) => key !== undefined && KEYS[one].includes(key),
  );
  if (wrongColumn && place !== undefined) return `indent "${key}" like the other keys ${PLACE[place]}`;
  return wrongColumn
    ? 'begin the line in the column of what it belongs to'
    : 'check the quotes, brackets and columns up to here';
}

const PLACE = { policy: 'of the policy', rule: 'of its rule', resources: 'of its entry of "resources"' } as const;

function nextWord(text: string, offset: number): number {
  return offset + (/^\s*/.exec(text.slice(offset))?.[0].length ?? 0);
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1).replace(/\.$/, '');
}

/** What a text that begins with { has to be, and a further document that nobody will read. */
export function checkForm(
  document: Document.Parsed,
  { text, desk }: { readonly text: string; readonly desk: Desk },
): void {
  if (/^\s*\{/.test(text)) {
    try {
      JSON.parse(text);
    } catch (error) {
      desk.report(
        'not-json',
        { start: text.indexOf('{'), end: text.indexOf('{') + 1 },
        {
          message: `a file that begins with { is read as JSON, and this is not: ${lowerFirst(String(error).replace(/^SyntaxError: /, ''))}`,
          instead: `write it as YAML without the outer braces, or as JSON with every key and text in double quotes`,
        },
      );
    }
  }
  const second = document.errors.find(({ code }) => code === 'MULTIPLE_DOCS');
  const rest = second === undefined ? '' : text.slice(second.pos[0]);
  const content = /^(?!---|\.\.\.|\s*#|\s*$).*\S|^---[ \t]+[^#\s]/m.exec(rest);
  if (second === undefined || content === null) return;
  desk.report(
    'second-document',
    { start: second.pos[0], end: second.pos[0] + 3 },
    {
      message: `kube-apiserver reads the first document of a file alone: nothing below has any effect${/^rules:/m.test(rest) ? ', the rules there neither' : ''}`,
      instead: 'put all the rules under the one "rules:" of the first document',
    },
  );
}
