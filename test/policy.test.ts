import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import test from 'ava';

const root = fileURLToPath(new URL('..', import.meta.url));
/** Not a literal, so that checking the types of the tests does not need a build. */
const published: string = 'kaudit-pipe/policy';
const { loadPolicy, matchPolicy, PolicyError }: typeof import('../src/policy.ts') = await import(published);

const POLICY = `
apiVersion: audit.k8s.io/v1
kind: Policy
omitStages: [RequestReceived]
rules:
- level: None
  users: [system:kube-proxy]
  verbs: [watch]
- level: Request
  omitManagedFields: on
  resources: [{group: "", resources: [pods/*]}]
`;
const attributes = {
  isResourceRequest: true,
  path: '/api/v1/namespaces/t1/pods/p1/log',
  verb: 'get',
  namespace: 't1',
  apiGroup: '',
  apiVersion: 'v1',
  resource: 'pods',
  subresource: 'log',
  name: 'p1',
  user: { username: 'alice', groups: ['system:authenticated'] },
};

test('the package gives away a loader that returns a plain object', (t) => {
  const policy = loadPolicy(POLICY);
  t.deepEqual(policy, {
    apiVersion: 'audit.k8s.io/v1',
    kind: 'Policy',
    metadata: {},
    omitStages: ['RequestReceived'],
    rules: [
      { level: 'None', users: ['system:kube-proxy'], verbs: ['watch'] },
      { level: 'Request', omitManagedFields: true, resources: [{ resources: ['pods/*'] }] },
    ],
  });
  t.deepEqual(loadPolicy(Buffer.from(POLICY)), policy);
  t.deepEqual(structuredClone(policy), policy);
});

test('what kube-apiserver refuses is thrown with its text', (t) => {
  t.throws(() => loadPolicy('apiVersion: audit.k8s.io/v1\nkind: Policy\n'), {
    message: 'loaded illegal policy with 0 rules',
    instanceOf: PolicyError,
  });
  t.throws(() => loadPolicy(POLICY.replace('level: None', 'lvl: None')), { message: 'rules[0].level: Required value' });
});

test('the package gives away a matcher, for policies that were loaded and for any other', (t) => {
  const expected = { rule: 1, level: 'Request', omitStages: ['RequestReceived'], omitManagedFields: true };
  t.deepEqual(matchPolicy(loadPolicy(POLICY), attributes), expected);
  const { rule, level } = matchPolicy({ rules: [{ level: 'Odd', namespaces: ['t1'] }] }, attributes);
  t.deepEqual([rule, level], [0, 'Odd']);
  t.is(matchPolicy({}, attributes).rule, -1);
  const anyGroup = { rules: [{ level: 'Metadata', resources: [{ group: '*' }] }] };
  t.is(matchPolicy(anyGroup, attributes, { kubernetesVersion: '1.35' }).rule, -1);
});

test('nothing else of the package can be imported', async (t) => {
  const inside: string = 'kaudit-pipe/dist/audit/policy/load.js';
  await t.throwsAsync(import(inside), { code: 'ERR_PACKAGE_PATH_NOT_EXPORTED' });
});

test('a program in TypeScript finds the types', (t) => {
  t.true(existsSync(join(root, 'dist/policy.d.ts')), 'the build makes no declarations');
  const folder = mkdtempSync(join(tmpdir(), 'kaudit-types-'));
  try {
    mkdirSync(join(folder, 'node_modules'));
    symlinkSync(root, join(folder, 'node_modules/kaudit-pipe'), 'dir');
    writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
    writeFileSync(
      join(folder, 'program.ts'),
      `import { type Attributes, type Decision, loadPolicy, matchPolicy, type Policy } from 'kaudit-pipe/policy';
const policy: Policy = loadPolicy('');
export const decide = (attributes: Attributes): Decision => matchPolicy(policy, attributes);
// @ts-expect-error: an attribute is missing
decide({ verb: 'get' });
`,
    );
    const options = ['--noEmit', '--strict', '--target', 'es2024', '--module', 'nodenext', '--types', ''];
    const { stdout, status } = spawnSync(join(root, 'node_modules/.bin/tsc'), [...options, 'program.ts'], {
      cwd: folder,
      encoding: 'utf8',
    });
    t.is(stdout, '');
    t.is(status, 0);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
