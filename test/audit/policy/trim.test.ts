import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import test from 'ava';
import fc from 'fast-check';
import { eventOf } from '../../../src/audit/bytes-event.ts';
import type { Decision } from '../../../src/audit/policy/policy.ts';
import { outcomeOf, trim } from '../../../src/audit/policy/trim.ts';
import { choices, spell } from '../../support/json-spelling.ts';
import { holds } from '../../support/property.ts';
import { anyDecision, anyEvent, asUpstream, decision } from './recorded.ts';
import { trimmedObject } from './reference.ts';

const fixture = (name: string) => readFileSync(new URL(`../../fixtures/policy/${name}`, import.meta.url));
const lines = (bytes: Buffer) => bytes.toString().trimEnd().split('\n');
const EVENTS = lines(fixture('events.jsonl'));
const VERDICTS: readonly Readonly<Record<string, Decision>>[] = lines(gunzipSync(fixture('verdicts.jsonl.gz'))).map(
  (line) => JSON.parse(line),
);

for (const policy of ['docs', 'podsec', 'tricky1-subresource-globs']) {
  test(`writes under the policy ${policy} what kube-apiserver writes, byte for byte`, (t) => {
    const written: string[] = [];
    for (const [index, line] of EVENTS.entries()) {
      const verdict = VERDICTS[index]?.[policy] as Decision;
      const event = eventOf(line);
      const trimmed = trim(event, verdict);
      t.is(trimmed !== undefined, outcomeOf(event, verdict) === 'write');
      if (trimmed === undefined) continue;
      t.is(trimmed.check(), undefined);
      if (trimmed.raw.equals(event.raw)) t.is(trimmed, event);
      written.push(trimmed.raw.toString());
    }
    t.deepEqual(written, lines(fixture(`written/${policy}.jsonl`)));
  });
}

const spelling = fc.oneof(choices, fc.constant('upstream' as const));

test('leaves what deleting from the parsed event leaves, in its order, however it is written', async (t) => {
  const property = fc.property(anyEvent, spelling, anyDecision, (object, pick, verdict) => {
    const text = pick === 'upstream' ? asUpstream(object) : spell(object, pick);
    const event = eventOf(text);
    const trimmed = trim(event, verdict);
    const expected = trimmedObject(JSON.parse(text), verdict);
    t.is(trimmed === undefined, expected === undefined);
    if (trimmed === undefined) return;
    t.is(trimmed.check(), undefined);
    const left = trimmed.raw.toString();
    t.is(JSON.stringify(JSON.parse(left)), JSON.stringify(expected), text);
    t.is(eventOf(left).check(), undefined);
    t.is(trimmed.head.level, eventOf(left).head.level);
  });
  await holds(t, property, { runs: 1500 });
});

test('applied twice is applied once, and what does not change is the same object', async (t) => {
  const property = fc.property(anyEvent, spelling, anyDecision, (object, pick, verdict) => {
    const event = eventOf(pick === 'upstream' ? asUpstream(object) : spell(object, pick));
    const once = trim(event, verdict);
    if (once === undefined) return;
    t.is(trim(once, verdict), once);
    t.is(trim(eventOf(once.raw), verdict)?.raw.toString(), once.raw.toString());
    if (once.raw.equals(event.raw) && once.labels === event.labels) t.is(once, event);
  });
  await holds(t, property, { runs: 700 });
});

test('drops by level before by stage', (t) => {
  const event = eventOf('{"level":"Request","stage":"Panic"}');
  const outcome = (level: string, omitStages: string[]) => outcomeOf(event, decision(level, { omitStages }));
  t.is(outcome('None', ['Panic']), 'drop-level');
  t.is(outcome('Metadata', ['RequestReceived', 'Panic']), 'drop-stage');
  t.is(outcome('Metadata', ['RequestReceived']), 'write');
  t.is(outcomeOf(eventOf('{}'), decision('Metadata', { omitStages: ['Panic'] })), 'write');
  t.is(trim(event, decision('None')), undefined);
  t.is(trim(event, decision('Metadata', { omitStages: ['Panic'] })), undefined);
});

const left = (text: string, verdict: Decision) => trim(eventOf(text), verdict)?.raw.toString();

test('never raises a level, and says what the recording lacks', (t) => {
  const text = '{"level":"Metadata","stage":"ResponseComplete","verb":"create","objectRef":{"resource":"pods"}}';
  const trimmed = trim(eventOf(text).label({ cluster: 'a' }), decision('RequestResponse'));
  t.is(trimmed?.raw.toString(), text);
  t.is(trimmed?.head.level, 'Metadata');
  t.deepEqual(trimmed?.labels, { cluster: 'a', 'policy.unrestored': 'requestObject,responseObject' });
  t.is(trimmed && trim(trimmed, decision('RequestResponse')), trimmed);
});

test('cuts at a lower level all that the level does not record', (t) => {
  const event = (level: string, rest: string) => `{"level":"${level}","verb":"create"${rest},"x":1}`;
  const bodies = ',"requestObject":{"a":1},"responseObject":{"b":2}';
  const full = event('RequestResponse', bodies);
  t.is(left(full, decision('RequestResponse')), full);
  t.is(left(full, decision('Request')), event('Request', ',"requestObject":{"a":1}'));
  t.is(left(full, decision('Metadata')), event('Metadata', ''));
  t.is(left(event('RequestResponse', ',"requestObject":null'), decision('Metadata')), event('Metadata', ''));
  const escaped = String.raw`,"requestObj\u0065ct":{"a":1},"respons\u0065Object":2`;
  t.is(left(event('RequestResponse', escaped), decision('Metadata')), event('Metadata', ''));
  t.is(left('{"requestObject":1,"responseObject":2}', decision('Metadata')), '{}');
});

test('an odd recorded level counts as the highest, an odd decision as Metadata', (t) => {
  const event = (level: string, rest = '') => `{"level":${level}${rest}}`;
  const body = ',"requestObject":1';
  for (const level of ['"Odd"', 'null', '7']) {
    t.is(left(event(level, body), decision('Metadata')), event('"Metadata"'));
    t.is(left(event(level, body), decision('RequestResponse')), event(level, body));
  }
  t.is(left(event('"Request"', body), decision('odd')), event('"Metadata"'));
  t.is(left(event('"None"', body), decision('Metadata')), event('"None"', body));
});

const deep = `${'{"a":['.repeat(10_000)}1${']}'.repeat(10_000)}`;
const long = 'x'.repeat(1 << 20);
const huge = (rest: string) => `{"metadata":{${rest}"name":"a"},"data":["${`${long}","`.repeat(16)}"]}`;
const items = (rest: string) => `{"items":[${`{"metadata":{${rest}"name":"a"}},`.repeat(20_000)}{}]}`;
/** Each as it was recorded, and without managedFields. */
const sizes: Readonly<Record<string, readonly [string, string]>> = {
  deep: [deep, deep],
  huge: [huge('"managedFields":[],'), huge('')],
  'deep managedFields': [`{"metadata":{"managedFields":${deep}}}`, '{"metadata":{}}'],
  items: [items('"managedFields":[1,2],'), items('')],
};
for (const [name, [body, stripped]] of Object.entries(sizes)) {
  test(`takes bodies of any size and depth: ${name}`, (t) => {
    const event = (level: string, rest: string) => `{"level":"${level}","auditID":"${long}"${rest},"verb":"update"}`;
    const full = event('RequestResponse', `,"requestObject":${body},"responseObject":${body}`);
    t.true(left(full, decision('Metadata')) === event('Metadata', ''));
    const request = left(full, decision('Request', { omitManagedFields: true }));
    t.true(request === event('Request', `,"requestObject":${stripped}`));
  });
}

const event = (body: string) => `{"level":"RequestResponse","verb":"get","requestObject":${body},"stage":"Panic"}`;
const broken = [
  '{"a":[}',
  '{"a":[1}]',
  '{"a":tru}',
  '{"a":"\\x"}',
  '{"a":"\u0001"}',
  '{"a":{}}}',
  '{"managedFields":[}',
];
for (const body of broken) {
  test(`refuses an event that is broken inside of what is cut: ${JSON.stringify(body)}`, (t) => {
    for (const verdict of [decision('Metadata'), decision('RequestResponse', { omitManagedFields: true })]) {
      const original = eventOf(event(body));
      try {
        const trimmed = trim(original, verdict);
        t.is(trimmed?.check(), original.check());
        t.is(trimmed?.raw.toString(), event(body));
      } catch (error) {
        t.is((error as Error).name, 'EventError');
      }
      t.not(original.check(), undefined);
    }
  });
}

test('refuses an event in which a key is repeated, and does not cut it', (t) => {
  const text = '{"level":"Request","requestObject":1,"requestObject":2}';
  const trimmed = trim(eventOf(text), decision('Metadata'));
  t.is(trimmed?.check()?.code, 'duplicate-key');
  t.is(trimmed?.raw.toString(), text);
});

test('a damaged event is refused, kept whole or trimmed; nothing else is thrown', async (t) => {
  const damage = fc.tuple(fc.nat(), fc.nat({ max: 255 }));
  const property = fc.property(anyEvent, choices, damage, anyDecision, (object, pick, [place, byte], verdict) => {
    const bytes = Buffer.from(spell(object, pick));
    bytes[place % bytes.length] = byte;
    const event = eventOf(bytes);
    let trimmed: ReturnType<typeof trim>;
    try {
      trimmed = trim(event, verdict);
    } catch (error) {
      t.is((error as Error).name, 'EventError');
    }
    if (trimmed === undefined) return;
    t.is(trimmed.check()?.code, event.check()?.code);
    if (event.check() !== undefined) t.deepEqual(trimmed.raw, bytes);
    else t.is(eventOf(trimmed.raw).check(), undefined);
  });
  await holds(t, property, { runs: 600 });
});
