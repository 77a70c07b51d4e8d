import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { eventOf } from '../../src/audit/bytes-event.ts';
import { components } from '../../src/components.ts';
import { loadPlans } from '../../src/config/load.ts';
import { ConfigError } from '../../src/core/errors.ts';
import { relativeTo } from '../../src/core/paths.ts';
import policyMatch, { createPolicyMatch, describe, type PolicyMatchConfig } from '../../src/transforms/policy-match.ts';
import { recordingLog } from '../contracts/testing.ts';
import { testTransform } from '../contracts/transform.ts';
import { SteppedClock } from '../support/stepped-clock.ts';

const HEAD = { apiVersion: 'audit.k8s.io/v1', kind: 'Policy' };
const INLINE = {
  ...HEAD,
  rules: [
    { level: 'None', verbs: ['watch'] },
    { level: 'Metadata', userGroups: ['dev'] },
  ],
};

function line({ verb = 'get', groups = ['dev'] }: { verb?: string; groups?: readonly string[] } = {}): string {
  return JSON.stringify({
    kind: 'Event',
    apiVersion: 'audit.k8s.io/v1',
    level: 'RequestResponse',
    auditID: 'a',
    stage: 'ResponseComplete',
    requestURI: '/api/v1/namespaces/t1/pods/p1',
    verb,
    user: { username: 'alice', groups },
    responseObject: { kind: 'Pod' },
  });
}

const configOf = (options: object): PolicyMatchConfig => policyMatch.config.parse(options);

testTransform(test, {
  spec: policyMatch,
  config: { policy: INLINE },
  events: [
    line(),
    line({ verb: 'watch' }),
    line({ groups: [] }),
    '{"kind":"Event","apiVersion":"audit.k8s.io/v1","verb":"get","user":{"us',
  ],
});

function folderWith(t: ExecutionContext, files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'kaudit-policy-'));
  t.teardown(() => rmSync(folder, { recursive: true }));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return folder;
}

/** What is wrong with a pipeline whose transform has these lines, one problem a line, without the file's name. */
async function problemsOf(t: ExecutionContext, lines: string): Promise<readonly string[]> {
  const indented = lines.replaceAll(/^(?=.)/gm, '    ');
  const text = `source: { type: stdin }\ntransforms:\n  - type: policy-match\n${indented}\nsinks: [{ type: stdout }]\n`;
  const file = join(folderWith(t, { 'pipe.yaml': text }), 'pipe.yaml');
  try {
    await loadPlans([file], { components, env: {} });
    return [];
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.message.replaceAll(`${file}:`, '').split('\n');
  }
}

test('an inline policy that would not load is a finding at its place, in the words of kube-apiserver', async (t) => {
  const rules = 'policy:\n  apiVersion: audit.k8s.io/v1\n  kind: Policy\n  rules:\n';
  t.deepEqual(await problemsOf(t, `${rules}  - level: Metadata\n`), []);
  const twice = `${rules}  - level: Metadta\n    omitStages: [Panic, End]\n  - verbs: [get]\n`;
  const levels = 'supported values: "None", "Metadata", "Request", "RequestResponse"';
  const stages = 'allowed stages are RequestReceived,ResponseStarted,ResponseComplete,Panic';
  t.deepEqual(await problemsOf(t, twice), [
    `8:16 transforms[0].policy.rules[0].level: Unsupported value: "Metadta": ${levels}`,
    `9:29 transforms[0].policy.rules[0].omitStages[1]: Invalid value: "End": ${stages}`,
    '10:9 transforms[0].policy.rules[1].level: Required value',
  ]);
  const wrong =
    'failed decoding: json: cannot unmarshal string into Go struct field Policy.rules of type []v1.PolicyRule';
  t.deepEqual(await problemsOf(t, 'policy: { apiVersion: audit.k8s.io/v1, kind: Policy, rules: a }'), [
    `4:13 transforms[0].policy: ${wrong}`,
  ]);
});

test('options that mean nothing are findings', async (t) => {
  const version = 'transforms[0].kubernetesVersion: must be a version in quotes, such as "1.33"';
  t.deepEqual(await problemsOf(t, 'policy: a.yaml\nkubernetesVersion: 1.30'), [`5:24 ${version}`]);
  t.deepEqual(await problemsOf(t, 'policy: a.yaml\nkubernetesVersion: latest'), [`5:24 ${version}`]);
  t.deepEqual(await problemsOf(t, 'policy: a.yaml\nkubernetesVersion: "v1.30.2"'), []);
  t.deepEqual(await problemsOf(t, 'policy: [a.yaml]'), [
    '4:13 transforms[0].policy: must be the path of an audit policy, or the policy itself',
  ]);
  t.regex((await problemsOf(t, 'onUnmatched: keep')).join('\n'), /policy: must be the path of an audit policy/);
  t.regex((await problemsOf(t, 'policy: ""')).join('\n'), /policy: must not be empty/);
  t.regex((await problemsOf(t, 'policy: ~/a.yaml')).join('\n'), /policy: ~ is not expanded/);
});

test('a path is relative to the file that names it', (t) => {
  t.is(relativeTo('/etc/pipes', () => configOf({ policy: 'policy.yaml' })).policy, '/etc/pipes/policy.yaml');
});

test('says in a few words what it does', async (t) => {
  t.is(describe(configOf({ policy: INLINE })), 'inline policy, 2 rules');
  const path = join(folderWith(t, { 'p.yaml': JSON.stringify(INLINE) }), 'p.yaml');
  const options = configOf({ policy: path, onUnmatched: 'keep', kubernetesVersion: '1.33' });
  t.is(describe(options), `policy ${path}, as Kubernetes 1.33, unmatched kept`);
  const transform = createPolicyMatch(options, { pipeline: 'p', log: recordingLog() });
  await transform.open?.();
  await transform.close?.();
  t.is(describe(options), `policy ${path}, 2 rules, as Kubernetes 1.33, unmatched kept`);
});

test('unknown fields of an inline policy are told when it is opened', async (t) => {
  const log = recordingLog();
  const options = configOf({ policy: { ...HEAD, rules: [{ level: 'None', verb: ['get'] }] } });
  await createPolicyMatch(options, { pipeline: 'p', log }).open?.();
  t.is(log.lines.length, 1);
  t.regex(log.lines[0] ?? '', /^warn: pipeline p: inline policy: .*unknown field "rules\[0\]\.verb"$/);
});

test('a new version of the file takes over between two events', async (t) => {
  const path = join(folderWith(t, { 'p.yaml': JSON.stringify(INLINE) }), 'p.yaml');
  const clock = new SteppedClock();
  const transform = createPolicyMatch(configOf({ policy: path }), { pipeline: 'p', log: recordingLog() }, { clock });
  t.throws(() => transform.apply(eventOf(line())), { message: /not opened/ });
  await transform.open?.();
  t.deepEqual([transform.apply(eventOf(line()))].flat()[0]?.head.level, 'Metadata');
  writeFileSync(path, JSON.stringify({ ...HEAD, rules: [{ level: 'Request' }] }));
  await clock.steps(2);
  t.deepEqual([transform.apply(eventOf(line()))].flat()[0]?.head.level, 'Request');
  await transform.close?.();
  t.false(clock.waiting);
});

test('a pipeline that is started again remembers the policy it had', async (t) => {
  const path = join(folderWith(t, { 'p.yaml': JSON.stringify(INLINE) }), 'p.yaml');
  const options = configOf({ policy: path });
  const first = createPolicyMatch(options, { pipeline: 'p', log: recordingLog() });
  await first.open?.();
  await first.close?.();
  writeFileSync(path, 'rules: [');
  const log = recordingLog();
  const second = createPolicyMatch(options, { pipeline: 'p', log });
  await second.open?.();
  await second.close?.();
  t.is(second.apply(eventOf(line({ verb: 'watch' }))), undefined);
  t.regex(log.lines.join('\n'), /the one before stays in force \(2 rules\)/);
  const other = createPolicyMatch(configOf({ policy: path }), { pipeline: 'p', log });
  await t.throwsAsync(other.open?.() ?? Promise.resolve(), { message: /: from file / });
});
