import { isInt64 } from './int64.ts';
import { isLabelSelector } from './label-selector.ts';
import { textOfBytes, unescapeQuery } from './request-uri.ts';

/** Go reads nothing from a query with more pairs. */
const MAX_PAIRS = 10_000;

const OPTIONS = ['fieldSelector', 'labelSelector', 'limit', 'timeoutSeconds'] as const;
type ListOptions = { [option in (typeof OPTIONS)[number]]?: string };

/**
 * The name that a list or watch asks for by `fieldSelector=metadata.name=x`; "" if it asks for none. As in
 * kube-apiserver: the first of several options of a name counts, several terms are tried in the order of their bytes, a
 * name that could not stand in a path is none, and in a query with any option that does not parse nothing counts.
 */
export function selectedName(query: string): string {
  if (!query.includes('fieldSelector') && !query.includes('%')) return '';
  const options = listOptions(query);
  const name = nameInSelector(options.fieldSelector ?? '');
  if (name === undefined || !isPathSegment(name)) return '';
  const { labelSelector = '', limit = '0', timeoutSeconds = '0' } = options;
  return isLabelSelector(labelSelector) && isInt64(limit) && isInt64(timeoutSeconds) ? textOfBytes(name) : '';
}

/** The first value of each option, as bytes. Pairs with a semicolon or a broken escape are none. */
function listOptions(query: string): ListOptions {
  const options: ListOptions = {};
  if (pairsOf(query) > MAX_PAIRS) return options;
  for (const pair of query.split('&')) {
    const equals = pair.indexOf('=');
    const key = equals < 0 ? pair : pair.slice(0, equals);
    const option = OPTIONS.find((name) => name === (key.includes('%') ? unescapeQuery(key) : key));
    if (option === undefined || options[option] !== undefined || pair.includes(';')) continue;
    const value = unescapeQuery(equals < 0 ? '' : pair.slice(equals + 1));
    if (value !== undefined) options[option] = value;
  }
  return options;
}

function pairsOf(query: string): number {
  let pairs = 1;
  for (let at = query.indexOf('&'); at >= 0; at = query.indexOf('&', at + 1)) pairs++;
  return pairs;
}

/** The value that a selector wants `metadata.name` to have; `undefined` if it wants none, or does not parse. */
function nameInSelector(selector: string): string | undefined {
  let first: string | undefined;
  for (const term of splitTerms(selector)) {
    if (term === '') continue;
    const equals = term.indexOf('=');
    const value = equals < 0 ? undefined : unescapeValue(afterOperator(term, equals));
    if (value === undefined) return undefined;
    if (term.startsWith('metadata.name=') && (first === undefined || term < first)) first = term;
  }
  return first && unescapeValue(afterOperator(first, first.indexOf('=')));
}

/** What stands behind `=`, `==` or `!=`. */
function afterOperator(term: string, equals: number): string {
  const doubled = term[equals + 1] === '=' && term[equals - 1] !== '!';
  return term.slice(equals + (doubled ? 2 : 1));
}

/** Cuts at commas; one behind a backslash is part of a value. */
function splitTerms(selector: string): string[] {
  const terms: string[] = [];
  let start = 0;
  for (let i = 0; i < selector.length; i++) {
    if (selector[i] === '\\') {
      i++;
    } else if (selector[i] === ',') {
      terms.push(selector.slice(start, i));
      start = i + 1;
    }
  }
  terms.push(selector.slice(start));
  return terms;
}

/** `\\`, `\,` and `\=` are the only escapes, and these characters stand nowhere without one. */
function unescapeValue(value: string): string | undefined {
  let text = '';
  for (let i = 0; i < value.length; i++) {
    let char = value[i] as string;
    if (char === ',' || char === '=') return undefined;
    if (char === '\\') {
      char = value[++i] ?? '';
      if (char !== '\\' && char !== ',' && char !== '=') return undefined;
    }
    text += char;
  }
  return text;
}

function isPathSegment(name: string): boolean {
  return name !== '.' && name !== '..' && !name.includes('/') && !name.includes('%');
}
