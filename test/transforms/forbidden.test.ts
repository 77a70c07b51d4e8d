import test from 'ava';
import fc from 'fast-check';
import { eventOf } from '../../src/audit/bytes-event.ts';
import forbidden, { describe, type ForbiddenConfig } from '../../src/transforms/forbidden.ts';
import { testContext, testTransform } from '../contracts/transform.ts';

interface Fields {
  readonly code?: number;
  readonly decision?: string;
  readonly stage?: string;
  readonly user?: Record<string, unknown>;
  readonly verb?: string;
  readonly userAgent?: string;
  readonly objectRef?: Record<string, string>;
}

const alice = { username: 'alice', groups: ['dev', 'system:authenticated'] };

function line({ code, decision, stage = 'ResponseComplete', user = alice, ...rest }: Fields): string {
  return JSON.stringify({
    kind: 'Event',
    apiVersion: 'audit.k8s.io/v1',
    level: 'Metadata',
    auditID: 'a-1',
    stage,
    requestURI: '/api/v1/namespaces/t1/pods',
    verb: 'get',
    user,
    ...rest,
    ...(code === undefined ? {} : { responseStatus: { metadata: {}, code } }),
    ...(decision === undefined ? {} : { annotations: { 'authorization.k8s.io/decision': decision } }),
  });
}

const configOf = (options: object): ForbiddenConfig => forbidden.config.parse(options);
const keeper = (options: object): ((fields: Fields) => boolean) => {
  const transform = forbidden.create(configOf(options), testContext());
  return (fields) => transform.apply(eventOf(line(fields))) !== undefined;
};
const keptCodes = (options: object, decision = 'allow'): number[] => {
  const keeps = keeper(options);
  return [200, 304, 400, 401, 403, 404, 409, 422, 429, 500].filter((code) => keeps({ code, decision }));
};
const problems = (options: object): string[] =>
  forbidden.config.safeParse(options).error?.issues.map(({ path, message }) => `${path.join('.')}: ${message}`) ?? [];

testTransform(test, {
  spec: forbidden,
  config: { preset: 'denied' },
  events: [
    line({ code: 200, decision: 'allow' }),
    line({ code: 403, decision: 'forbid' }),
    line({ code: 403, stage: 'ResponseStarted' }),
    line({}),
    '{"kind":"Event","responseStatus":{"code":4',
  ],
});

test('without options keeps the codes above 400', (t) => {
  t.deepEqual(keptCodes({}), [401, 403, 404, 409, 422, 429, 500]);
});

test('codes replace the default', (t) => {
  t.deepEqual(keptCodes({ codes: '4xx' }), [400, 401, 403, 404, 409, 422, 429]);
  t.deepEqual(keptCodes({ codes: [200, '404-409'] }), [200, 404, 409]);
});

test('a decision replaces the default', (t) => {
  t.deepEqual(keptCodes({ decision: 'forbid' }), []);
  t.deepEqual(keptCodes({ decision: 'forbid' }, 'forbid').length, 10);
  t.true(keeper({ decision: 'allow' })({ code: 200, decision: 'allow' }));
});

test('codes or a decision suffice, one of the two', (t) => {
  const keeps = keeper({ codes: 404, decision: 'forbid' });
  t.true(keeps({ code: 404, decision: 'allow' }));
  t.true(keeps({ code: 403, decision: 'forbid' }));
  t.true(keeps({ decision: 'forbid' }));
  t.false(keeps({ code: 403 }));
});

test('preset denied keeps 401, 403 and what the authorizer forbade', (t) => {
  t.deepEqual(keptCodes({ preset: 'denied' }), [401, 403]);
  t.true(keeper({ preset: 'denied' })({ code: 500, decision: 'forbid' }));
});

test('preset podsec keeps 400 too', (t) => {
  t.deepEqual(keptCodes({ preset: 'podsec' }), [400, 401, 403, 404, 409, 422, 429, 500]);
});

test('an event without a code is not kept for its code', (t) => {
  t.false(keeper({})({ stage: 'RequestReceived' }));
  t.false(keeper({ codes: '<999' })({ stage: 'RequestReceived' }));
});

test('a code that is no HTTP status is not kept', (t) => {
  for (const code of [1000, -1, 403.5, 1e300]) t.false(keeper({})({ code }), String(code));
});

test('an annotation of another key decides nothing', (t) => {
  const transform = forbidden.create(configOf({ preset: 'denied' }), testContext());
  const text = line({ code: 200 }).replace(
    /}$/,
    ',"annotations":{"authorization.k8s.io/reason":"forbid","decision":"forbid"}}',
  );
  t.is(transform.apply(eventOf(text)), undefined);
});

test('a refusal at both response stages is kept once, at ResponseComplete', (t) => {
  const keeps = keeper({});
  t.false(keeps({ code: 403, stage: 'ResponseStarted' }));
  t.true(keeps({ code: 403, stage: 'ResponseComplete' }));
  t.false(keeper({ decision: 'forbid' })({ decision: 'forbid', stage: 'ResponseStarted' }));
});

test('a refusal of nobody is kept at ResponseStarted, the only stage it has', (t) => {
  t.true(keeper({})({ code: 401, stage: 'ResponseStarted', user: {} }));
  t.true(keeper({ preset: 'denied' })({ code: 401, stage: 'ResponseStarted', user: {} }));
});

test('a refusal at ResponseStarted is kept when the stages leave out ResponseComplete', (t) => {
  const keeps = keeper({ stages: ['ResponseStarted', 'Panic'] });
  t.true(keeps({ code: 403, stage: 'ResponseStarted' }));
  t.false(keeps({ code: 403, stage: 'ResponseComplete' }));
  t.true(keeps({ code: 500, stage: 'Panic' }));
});

test('a ResponseStarted that is no refusal is kept when the codes ask for it', (t) => {
  t.true(keeper({ codes: '2xx' })({ code: 200, stage: 'ResponseStarted' }));
});

test('stages that hold both response stages still report a refusal once', (t) => {
  const keeps = keeper({ stages: ['ResponseStarted', 'ResponseComplete'] });
  t.deepEqual([keeps({ code: 403, stage: 'ResponseStarted' }), keeps({ code: 403 })], [false, true]);
});

const refused: Fields = {
  code: 403,
  verb: 'patch',
  user: { username: 'system:kube-proxy', groups: ['system:node-proxier', 'ops'] },
  userAgent: 'kube-proxy/v1.36.2 (linux/amd64)',
  objectRef: { resource: 'deployments', namespace: 't1', apiGroup: 'apps', subresource: 'scale', apiVersion: 'v1' },
};

for (const [field, matching, other] of [
  ['users', ['bob', 'system:*'], ['system', 'kube-proxy']],
  ['groups', ['ops'], ['op', 'system:authenticated']],
  ['namespaces', ['t*'], ['t']],
  ['userAgents', ['kube-proxy/*'], ['kube-proxy']],
  ['resources', ['deployments.apps/scale'], ['deployments.apps', 'deployments/scale', 'scale']],
  ['resources', ['deployments.apps/*'], ['deployments/*']],
  ['verbs', ['patch'], ['get', 'PATCH']],
] as const) {
  test(`ignore.${field} drops ${matching.join(' and ')}, and nothing for ${other.join(' and ')}`, (t) => {
    t.false(keeper({ ignore: { [field]: matching } })(refused));
    t.true(keeper({ ignore: { [field]: other } })(refused));
  });
}

test('a resource of the core group is written without a group', (t) => {
  const log: Fields = {
    code: 403,
    objectRef: { resource: 'pods', namespace: 't1', subresource: 'log', apiVersion: 'v1' },
  };
  t.false(keeper({ ignore: { resources: ['pods/log'] } })(log));
  t.true(keeper({ ignore: { resources: ['pods'] } })(log));
  t.false(keeper({ ignore: { resources: ['pods'] } })({ code: 403, objectRef: { resource: 'pods' } }));
});

test('an ignore list says nothing about events that lack its field', (t) => {
  const everything = { users: ['*'], groups: ['*'], namespaces: ['*'], userAgents: ['*'], resources: ['*'] };
  t.true(keeper({ ignore: everything })({ code: 401, stage: 'ResponseStarted', user: {} }));
});

test('ignore is applied last, also to what a decision kept', (t) => {
  t.false(keeper({ preset: 'denied', ignore: { users: ['alice'] } })({ decision: 'forbid' }));
});

test('a preset together with codes or a decision is a problem of each of them', (t) => {
  t.deepEqual(problems({ preset: 'denied', codes: 403, decision: 'forbid' }), [
    'codes: cannot be given together with preset denied: leave out one of them',
    'decision: cannot be given together with preset denied: leave out one of them',
  ]);
});

test('a wrong code is a problem at its place, with what can be written', (t) => {
  t.regex(problems({ codes: [403, 'none'] }).join('\n'), /^codes\.1: cannot read "none" as status codes: write 403, /);
  t.regex(problems({ codes: '>=400,<500' }).join('\n'), /^codes: >=400, <500 together hold every code/);
  t.regex(problems({ codes: true }).join('\n'), /^codes: must be status codes, such as 403/);
  t.is(problems({ codes: [] }).length, 1);
});

test('unknown options, stages, presets and patterns are problems', (t) => {
  t.is(problems({ code: 403 }).length, 1);
  t.is(problems({ ignore: { user: ['x'] } }).length, 1);
  t.is(problems({ stages: ['ResponseCompleted'] }).length, 1);
  t.is(problems({ preset: 'refused' }).length, 1);
  t.regex(
    problems({ ignore: { users: ['*x'] } }).join('\n'),
    /^ignore\.users\.0: "\*x" has a \* that is not at its end/,
  );
});

for (const [options, text] of [
  [{}, 'codes >400'],
  [{ codes: [401, '403'] }, 'codes 401, 403'],
  [{ decision: 'forbid' }, 'decision forbid'],
  [{ codes: 404, decision: 'forbid' }, 'codes 404 or decision forbid'],
  [{ preset: 'denied' }, 'preset denied (401, 403 or decision forbid)'],
  [{ preset: 'podsec' }, 'preset podsec (>=400)'],
  [
    { codes: '401,403', stages: ['ResponseComplete'], ignore: { users: ['system:*'], verbs: ['watch', 'list'] } },
    'codes 401, 403; stages ResponseComplete; ignoring users system:*, verbs watch, list',
  ],
] as const) {
  test(`describes ${JSON.stringify(options)} as ${text}`, (t) => {
    t.is(describe(configOf(options)), text);
  });
}

test('keeps exactly what a plain reading of the rule keeps', (t) => {
  const fields = fc.record(
    {
      code: fc.constantFrom(200, 400, 401, 403, 404, 500),
      decision: fc.constantFrom('allow', 'forbid'),
      stage: fc.constantFrom('RequestReceived', 'ResponseStarted', 'ResponseComplete', 'Panic'),
      user: fc.constantFrom({}, alice, { username: 'bob' }),
    },
    { requiredKeys: [] },
  );
  const options = fc.constantFrom(
    ...[
      {},
      { codes: 403 },
      { decision: 'forbid' },
      { codes: '4xx', decision: 'forbid' },
      { preset: 'denied' },
      { preset: 'podsec' },
    ].flatMap((rule) => [rule, { ...rule, stages: ['ResponseStarted'] }, { ...rule, ignore: { users: ['al*'] } }]),
  );
  fc.assert(
    fc.property(options, fields, (config, event) => {
      t.is(keeper(config)(event), plainly(config, event), JSON.stringify({ config, event }));
    }),
    { seed: 7, numRuns: 1000 },
  );
});

interface PlainConfig {
  readonly codes?: number | string;
  readonly decision?: string;
  readonly preset?: string;
  readonly stages?: readonly string[];
  readonly ignore?: unknown;
}

function plainly(config: PlainConfig, { code, decision, stage = 'ResponseComplete', user = alice }: Fields): boolean {
  const byPreset = { denied: code === 401 || code === 403 || decision === 'forbid', podsec: (code ?? 0) >= 400 };
  const byCodes = config.codes === 403 ? code === 403 : (code ?? 0) >= 400 && (code ?? 0) < 500;
  let kept = (code ?? 0) > 400;
  if (config.preset === 'denied' || config.preset === 'podsec') kept = byPreset[config.preset];
  else if (config.codes !== undefined || config.decision !== undefined) {
    kept = (config.codes !== undefined && byCodes) || (config.decision !== undefined && decision === config.decision);
  }
  if (config.stages !== undefined && !config.stages.includes(stage)) return false;
  const isRefusal = (code ?? 0) >= 400 || decision === 'forbid';
  const nobody = Object.keys(user).length === 0;
  if (isRefusal && stage === 'ResponseStarted' && !nobody && config.stages === undefined) return false;
  return kept && !(config.ignore !== undefined && user === alice);
}
