import { LineCounter, parseDocument } from 'yaml';
import { checked, type Finding, pathText } from '../../../config/findings.ts';
import { brokenAliases, offsetOf, startOf } from '../../../config/yaml-nodes.ts';
import { syntaxErrors } from '../../../config/yaml-syntax.ts';
import { ConfigError, messageOf, type Problem } from '../../../core/errors.ts';
import { type TestFile, testFileSchema } from './schema.ts';

/** A test file as its author wrote it, and where each part of it stands. */
export interface TestDocument {
  readonly file: string;
  readonly value: TestFile;
  place(path: readonly PropertyKey[]): Place;
  /** A problem with a part of the file, for a ConfigError. */
  problem(path: readonly PropertyKey[], message: string): Problem;
}

export interface Place {
  readonly line: number;
  readonly column: number;
}

/** Nothing is replaced in it: `${...}` occurs in recorded events. Throws a ConfigError with every problem it has. */
export function readTestDocument(file: string, text: string): TestDocument {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, logLevel: 'error' });
  const placeAt = (offset: number): Place => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  const several = document.errors.filter(({ code }) => code === 'MULTIPLE_DOCS');
  document.errors = document.errors.filter(({ code }) => code !== 'MULTIPLE_DOCS');
  const problems: Problem[] = several.slice(0, 1).map(({ pos: [offset] }) => {
    return { file, ...placeAt(offset), path: '', message: 'a test file holds one document, move what follows "---"' };
  });
  for (const { offset, path, message } of syntaxErrors(document, text)) {
    problems.push({ file, ...placeAt(offset), path: pathText(path), message });
  }
  if (problems.length === 0) {
    for (const { node, path, message } of brokenAliases(document)) {
      problems.push({ file, ...placeAt(startOf(node)), path: pathText(path), message });
    }
  }
  if (problems.length > 0) throw new ConfigError(problems);

  const place = ({ path, at, message }: Finding): Problem => {
    return { file, ...placeAt(offsetOf(document, { path, at, message })), path: pathText(path), message };
  };
  const { output, findings } = checked(testFileSchema, plainValue(document, file), { path: [] });
  if (output === undefined) throw new ConfigError(withoutEchoes(findings).map(place).sort(byPlace));
  return {
    file,
    value: output,
    place: (path) => placeAt(offsetOf(document, { path, at: 'value', message: '' })),
    problem: (path, message) => place({ path, at: 'value', message }),
  };
}

/** Aliases that grow without end have no value. */
function plainValue(document: ReturnType<typeof parseDocument>, file: string): unknown {
  try {
    return document.toJS();
  } catch (error) {
    throw new ConfigError([{ file, path: '', message: messageOf(error).toLowerCase() }]);
  }
}

/** What is missing where a key is mistyped is most likely that key. */
function withoutEchoes(findings: readonly Finding[]): readonly Finding[] {
  const mistyped = new Set(
    findings.filter(({ message }) => message.startsWith('unknown key')).map(({ path }) => pathText(path.slice(0, -1))),
  );
  return findings.filter(({ path, at }) => at === 'key' || !mistyped.has(pathText(path)));
}

function byPlace(a: Problem, b: Problem): number {
  return (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0);
}
