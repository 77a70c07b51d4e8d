import { readFileSync } from 'node:fs';
import { Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import test from 'ava';
import { explain } from '../../../src/commands/policy/explain.ts';
import { policyCases, recordedEvents } from '../../support/policy-fixtures.ts';
import { eventLine, folder, POLICY } from './folder.ts';

interface Verdict {
  readonly attrs: unknown;
  readonly [policy: string]: unknown;
}

const GET = {
  auditID: 'a-1',
  verb: 'get',
  requestURI: '/api/v1/namespaces/shop/pods/web',
  user: { username: 'alice' },
};
const fixture = (path: string) => fileURLToPath(new URL(`../../fixtures/policy/${path}`, import.meta.url));
const jsonOf = (text: string) =>
  text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));

for (const name of ['docs', 'podsec', 'tricky1-subresource-globs']) {
  test(`tells of every recorded event what upstream decides under ${name}.yaml`, async (t) => {
    const { run } = await folder(t, {});
    const policy = fixture(`policies/${name}.yaml`);
    const { code, stdout } = await run((io) => explain([fixture('events.jsonl')], { policy, format: 'json' }, io));
    t.is(code, 0);
    const verdicts = policyCases<Verdict>('verdicts');
    const expected = recordedEvents().map((line, index) => {
      const { auditID, stage } = JSON.parse(line);
      const { attrs, [name]: decided } = verdicts[index] as Verdict;
      return { line: index + 1, auditID, stage, attrs, ...(decided as object) };
    });
    const actual = jsonOf(stdout);
    const first = actual.map((one) => Object.fromEntries(Object.entries(one).slice(0, 8)));
    t.is(JSON.stringify(first), JSON.stringify(expected));

    const written = readFileSync(fixture(`written/${name}.jsonl`), 'utf8')
      .trimEnd()
      .split('\n');
    const kept = actual.filter(({ outcome }) => outcome === 'write');
    t.deepEqual(
      kept.map(({ auditID, stage, level }) => ({ auditID, stage, level })),
      written.map((line) => {
        const { auditID, stage, level } = JSON.parse(line);
        return { auditID, stage, level };
      }),
    );
    const dropped = actual.filter(({ outcome }) => outcome !== 'write');
    t.true(dropped.every(({ outcome, level }) => outcome === (level === 'None' ? 'drop-level' : 'drop-stage')));
  });
}

test('a line of JSON has the verdict first, then where it stands and why', async (t) => {
  const { path, run } = await folder(t, { 'policy.yaml': POLICY, 'a.log': eventLine(GET) });
  const { stdout } = await run((io) => explain([path('a.log')], { policy: path('policy.yaml') }, io));
  t.is(
    stdout,
    '{"line":1,"auditID":"a-1","stage":"ResponseComplete","attrs":{"apiGroup":"","apiVersion":"v1","name":"web",' +
      '"namespace":"shop","path":"/api/v1/namespaces/shop/pods/web","resource":"pods","resourceRequest":true,' +
      '"subresource":"","verb":"get"},"rule":1,"level":"Metadata","omitStages":["RequestReceived"],' +
      '"omitManagedFields":false,"outcome":"write","source":"a.log","user":{"username":"alice","groups":[]},' +
      '"ruleLine":6,"why":[{"rule":0,"line":4,"field":"users"}]}\n',
  );
});

test('text shows the request, what becomes of it, and a reason for each rule above', async (t) => {
  const log = [
    eventLine(GET),
    eventLine({ ...GET, stage: 'RequestReceived' }),
    eventLine({ ...GET, user: { username: 'bob' } }),
    eventLine({ ...GET, verb: 'create', requestURI: '/api/v1/nodes', user: {} }),
    eventLine({ ...GET, verb: 'patch' }),
    eventLine({ verb: '', requestURI: '/a b\u202e', stage: 'x y' }),
  ];
  const { path, run } = await folder(t, { 'policy.yaml': POLICY, 'a.log': log.join('') });
  const options = { policy: path('policy.yaml'), format: 'text' } as const;
  const { stdout } = await run((io) => explain([path('a.log')], options, io));
  t.is(
    stdout,
    `a.log:1 get pods "web" in "shop" by "alice", ResponseComplete
  written at Metadata: rule 1 (line 6)
    not rule 0 (line 4): users: "alice" is not "bob"
a.log:2 get pods "web" in "shop" by "alice", RequestReceived
  dropped, Metadata but not at stage RequestReceived: rule 1 (line 6)
    not rule 0 (line 4): users: "alice" is not "bob"
a.log:3 get pods "web" in "shop" by "bob", ResponseComplete
  dropped, None: rule 0 (line 4)
a.log:4 create nodes by nobody, ResponseComplete
  dropped: no rule matches
    not rule 0 (line 4): users: nobody was authenticated
    not rule 1 (line 6): verbs: "create" is none of "get" and "list"
    not rule 2 (line 9): namespaces: the request is in no namespace, wanted "shop"
a.log:5 patch pods "web" in "shop" by "alice", ResponseComplete
  written at Request: rule 2 (line 9)
    not rule 0 (line 4): users: "alice" is not "bob"
    not rule 1 (line 6): verbs: "patch" is none of "get" and "list"
a.log:6 "" "/a b\\u202e" by nobody, "x y"
  dropped: no rule matches
    not rule 0 (line 4): users: nobody was authenticated
    not rule 1 (line 6): verbs: "" is none of "get" and "list"
    not rule 2 (line 9): namespaces: the path "/a b\\u202e" is about no resource
`,
  );
});

test('text is for terminals, where no format is asked for', async (t) => {
  const { path, run } = await folder(t, { 'policy.yaml': POLICY, 'a.log': eventLine(GET) });
  const { stdout } = await run((io) => {
    const terminal = Object.assign(io.stdout, { isTTY: true });
    return explain([path('a.log')], { policy: path('policy.yaml') }, { ...io, stdout: terminal });
  });
  t.regex(stdout, /^a\.log:1 get pods/);
});

test('reads what a pipeline reads: gzip, lists, reviews, several files', async (t) => {
  const { kind, ...item } = JSON.parse(eventLine(GET));
  const list = { kind: 'EventList', apiVersion: 'audit.k8s.io/v1', items: [item, item] };
  const review = {
    kind: 'AdmissionReview',
    apiVersion: 'admission.k8s.io/v1',
    request: {
      uid: 'r-1',
      operation: 'CONNECT',
      subResource: 'exec',
      resource: { group: '', version: 'v1', resource: 'pods' },
      namespace: 'shop',
      name: 'web',
      userInfo: { username: 'alice', groups: ['dev'] },
    },
  };
  t.is(kind, 'Event');
  const { path, run } = await folder(t, {
    'policy.yaml': POLICY,
    'a.gz': gzipSync(eventLine(GET)),
    'b.json': JSON.stringify(list, null, 2),
    'c.log': `${JSON.stringify(review)}\n`,
  });
  const files = ['a.gz', 'b.json', 'c.log'].map(path);
  const { code, stdout } = await run((io) => explain(files, { policy: path('policy.yaml') }, io));
  t.is(code, 0);
  const found = jsonOf(stdout).map(({ source, auditID, rule, attrs }) => [source, auditID, rule, attrs.verb]);
  t.deepEqual(found, [
    ['a.gz', 'a-1', 1, 'get'],
    ['b.json', 'a-1', 1, 'get'],
    ['b.json', 'a-1', 1, 'get'],
    ['c.log', 'r-1', 2, 'create'],
  ]);
});

test('names what is no whole event, leaves it out, goes on, and exits 1', async (t) => {
  const torn = eventLine({ ...GET, responseObject: { a: 1 } }).slice(0, -4);
  const log = `${eventLine(GET)}${torn}\n{"kind":"Pod","apiVersion":"v1"}\n${eventLine({ ...GET, verb: 'list' })}`;
  const { path, run } = await folder(t, { 'policy.yaml': POLICY, 'a.log': log });
  const { code, stdout, stderr } = await run((io) => explain([path('a.log')], { policy: path('policy.yaml') }, io));
  t.is(code, 1);
  t.deepEqual(
    jsonOf(stdout).map(({ line }) => line),
    [1, 4],
  );
  t.deepEqual(
    stderr
      .trimEnd()
      .split('\n')
      .map((line) => line.replace(/: not JSON.*/, ': not JSON'))
      .sort(),
    [
      'a.log:2 left out: not JSON',
      'a.log:3 left out: JSON, but not an audit event: it is of kind "Pod", apiVersion "v1"',
    ],
  );
});

test('a file that ends too early does not keep the others from being explained, and the exit code is 1', async (t) => {
  const { path, run } = await folder(t, {
    'policy.yaml': POLICY,
    'a.gz': gzipSync(eventLine(GET)).subarray(0, -9),
    'b.log': eventLine({ ...GET, auditID: 'b' }),
  });
  const { code, stdout, stderr } = await run((io) => {
    return explain([path('a.gz'), path('b.log')], { policy: path('policy.yaml') }, io);
  });
  t.is(code, 1);
  t.is(jsonOf(stdout).at(-1)?.auditID, 'b');
  t.regex(stderr, /a\.gz/);
});

const REFUSED: Readonly<
  Record<string, { readonly policy?: string; readonly version?: string; readonly log?: string }>
> = {
  'cannot read the policy nix.yaml: no such file': { policy: 'nix.yaml' },
  'loaded illegal policy with 0 rules: from file empty.yaml': { policy: 'empty.yaml' },
  'cannot open nix.log: no such file': { log: 'nix.log' },
  '--kubernetes-version: "new" is not a version, write for example 1.33': { version: 'new' },
};

for (const [message, { policy = 'policy.yaml', version, log = 'a.log' }] of Object.entries(REFUSED)) {
  test(`explains nothing and exits 2: ${message}`, async (t) => {
    const { path, run } = await folder(t, {
      'policy.yaml': POLICY,
      'empty.yaml': 'apiVersion: audit.k8s.io/v1\nkind: Policy\n',
      'a.log': eventLine(GET),
    });
    const kubernetesVersion = version === undefined ? {} : { kubernetesVersion: version };
    const options = { policy: path(policy), ...kubernetesVersion };
    const { code, stdout, stderr } = await run((io) => explain([path(log)], options, io));
    t.is(code, 2);
    t.is(stdout, '');
    t.true(stderr.startsWith(message), stderr);
  });
}

test('says what kube-apiserver would only warn about, and goes on', async (t) => {
  const { path, run } = await folder(t, { 'policy.yaml': `${POLICY}omit: true\n`, 'a.log': eventLine(GET) });
  const { code, stderr } = await run((io) => explain([path('a.log')], { policy: path('policy.yaml') }, io));
  t.is(code, 0);
  t.regex(stderr, /^policy\.yaml: Audit policy contains errors, .*unknown field "omit"\n$/);
});

test('ends quietly when the reader of its output goes away, without reading on', async (t) => {
  const { path, run } = await folder(t, {
    'policy.yaml': POLICY,
    'a.log': eventLine(GET).repeat(20_000),
    'torn.gz': gzipSync(eventLine(GET)).subarray(0, -9),
  });
  const { code, stderr } = await run((io) => {
    const stdout = new Writable({
      write: (_chunk, _, done) => done(Object.assign(new Error('write EPIPE'), { code: 'EPIPE' })),
    });
    return explain([path('a.log'), path('torn.gz')], { policy: path('policy.yaml') }, { ...io, stdout });
  });
  t.is(code, 0);
  t.is(stderr, '');
});

test('fails when its output cannot be written for another reason', async (t) => {
  const { path, run } = await folder(t, { 'policy.yaml': POLICY, 'a.log': eventLine(GET) });
  const full = run((io) => {
    const stdout = new Writable({
      write: (_chunk, _, done) => done(Object.assign(new Error('write ENOSPC'), { code: 'ENOSPC' })),
    });
    return explain([path('a.log')], { policy: path('policy.yaml') }, { ...io, stdout });
  });
  await t.throwsAsync(full, { code: 'ENOSPC' });
});

test('waits for a slow reader instead of keeping what it has to say', async (t) => {
  const { path, run } = await folder(t, { 'policy.yaml': POLICY, 'a.log': eventLine(GET).repeat(5000) });
  let most = 0;
  let total = 0;
  const { code } = await run((io) => {
    const stdout = new Writable({
      write(chunk, _, done) {
        most = Math.max(most, stdout.writableLength);
        total += chunk.length;
        setImmediate(done);
      },
    });
    return explain([path('a.log')], { policy: path('policy.yaml') }, { ...io, stdout });
  });
  t.is(code, 0);
  t.true(total > 2_000_000);
  t.true(most < 600_000, `${most}`);
});
