import { isScalar, LineCounter, parseDocument } from 'yaml';
import { messageOf } from '../core/errors.ts';
import type { Finding } from './findings.ts';
import { interpolate, type Surroundings } from './interpolate.ts';
import { MAX_DEPTH, tooDeepAt } from './yaml-depth.ts';
import { brokenAliases, offsetOf, startOf, stringsOf } from './yaml-nodes.ts';
import { syntaxErrors } from './yaml-syntax.ts';

/** A pipeline file as text, turned into plain values. Import it late: only files of YAML need its library. */
export interface PipelineDocument {
  /** With every `${...}` replaced; `undefined` where the text is not YAML at all. */
  readonly value: unknown;
  /** The same with secrets as `***`. */
  readonly shown: unknown;
  readonly secrets: readonly string[];
  readonly findings: readonly PlacedFinding[];
  /** Where a finding about the value belongs in the text. */
  place(finding: Finding): Place;
}

interface Place {
  readonly line: number;
  readonly column: number;
}

interface PlacedFinding extends Place {
  readonly path: readonly PropertyKey[];
  readonly message: string;
}

const NOTHING = { value: undefined, shown: undefined, secrets: [] };

export async function readDocument(text: string, surroundings: Surroundings): Promise<PipelineDocument> {
  const deep = tooDeepAt(text);
  if (deep !== undefined) {
    const message = `nested too deeply: more than ${MAX_DEPTH} lists and maps inside of each other`;
    return { ...NOTHING, findings: [{ ...deep, path: [], message }], place: () => deep };
  }
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, logLevel: 'error' });
  const placeAt = (offset: number): Place => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  const findings: PlacedFinding[] = [];
  const result = { ...NOTHING, findings, place: (finding: Finding) => placeAt(offsetOf(document, finding)) };

  const errors = syntaxErrors(document, text);
  for (const { offset, path, message } of errors) findings.push({ ...placeAt(offset), path, message });
  if (!errors.every(({ harmless }) => harmless)) return result;
  if (document.contents === null || (isScalar(document.contents) && document.contents.value === null)) {
    findings.push({ line: 1, column: 1, path: [], message: 'the file is empty, a pipeline has a source and sinks' });
    return result;
  }

  const aliases = brokenAliases(document);
  for (const { node, ...rest } of aliases) findings.push({ ...placeAt(startOf(node)), ...rest });
  if (aliases.length > 0) return result;

  const strings = stringsOf(document);
  const replaced = await Promise.all(strings.map(({ source }) => interpolate(source, surroundings)));
  const secrets = replaced.flatMap((one) => one.secrets);
  for (const [index, { node, path }] of strings.entries()) {
    for (const message of replaced[index]?.problems ?? []) findings.push({ ...placeAt(startOf(node)), path, message });
  }
  const valuesWith = (key: 'text' | 'shown'): unknown => {
    for (const [index, { node }] of strings.entries()) node.value = replaced[index]?.[key];
    return document.toJS();
  };
  try {
    return { ...result, secrets, value: valuesWith('text'), shown: valuesWith('shown') };
  } catch (error) {
    findings.push({ line: 1, column: 1, path: [], message: messageOf(error).toLowerCase() });
    return result;
  }
}
