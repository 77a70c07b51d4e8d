import type { FindingId, Severity } from './findings.ts';

/**
 * A policy as it stands in its text: what kube-apiserver makes of it, each part with its place. Keys that it drops are
 * not here; of a key that is given twice the last one is.
 */
export interface PolicySource {
  readonly apiVersion: Word | undefined;
  readonly kind: Word | undefined;
  readonly omitStages: WordList | undefined;
  readonly omitManagedFields: boolean | undefined;
  /** The key `rules`, or where the policy begins. */
  readonly rulesAt: Span;
  readonly rules: readonly RuleSource[];
}

export interface RuleSource extends Span {
  readonly index: number;
  readonly level: Word | undefined;
  readonly users: WordList | undefined;
  readonly userGroups: WordList | undefined;
  readonly verbs: WordList | undefined;
  readonly resources: GroupList | undefined;
  readonly namespaces: WordList | undefined;
  readonly nonResourceURLs: WordList | undefined;
  readonly omitStages: WordList | undefined;
  /** `undefined` is neither true nor false: the policy's applies. */
  readonly omitManagedFields: boolean | undefined;
}

export interface GroupSource extends Span {
  readonly group: Word | undefined;
  readonly resources: WordList | undefined;
  readonly resourceNames: WordList | undefined;
}

/** Offsets into the text, the end is behind the last character. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

export interface Word extends Span {
  readonly value: string;
}

/** Stands where its key stands. */
export interface WordList extends Span {
  readonly items: readonly Word[];
}

export interface GroupList extends Span {
  readonly items: readonly GroupSource[];
}

/** The known word that a mistyped one probably means. */
export type Suggest = (word: string, known: readonly string[]) => string | undefined;

/** What every check is given: where to say what it found, and what it needs to say it well. */
export interface Desk {
  report(id: FindingId, at: Span, found: Found): void;
  readonly suggest: Suggest;
  /** The whole of a line, counted from 1. */
  lineAt(line: number): Span;
  /** `rules[2] (line 20)` */
  nameOf(rule: RuleSource): string;
}

export interface Found {
  readonly message: string;
  readonly instead: string;
  /** Where it differs from that of the id. */
  readonly severity?: Severity;
}

/** Entries of a list that may be missing. */
export function valuesOf(list: WordList | undefined): readonly string[] {
  return list?.items.map(({ value }) => value) ?? [];
}

/** `"a"`, `"a" and "b"`, `"a", "b" and "c"`; of many the first few */
export function quoted(words: readonly string[]): string {
  const shown = words.length > 6 ? [...words.slice(0, 5).map(quote), `${words.length - 5} more`] : words.map(quote);
  const last = shown.at(-1) ?? '';
  return shown.length < 2 ? last : `${shown.slice(0, -1).join(', ')} and ${last}`;
}

export function quote(word: string): string {
  return JSON.stringify(word);
}
