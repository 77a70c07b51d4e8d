import { type Document, LineCounter, parseDocument } from 'yaml';
import { messageOf } from '../../../core/errors.ts';
import { loadPolicy } from '../load.ts';
import { checkCharacters } from './characters.ts';
import { checkDeclarations } from './declarations.ts';
import { type Finding, type FindingId, kindOf } from './findings.ts';
import { checkGroup } from './groups.ts';
import { checkHidden } from './hidden.ts';
import { checkLeaks } from './leaks.ts';
import { checkLists } from './lists.ts';
import { checkObjects } from './objects.ts';
import { checkReach } from './reach.ts';
import { readPolicy } from './read.ts';
import { ruleMatch } from './request-sets.ts';
import { checkResources } from './resources.ts';
import type { Desk, Found, PolicySource, Span, Suggest } from './source.ts';
import { checkStages } from './stages.ts';
import { checkSubjects } from './subjects.ts';
import { checkForm, checkSyntax } from './syntax.ts';
import { checkUrls } from './urls.ts';
import { checkVerbs } from './verbs.ts';

/**
 * Every mistake of an audit policy, in the order of its text. It never throws: what is too broken to look into is a
 * finding itself. Whether kube-apiserver refuses the policy is what the loader says; a finding says where and why.
 */
export function lintPolicy(
  content: string | Uint8Array,
  { suggest }: { readonly suggest: Suggest },
): readonly Finding[] {
  const findings: Finding[] = [];
  const text = typeof content === 'string' ? content : new TextDecoder().decode(content);
  const placeOf = placesIn(text);
  const desk: Desk = {
    suggest,
    nameOf: (rule) => `rules[${rule.index}] (line ${placeOf(rule.start).line})`,
    lineAt: (line) => lineSpan(text, line),
    report: (id, at, found) => {
      findings.push(findingAt(id, inside(at, text), { ...found, placeOf }));
    },
  };
  const refusal = refusalOf(content);
  const repaired = checkCharacters(text, desk);
  const later = repaired === text ? refusal : refusalOf(repaired);
  checkText(repaired, { refused: later !== undefined, desk });
  const sound = findings.filter(({ id }) => later !== undefined || !claimsRefusal(id));
  if (refusal !== undefined && (later === undefined || !sound.some(({ id }) => claimsRefusal(id)))) {
    findings.length = 0;
    sayRefused(refusal, { desk, isRepaired: later === undefined });
    sound.push(...findings);
  }
  return withoutRepeats(sound).sort(byPlace);
}

/** In the words of kube-apiserver. */
function refusalOf(content: string | Uint8Array): string | undefined {
  try {
    loadPolicy(content);
    return undefined;
  } catch (error) {
    return messageOf(error);
  }
}

function checkText(text: string, { refused, desk }: { readonly refused: boolean; readonly desk: Desk }): void {
  let document: Document.Parsed;
  try {
    document = parseDocument(text, { version: '1.1', uniqueKeys: false, prettyErrors: false, logLevel: 'error' });
  } catch (error) {
    const message = `the file cannot be read: ${messageOf(error)}`;
    desk.report('yaml-syntax', desk.lineAt(1), { message, instead: 'write the policy with less depth' });
    return;
  }
  checkForm(document, { text, desk });
  const broken = refused ? checkSyntax(document, { text, desk }) : undefined;
  if (broken !== undefined) {
    readPolicy(document, onlyKeysAbove(broken, desk));
    return;
  }
  const policy = readPolicy(document, desk);
  if (policy !== undefined) checkPolicy(policy, desk);
}

/** Above the place where a text stops being YAML its keys are still what they were meant to be. */
function onlyKeysAbove(offset: number, desk: Desk): Desk {
  return {
    ...desk,
    report: (id, at, found) => {
      if (at.start < offset && ABOUT_KEYS.has(id)) desk.report(id, at, found);
    },
  };
}

const ABOUT_KEYS: ReadonlySet<FindingId> = new Set([
  'verbs-nested',
  'names-outdented',
  'misplaced-key',
  'key-case',
  'unknown-key',
  'duplicate-key',
]);

function checkPolicy(policy: PolicySource, desk: Desk): void {
  checkDeclarations(policy, desk);
  for (const rule of policy.rules) {
    checkLists(rule, desk);
    checkSubjects(rule, desk);
    checkVerbs(rule, desk);
    checkObjects(rule, desk);
    checkUrls(rule, desk);
    for (const group of rule.resources?.items ?? []) {
      checkGroup(group, desk);
      checkResources(group, desk);
    }
  }
  const matches = policy.rules.map(ruleMatch);
  checkReach(policy, matches, desk);
  checkLeaks(matches, desk);
  checkHidden(matches, desk);
  checkStages(policy, desk);
}

/** The loader has the last word: what it loads is not refused, what it does not load is. */
function claimsRefusal(id: FindingId): boolean {
  return kindOf(id).refused === true;
}

function sayRefused(reason: string, { desk, isRepaired }: { readonly desk: Desk; readonly isRepaired: boolean }): void {
  const line = Number(/^failed decoding: yaml: line (?<line>\d+):/.exec(reason)?.groups?.line ?? 1);
  desk.report('refused', desk.lineAt(line), {
    message: `kube-apiserver does not start with it: ${reason}`,
    instead: isRepaired ? 'replace the characters that look like spaces by spaces' : 'change what the message names',
  });
}

function lineSpan(text: string, line: number): Span {
  let start = 0;
  for (let count = 1; count < line; count++) {
    const next = text.indexOf('\n', start);
    if (next < 0) break;
    start = next + 1;
  }
  const end = text.indexOf('\n', start);
  return { start, end: end < 0 ? text.length : end };
}

type PlaceOf = (offset: number) => { readonly line: number; readonly column: number };

function placesIn(text: string): PlaceOf {
  const lines = new LineCounter();
  lines.addNewLine(0);
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) lines.addNewLine(at + 1);
  return (offset) => {
    const { line, col } = lines.linePos(Math.min(offset, text.length));
    return { line: Math.max(line, 1), column: Math.max(col, 1) };
  };
}

/** An end of the text that lacks something is pointed at by its last character. */
function inside({ start, end }: Span, text: string): Span {
  return { start: Math.max(0, Math.min(start, text.length - 1)), end };
}

function findingAt(
  id: FindingId,
  at: Span,
  { message, instead, severity, placeOf }: Found & { placeOf: PlaceOf },
): Finding {
  const [start, end] = [placeOf(at.start), placeOf(Math.max(at.end, at.start + 1))];
  return {
    id,
    severity: severity ?? kindOf(id).severity,
    ...start,
    endLine: end.line,
    endColumn: end.column,
    message,
    instead,
  };
}

/** What an anchor holds is looked at wherever it is used. */
function withoutRepeats(findings: readonly Finding[]): Finding[] {
  return [...new Map(findings.map((finding) => [JSON.stringify(finding), finding])).values()];
}

function byPlace(a: Finding, b: Finding): number {
  return a.line - b.line || a.column - b.column;
}
