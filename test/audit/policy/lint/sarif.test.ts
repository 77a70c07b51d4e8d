import { pathToFileURL } from 'node:url';
import { Ajv } from 'ajv';
import test from 'ava';
import { FINDINGS } from '../../../../src/audit/policy/lint/findings.ts';
import { sarifReport } from '../../../../src/audit/policy/lint/sarif.ts';
import { found } from './found.ts';

/** What SARIF 2.1.0 asks of the objects that occur in a report, and nothing more in them. */
const text = {
  type: 'object',
  required: ['text'],
  additionalProperties: false,
  properties: { text: { type: 'string', minLength: 1 } },
};
const level = { enum: ['none', 'note', 'warning', 'error'] };
const line = { type: 'integer', minimum: 1 };
const object = (properties: Readonly<Record<string, unknown>>, required: readonly string[]) => ({
  type: 'object',
  additionalProperties: false,
  properties,
  required,
});
const list = (items: unknown) => ({ type: 'array', items });
const location = object({ uri: { type: 'string', pattern: '^([a-z]+:)?[^\\s\\\\]*$' } }, ['uri']);
const region = object({ startLine: line, startColumn: line, endLine: line, endColumn: line }, ['startLine']);
const rule = object(
  { id: { type: 'string' }, shortDescription: text, help: text, defaultConfiguration: object({ level }, []) },
  ['id'],
);
const result = object(
  {
    ruleId: { type: 'string' },
    ruleIndex: { type: 'integer', minimum: 0 },
    level,
    message: text,
    locations: list(
      object({ physicalLocation: object({ artifactLocation: location, region }, ['artifactLocation']) }, [
        'physicalLocation',
      ]),
    ),
  },
  ['message'],
);
const run = object(
  {
    tool: object({ driver: object({ name: { type: 'string' }, rules: list(rule) }, ['name']) }, ['driver']),
    columnKind: { enum: ['utf16CodeUnits', 'unicodeCodePoints'] },
    artifacts: list(
      object({ location, roles: { type: 'array', uniqueItems: true, items: { enum: ['analysisTarget'] } } }, []),
    ),
    results: list(result),
  },
  ['tool'],
);
const log = object({ $schema: { type: 'string' }, version: { const: '2.1.0' }, runs: list(run) }, ['version', 'runs']);

const rules = '- level: None\n  userGroups: [system:masters]\n  verb: [get]\n- level: RequestResponse';
const files = [
  { file: 'policies/my policy.yaml', findings: found(rules) },
  { file: '/etc/kubernetes/audit#1.yaml', findings: [] },
];

test('has the form of SARIF 2.1.0', (t) => {
  const validate = new Ajv({ allErrors: true }).compile(log);
  t.true(validate(JSON.parse(sarifReport(files))), JSON.stringify(validate.errors, null, 1));
});

test('each result points at its rule in the table, and at its place', (t) => {
  const [{ tool, results, artifacts }] = JSON.parse(sarifReport(files)).runs;
  t.is(tool.driver.rules.length, Object.keys(FINDINGS).length);
  t.is(results.length, files[0]?.findings.length);
  for (const [index, finding] of (files[0]?.findings ?? []).entries()) {
    const { ruleId, ruleIndex, level, locations, message } = results[index];
    t.is(ruleId, finding.id);
    t.is(tool.driver.rules[ruleIndex].id, finding.id);
    t.is(level, finding.severity);
    t.true(message.text.startsWith(finding.message) && message.text.endsWith(finding.instead));
    const { artifactLocation, region } = locations[0].physicalLocation;
    t.is(artifactLocation.uri, 'policies/my%20policy.yaml');
    t.deepEqual(
      [region.startLine, region.startColumn, region.endLine, region.endColumn],
      [finding.line, finding.column, finding.endLine, finding.endColumn],
    );
  }
  t.deepEqual(
    artifacts.map(({ location }: { location: { uri: string } }) => location.uri),
    ['policies/my%20policy.yaml', pathToFileURL('/etc/kubernetes/audit#1.yaml').href],
  );
});
