import test from 'ava';
import { lintPolicy } from '../../../../src/audit/policy/lint/lint.ts';
import { suggest } from '../../../../src/config/suggest.ts';

function found(omitted: string, rule = '- level: Metadata'): string[] {
  const text = `apiVersion: audit.k8s.io/v1\nkind: Policy\nomitStages: [${omitted}]\nrules:\n${rule}\n`;
  return lintPolicy(text, { suggest }).map(({ id, line, column }) => `${id} ${line}:${column}`);
}

test('what the policy omits is missed in every rule', (t) => {
  t.deepEqual(found('RequestReceived, ResponseComplete'), ['response-complete-omitted 3:31']);
  t.deepEqual(found('ResponseStarted'), ['response-started-omitted 3:14']);
  t.deepEqual(found('RequestReceived, Panic'), []);
  t.deepEqual(found('RequestReceived, ResponseStarted, ResponseComplete'), ['every-stage-omitted 3:1']);
});

test('policy and rule together may leave nothing', (t) => {
  const rule = '- level: Metadata\n  omitStages: [RequestReceived]';
  t.deepEqual(found('ResponseStarted, ResponseComplete', rule), [
    'response-started-omitted 3:14',
    'response-complete-omitted 3:31',
    'every-stage-omitted 6:3',
  ]);
});

test('a rule that names who it is for does not match a failed authentication', (t) => {
  const rule = (who: string) => `- level: Metadata\n${who}  omitStages: [ResponseStarted]\n- level: Metadata`;
  t.deepEqual(found('RequestReceived', rule('  users: [alice]\n')), []);
  t.deepEqual(found('RequestReceived', rule('  userGroups: ["system:nodes"]\n')), []);
  t.deepEqual(found('RequestReceived', rule('  verbs: [get]\n')), ['response-started-omitted 7:16']);
});
