import { statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import test from 'ava';
import { coverage } from '../../../src/commands/policy/coverage.ts';
import { eventLine, folder, POLICY } from './folder.ts';

const fixture = (path: string) => fileURLToPath(new URL(`../../fixtures/policy/${path}`, import.meta.url));
const GET = { verb: 'get', requestURI: '/api/v1/namespaces/shop/pods/web', user: { username: 'alice' } };
const LOG =
  eventLine(GET).repeat(3) +
  eventLine({ ...GET, stage: 'RequestReceived' }) +
  eventLine({ ...GET, user: { username: 'bob' } }) +
  eventLine({ ...GET, verb: 'delete', requestURI: '/apis/apps/v1/deployments' });

for (const name of ['docs', 'podsec', 'tricky1-subresource-globs']) {
  test(`the bytes out of ${name}.yaml are those that upstream wrote`, async (t) => {
    const { run } = await folder(t, {});
    const { code, stdout } = await run((io) =>
      coverage([fixture('events.jsonl')], { policy: fixture(`policies/${name}.yaml`), format: 'json' }, io),
    );
    t.is(code, 0);
    t.like(JSON.parse(stdout), {
      bytesIn: statSync(fixture('events.jsonl')).size,
      bytesOut: statSync(fixture(`written/${name}.jsonl`)).size,
    });
  });
}

test('a table tells what each rule does, and what deserves a look', async (t) => {
  const { path, run } = await folder(t, { 'policy.yaml': POLICY, 'a.log': LOG });
  const { code, stdout, stderr } = await run((io) => coverage([path('a.log')], { policy: path('policy.yaml') }, io));
  t.is(code, 0);
  t.is(stderr, '');
  t.is(
    stdout,
    `rule  line  level     events  bytes in  written  bytes out    saved
   0     4  None           1     188 B        0        0 B  100.0 %
      users      bob 1
      verbs      get 1
      resources  pods 1
   1     6  Metadata       4     759 B        3      549 B   27.7 %
      users      alice 4
      verbs      get 4
      resources  pods 4
   2     9  Request        0       0 B        0        0 B        -
   -     -  no rule        1     186 B        0        0 B  100.0 %
      users      alice 1
      verbs      delete 1
      resources  deployments.apps 1
            all            6   1.1 KiB        3      549 B   51.5 %
never hit: rule 2 (line 9)
no rule matches 1 event: they are dropped
dropped for their stage: 1 event
`,
  );
});

test('one document of JSON has the same', async (t) => {
  const { path, run } = await folder(t, { 'policy.yaml': POLICY, 'a.log': LOG });
  const options = { policy: path('policy.yaml'), format: 'json', top: '1' } as const;
  const { stdout } = await run((io) => coverage([path('a.log')], options, io));
  const { rules, unmatched, ...totals } = JSON.parse(stdout);
  t.deepEqual(
    { ...totals, policy: 'policy.yaml' },
    {
      policy: 'policy.yaml',
      events: 6,
      bytesIn: LOG.length,
      written: 3,
      bytesOut: 549,
      stageDropped: 1,
      unrestored: 0,
      neverHit: [2],
    },
  );
  t.like(rules[1], { rule: 1, line: 6, level: 'Metadata', events: 4, written: 3, stageDropped: 1 });
  t.deepEqual(rules[1].top.users, { error: 0, values: [{ value: 'alice', events: 4 }] });
  t.like(unmatched, { events: 1, written: 0 });
});

test('what could be read is reported, also when a file ends too early', async (t) => {
  const { path, run } = await folder(t, {
    'policy.yaml': POLICY,
    'a.log': `${LOG}{"kind":"Ev\n`,
    'b.gz': gzipSync(LOG).subarray(0, -9),
  });
  const options = { policy: path('policy.yaml'), format: 'json' } as const;
  const { code, stdout, stderr } = await run((io) => coverage([path('a.log'), path('b.gz')], options, io));
  t.is(code, 1);
  t.true(JSON.parse(stdout).events >= 6);
  t.regex(stderr, /^a\.log:7 left out: not JSON/m);
  t.regex(stderr, /b\.gz/);
});

test('refuses a number of names that is none', async (t) => {
  const { path, run } = await folder(t, { 'policy.yaml': POLICY, 'a.log': LOG });
  const options = { policy: path('policy.yaml'), top: 'many' };
  t.deepEqual(await run((io) => coverage([path('a.log')], options, io)), {
    code: 2,
    stdout: '',
    stderr: '--top: "many" is not a number, write for example 5\n',
  });
});
