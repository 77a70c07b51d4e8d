import { isAbsolute } from 'node:path';
import { pathToFileURL } from 'node:url';
import { FINDINGS, type Finding, type FindingId, kindOf } from './findings.ts';
import type { LintedFile } from './report.ts';

/** SARIF 2.1.0, for what shows findings beside the lines of a change: one run, with the table of all findings in it. */
export function sarifReport(files: readonly LintedFile[]): string {
  const ids = Object.keys(FINDINGS) as FindingId[];
  const results = files.flatMap(({ file, findings }) =>
    findings.map((finding) => resultOf(finding, { uri: uriOf(file), ruleIndex: ids.indexOf(finding.id) })),
  );
  const driver = { name: 'kaudit-pipe', rules: ids.map(ruleOf) };
  const artifacts = files.map(({ file }) => ({ location: { uri: uriOf(file) }, roles: ['analysisTarget'] }));
  const run = { tool: { driver }, columnKind: 'utf16CodeUnits', artifacts, results };
  const log = { $schema: 'https://json.schemastore.org/sarif-2.1.0.json', version: '2.1.0', runs: [run] };
  return `${JSON.stringify(log, null, 2)}\n`;
}

/** Severities have the names of SARIF's levels. */
function ruleOf(id: FindingId) {
  const { severity, summary } = kindOf(id);
  return {
    id,
    shortDescription: { text: summary },
    help: { text: `${summary} See docs/policy-lint.md, section ${id}.` },
    defaultConfiguration: { level: severity },
  };
}

function resultOf(
  { id, severity, message, instead, line, column, endLine, endColumn }: Finding,
  { uri, ruleIndex }: { readonly uri: string; readonly ruleIndex: number },
) {
  const region = { startLine: line, startColumn: column, endLine, endColumn };
  return {
    ruleId: id,
    ruleIndex,
    level: severity,
    message: { text: `${message}. Instead: ${instead}` },
    locations: [{ physicalLocation: { artifactLocation: { uri }, region } }],
  };
}

/** A relative path stays relative: whoever reads the report knows to what. */
function uriOf(file: string): string {
  if (isAbsolute(file)) return pathToFileURL(file).href;
  return file === '-' ? 'stdin' : file.split('/').map(encodeURIComponent).join('/');
}
