import { stringify } from 'yaml';
import { eventOf } from '../src/audit/bytes-event.ts';
import { loadPolicy } from '../src/audit/policy/load.ts';
import type { Policy, PolicyRule } from '../src/audit/policy/policy.ts';
import { decideBy } from '../src/transforms/policy-match/decide.ts';
import { eventLines } from './events.ts';
import { median, type Setting } from './measure.ts';
import { seeded } from './random.ts';
import { atMost, plain, type Row, show } from './report.ts';

const SEED = 20261121;

/** How the cost of an event grows with the number of rules. None of them matches but the last. */
export function measureRules({ pairs }: Setting): Row[] {
  const next = eventLines('metadata', seeded(SEED));
  const lines = Array.from({ length: 20_000 }, () => next());
  const counts = [1, 10, 50, 500, 5000];
  const decides = counts.map((count) => microsecondsBy(rulesUpTo(count), lines));
  for (const measure of [...decides, ...decides]) measure();
  const rounds = Array.from({ length: pairs }, () => decides.map((measure) => measure()));
  const growth = (from: number, to: number): number =>
    median(rounds.map((round) => (round[counts.indexOf(to)] ?? 0) / (round[counts.indexOf(from)] ?? 0)));
  return [
    ...counts.map((count, at) =>
      plain(`policy-rules: CPU for an event with ${count}`, show(median(rounds.map((round) => round[at] ?? 0)), ' us')),
    ),
    atMost('policy-rules: 50 beside the last one alone', growth(1, 50), 1.5, ' times'),
    atMost('policy-rules: 50 beside 10', growth(10, 50), 1.2, ' times'),
    atMost('policy-rules: 5000 beside 500', growth(500, 5000), 11, ' times'),
    atMost('policy-rules: loading 5000 from YAML', median(rounds.map(() => millisecondsToLoad(5000))), 1000, ' ms'),
  ];
}

/** Inputs made to be slow, and the same twice as long: whatever is quadratic takes four times as much. */
export function measureHostile({ pairs }: Setting): Row[] {
  const policy: Policy = {
    omitManagedFields: true,
    rules: [
      { level: 'None', resources: [{ resources: ['pods'], resourceNames: ['nobody'] }] },
      { level: 'None', nonResourceURLs: ['/*a*', '/'.repeat(1000)] },
      { level: 'Request', verbs: ['create'] },
      { level: 'RequestResponse' },
    ],
  };
  return Object.entries(HOSTILE).flatMap(([what, { size, line }]) => {
    const [single, double] = [microsecondsBy(policy, [line(size)]), microsecondsBy(policy, [line(size * 2)])];
    const rounds = Array.from({ length: pairs + 2 }, () => [repeated(single), repeated(double)] as const).slice(2);
    return [
      plain(`policy-hostile: CPU for ${what}`, show(median(rounds.map(([one]) => one)), ' us')),
      atMost(`policy-hostile: twice that`, median(rounds.map(([one, two]) => two / one)), 2.6, ' times'),
    ];
  });
}

interface Hostile {
  readonly size: number;
  readonly line: (size: number) => string;
}

const HOSTILE: Readonly<Record<string, Hostile>> = {
  'a query of 64 kB': {
    size: 65_536,
    line: (size) => event({ uri: `/api/v1/pods?${'a=%2F&fieldSelector=x&'.repeat(size / 22)}`, verb: 'list' }),
  },
  'a field selector of 64 kB': {
    size: 65_536,
    line: (size) => event({ uri: `/api/v1/pods?fieldSelector=${'a%3Db%2C'.repeat(size / 8)}`, verb: 'watch' }),
  },
  'a path of 64 kB of slashes and escapes': {
    size: 65_536,
    line: (size) => event({ uri: `/${'/%2f;'.repeat(size / 5)}` }),
  },
  'an auditID of 1 MB': { size: 1 << 20, line: (size) => event({ auditID: '\\"'.repeat(size / 2) }) },
  'a user of 64 kB with as many groups': {
    size: 65_536,
    line: (size) => event({ user: `{"username":"${'u'.repeat(size)}","groups":[${'"g",'.repeat(size / 4)}"g"]}` }),
  },
  'bodies 10,000 deep': {
    size: 10_000,
    line: (size) => event({ body: `${'{"items":['.repeat(size)}${']}'.repeat(size)}` }),
  },
  'a list of 10,000 with managedFields': {
    size: 10_000,
    line: (size) => event({ body: `{"items":[${'{"metadata":{"managedFields":[1]}},'.repeat(size)}{}]}` }),
  },
};

function event({
  uri = '/api/v1/namespaces/a/pods',
  verb = 'create',
  auditID = 'a',
  user = '{"username":"alice","groups":["dev"]}',
  body = '{}',
}): string {
  const head = `{"kind":"Event","apiVersion":"audit.k8s.io/v1","level":"RequestResponse","auditID":"${auditID}"`;
  const request = `"stage":"ResponseComplete","requestURI":"${uri}","verb":"${verb}","user":${user}`;
  return `${head},${request},"requestObject":${body},"responseObject":${body}}`;
}

/** A policy of so many rules of every kind. */
function rulesUpTo(count: number): Policy {
  const kinds: ((number: number) => PolicyRule)[] = [
    (n) => ({ level: 'None', users: [`system:serviceaccount:team-${n}:robot`], verbs: ['get', 'list', 'watch'] }),
    (n) => ({
      level: 'Request',
      resources: [{ group: `group-${n}.example.com`, resources: ['things/*', '*/status'] }],
    }),
    (n) => ({ level: 'None', nonResourceURLs: [`/healthz-${n}*`, `/metrics/${n}`] }),
    (n) => ({ level: 'Metadata', namespaces: [`team-${n}`], userGroups: [`group-${n}`] }),
    (n) => ({ level: 'None', resources: [{ resources: ['configmaps'], resourceNames: [`leader-${n}`] }] }),
  ];
  const before = Array.from({ length: count - 1 }, (_, n) => (kinds[n % kinds.length] as (typeof kinds)[0])(n));
  return { rules: [...before, { level: 'Metadata' }] };
}

function millisecondsToLoad(count: number): number {
  const text = stringify({ apiVersion: 'audit.k8s.io/v1', kind: 'Policy', ...rulesUpTo(count) });
  const before = process.cpuUsage();
  decideBy(loadPolicy(text), { onUnmatched: 'drop' });
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

/** Measures deciding about these lines, cutting included: user CPU in microseconds for one of them. */
function microsecondsBy(policy: Policy, lines: readonly string[]): () => number {
  const decide = decideBy(policy, { onUnmatched: 'drop' });
  const bytes = lines.map((line) => Buffer.from(line));
  return () => {
    const events = bytes.map((line) => eventOf(line));
    const before = process.cpuUsage();
    let left = 0;
    for (const event of events) left += decide(event)?.size ?? 0;
    const { user, system } = process.cpuUsage(before);
    if (left === 0) throw new Error('the policy dropped everything: nothing was measured');
    return (user + system) / lines.length;
  };
}

/** One event is too few for the clock. */
function repeated(measure: () => number): number {
  let total = 0;
  for (let i = 0; i < 20; i++) total += measure();
  return total / 20;
}
