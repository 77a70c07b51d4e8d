import test from 'ava';
import { test as testPolicies } from '../../../src/commands/policy/test.ts';
import { eventLine, folder, POLICY } from './folder.ts';

const HEAD = 'policy: policy.yaml\ncases:\n';
const FILES = { 'policy.yaml': POLICY };

test('cases that are decided as expected pass, and the rules that none reached are named', async (t) => {
  const { path, run } = await folder(t, {
    ...FILES,
    'a.yaml': `${HEAD}
  - name: bob
    request: { verb: get, uri: /api/v1/pods, user: bob }
    expect: { level: None, drop: true, rule: 0 }
  - name: alice
    request: { verb: get, resource: pods, user: alice }
    expect: { level: Metadata, drop: false, omitManagedFields: false }
  - name: alice at another stage
    request: { verb: get, resource: pods, user: alice }
    expect: { drop: true, stage: RequestReceived }
  - name: whatever else
    request: { verb: create, uri: /healthz }
    expect: { rule: none }
`,
  });
  t.deepEqual(await run((io) => testPolicies([path('a.yaml')], {}, io)), {
    code: 0,
    stdout: '',
    stderr: 'a.yaml: 4 cases, 4 passed, 0 failed; no case reaches rule 2 (line 9)\n',
  });
});

test('a case that fails has a line: where it stands, what was expected, what happened and why', async (t) => {
  const { path, run } = await folder(t, {
    ...FILES,
    'a.yaml': `${HEAD}
  - name: too late
    request: { verb: get, resource: pods, namespace: shop, user: alice }
    expect: { rule: 2 }
  - name: another user
    request: { verb: get, resource: pods, user: alice }
    expect: { drop: true, omitManagedFields: true }
  - name: stage
    request: { verb: get, resource: pods, user: alice }
    expect: { level: Metadata, stage: RequestReceived }
  - name: no such level
    request: { verb: get, resource: pods, user: alice }
    expect: { level: RequestResponse }
  - name: no such rule
    request: { verb: create, uri: /a }
    expect: { rule: 7, drop: false }
`,
  });
  const { code, stdout, stderr } = await run((io) => testPolicies([path('a.yaml')], {}, io));
  t.is(code, 1);
  t.is(
    stdout,
    `a.yaml:4:5 "too late": expected rule 2, got level Metadata by rule 1 (line 6) (rule 2 (line 9) would match, but comes behind rule 1 (line 6))
a.yaml:7:5 "another user": expected dropped, managedFields omitted, got level Metadata by rule 1 (line 6), managedFields kept (rule 0 (line 4) does not match, users: "alice" is not "bob")
a.yaml:10:5 "stage": expected level Metadata, got Metadata dropped for its stage by rule 1 (line 6) (stage RequestReceived is omitted)
a.yaml:13:5 "no such level": expected level RequestResponse, got level Metadata by rule 1 (line 6) (no rule has level RequestResponse)
a.yaml:16:5 "no such rule": expected written, rule 7, got level None by no rule (there is no rule 7, the last one is 2)
`,
  );
  t.regex(stderr, /^a\.yaml: 5 cases, 0 passed, 5 failed; /);
});

test('JSON has every case, those that passed too', async (t) => {
  const { path, run } = await folder(t, {
    ...FILES,
    'a.yaml': `${HEAD}
  - name: good
    request: { verb: get, resource: pods, user: bob }
    expect: { drop: true }
  - name: bad
    request: { verb: get, resource: pods, user: bob }
    expect: { drop: false }
`,
  });
  const { code, stdout, stderr } = await run((io) => testPolicies([path('a.yaml')], { format: 'json' }, io));
  t.is(code, 1);
  t.is(stderr, '');
  const { results, ...counts } = JSON.parse(stdout);
  t.like(counts, { cases: 2, passed: 1, failed: 1 });
  t.like(results[0], { name: 'good', line: 4, column: 5, passed: true, expected: { drop: true }, why: '' });
  t.like(results[1], {
    name: 'bad',
    passed: false,
    got: { rule: 0, ruleLine: 4, level: 'None', outcome: 'drop-level' },
  });
});

test('every event of a log has to be decided as expected', async (t) => {
  const get = { verb: 'get', requestURI: '/api/v1/pods', user: { username: 'alice' } };
  const { path, run } = await folder(t, {
    ...FILES,
    'a.log': eventLine(get) + eventLine({ ...get, user: { username: 'bob' } }) + eventLine({ ...get, verb: 'watch' }),
    'a.yaml': `${HEAD}
  - name: log
    eventFile: a.log
    expect: { level: Metadata }
`,
  });
  const { code, stdout } = await run((io) => testPolicies([path('a.yaml')], {}, io));
  t.is(code, 1);
  t.regex(stdout, /got level None by rule 0 .*; so for 2 of 3 events, the first in line 2\n$/);
});

test('an event is looked at in its own stage, unless the case names another', async (t) => {
  const { path, run } = await folder(t, {
    ...FILES,
    'a.log': eventLine({ verb: 'get', requestURI: '/a', stage: 'RequestReceived' }),
    'a.yaml': `${HEAD}
  - { name: own, event: { verb: get, requestURI: /a, stage: RequestReceived }, expect: { drop: true } }
  - { name: other, event: { verb: get, requestURI: /a, stage: RequestReceived }, expect: { drop: false, stage: Panic } }
  - { name: file, eventFile: a.log, expect: { drop: true } }
  - { name: file at another, eventFile: a.log, expect: { drop: false, stage: Panic } }
`,
  });
  t.like(await run((io) => testPolicies([path('a.yaml')], {}, io)), { code: 0, stdout: '' });
});

test('lists and reviews are events too', async (t) => {
  const { path, run } = await folder(t, {
    ...FILES,
    'a.yaml': `${HEAD}
  - name: list
    event:
      kind: EventList
      apiVersion: audit.k8s.io/v1
      items: [{ verb: get, requestURI: /a }, { verb: list, requestURI: /api/v1/pods }]
    expect: { rule: 1 }
  - name: review
    event:
      kind: AdmissionReview
      apiVersion: admission.k8s.io/v1
      request: { operation: UPDATE, resource: { group: "", version: v1, resource: pods }, namespace: shop }
    expect: { rule: 2 }
  - name: empty list
    event: { kind: EventList, apiVersion: audit.k8s.io/v1, items: [] }
    expect: { rule: 2 }
`,
  });
  const { code, stderr } = await run((io) => testPolicies([path('a.yaml')], {}, io));
  t.is(code, 2);
  t.is(stderr, 'a.yaml:17:12 cases[2].event: is a list without an event\n');
});

test('the policy can stand in the file, where its rules have lines', async (t) => {
  const { path, run } = await folder(t, {
    'a.yaml': `policy:
  apiVersion: audit.k8s.io/v1
  kind: Policy
  rules:
    - level: None
      resources: [{ group: "*", resources: [pods] }]
    - level: Metadata
kubernetesVersion: "1.35"
cases:
  - name: a star means nothing before 1.36
    request: { verb: get, resource: pods }
    expect: { rule: 0 }
`,
  });
  const { stdout } = await run((io) => testPolicies([path('a.yaml')], {}, io));
  t.regex(stdout, /got level Metadata by rule 1 \(line 7\) \(rule 0 \(line 5\) does not match, resources: /);
});

test('all problems of all files are told with their places, and nothing else is printed', async (t) => {
  const { path, run } = await folder(t, {
    ...FILES,
    'good.yaml': `${HEAD}  - { name: a, request: { verb: get, uri: / }, expect: { drop: false } }\n`,
    'a.yaml': 'policy: nix.yaml\ncases: [{ name: a, event: {}, expect: { drop: true } }]\n',
    'b.yaml': 'policy: { kind: Pod, apiVersion: v1 }\ncases: [{ name: a, event: {}, expect: { drop: true } }]\n',
    'c.yaml': `policy: { apiVersion: audit.k8s.io/v1, rules: [{ level: x }] }
cases: [{ name: a, event: {}, expect: { drop: true } }]\n`,
    'd.yaml': `${HEAD}
  - { name: a, eventFile: nix.log, expect: { drop: true } }
  - { name: b, eventFile: d.yaml, expect: { drop: true } }
  - { name: c, event: { kind: Pod }, expect: { drop: true } }
`,
  });
  const names = ['good', 'a', 'b', 'c', 'd', 'nix'].map((name) => path(`${name}.yaml`));
  const { code, stdout, stderr } = await run((io) => testPolicies(names, {}, io));
  t.is(code, 2);
  t.is(stdout, '');
  const expected = [
    /^a\.yaml:1:9 policy: cannot read the policy nix\.yaml: no such file or directory$/,
    /^b\.yaml:1:9 policy: failed decoding: /,
    /^c\.yaml:1:\d+ policy\.rules\[0\]\.level: Unsupported value: "x": supported values: /,
    /^d\.yaml:4:27 cases\[0\]\.eventFile: cannot open nix\.log: no such file$/,
    /^d\.yaml:5:27 cases\[1\]\.eventFile: line 1: not JSON/,
    /^d\.yaml:6:23 cases\[2\]\.event: JSON, but not an audit event: it is of kind "Pod"/,
    /^nix\.yaml cannot be read: no such file or directory$/,
  ];
  const lines = stderr.trimEnd().split('\n');
  t.is(lines.length, expected.length, stderr);
  for (const [index, pattern] of expected.entries()) t.regex(lines[index] ?? '', pattern);
});

test('what kube-apiserver would only warn about is said', async (t) => {
  const { path, run } = await folder(t, {
    'policy.yaml': `${POLICY}omit: true\n`,
    'a.yaml': `${HEAD}  - { name: a, request: { verb: get, uri: /, user: x }, expect: { drop: false } }\n`,
  });
  const { code, stderr } = await run((io) => testPolicies([path('a.yaml')], {}, io));
  t.is(code, 0);
  t.regex(stderr, /^policy\.yaml: Audit policy contains errors/);
});
