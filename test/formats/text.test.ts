import { stripVTControlCharacters } from 'node:util';
import test from 'ava';
import fc from 'fast-check';
import { eventOf } from '../../src/audit/bytes-event.ts';
import { coloured, type Painter, plain, textLine, textLines } from '../../src/formats/text.ts';
import { holds } from '../support/property.ts';

const denied = {
  kind: 'Event',
  apiVersion: 'audit.k8s.io/v1',
  level: 'Metadata',
  auditID: '8f2f1c1e-3a7e-4f53-9d55-0f8a4f6f2a11',
  stage: 'ResponseComplete',
  requestURI: '/api/v1/namespaces/prod/pods/web-0/log?follow=true',
  verb: 'get',
  user: { username: 'alice', groups: ['dev'] },
  sourceIPs: ['10.0.0.7'],
  userAgent: 'kubectl/v1.36.2 (linux/amd64) kubernetes/8e16b12',
  objectRef: { resource: 'pods', namespace: 'prod', name: 'web-0', apiVersion: 'v1', subresource: 'log' },
  responseStatus: { metadata: {}, status: 'Failure', message: 'pods "web-0" is forbidden', code: 403 },
  requestReceivedTimestamp: '2026-11-02T10:11:12.345678Z',
  stageTimestamp: '2026-11-02T10:11:12.349999Z',
};

function line(changes: Record<string, unknown>, paint: Painter = plain): string {
  const event = eventOf(JSON.stringify({ ...denied, ...changes }), { source: 'audit.log', line: 17, offset: 0 });
  return textLine(event, paint);
}

/** The line with its columns pulled together. */
function columns(changes: Record<string, unknown>): string[] {
  return line(changes).split(/ {2,}/);
}

test('answers what, when, who, on what, where, from where and with which answer, in columns', (t) => {
  t.is(
    line({}),
    '2026-11-02T10:11:12.349Z 403 get    pods/log prod/web-0                       alice                     ' +
      'from 10.0.0.7  kubectl/v1.36.2  ResponseComplete audit.log:17  pods "web-0" is forbidden  ' +
      '8f2f1c1e-3a7e-4f53-9d55-0f8a4f6f2a11',
  );
});

test('names both users of an impersonated request', (t) => {
  t.true(columns({ impersonatedUser: { username: 'bob' } }).includes('alice as bob'));
});

test('says so when nobody was authenticated', (t) => {
  t.true(columns({ user: {} }).includes('nobody (not authenticated)'));
});

test('trusts only the last address', (t) => {
  t.true(
    columns({ sourceIPs: ['1.2.3.4', '5.6.7.8', '10.0.0.7'] }).includes('from 10.0.0.7 (claimed 1.2.3.4,5.6.7.8)'),
  );
  t.true(columns({ sourceIPs: [] }).includes('from -'));
});

const targets = [
  [{ resource: 'deployments', apiGroup: 'apps', namespace: 'prod' }, 'deployments.apps prod/'],
  [{ resource: 'deployments', apiGroup: 'apps', subresource: 'scale', name: 'a' }, 'deployments.apps/scale a'],
  [{ resource: 'nodes', name: 'worker-1' }, 'nodes worker-1'],
  [{ resource: 'nodes' }, 'nodes'],
] as const;
for (const [objectRef, text] of targets) {
  test(`shows the object as ${text}`, (t) => {
    t.is(line({ objectRef }).slice(36, 77).trimEnd(), text);
  });
}

test('shows the path of a request for no resource', (t) => {
  const parts = line({ objectRef: undefined, requestURI: '/healthz?verbose=1' }).slice(36);
  t.regex(parts, /^\/healthz {2}/);
});

test('leaves the code open before the response', (t) => {
  t.regex(line({ responseStatus: undefined, stage: 'RequestReceived' }), /^\S+ --- get/);
});

test('shows an admission review as a request without a code', (t) => {
  const review = {
    kind: 'AdmissionReview',
    apiVersion: 'admission.k8s.io/v1',
    requestReceivedTimestamp: '2026-11-02T10:11:12Z',
    request: {
      uid: 'a-b-c',
      operation: 'CREATE',
      resource: { group: 'apps', version: 'v1', resource: 'deployments' },
      namespace: 'prod',
      name: 'web',
      userInfo: { username: 'carol' },
    },
  };
  const text = textLine(eventOf(JSON.stringify(review)), plain);
  t.deepEqual(text.split(/ {2,}/), [
    '2026-11-02T10:11:12Z',
    '--- create deployments.apps prod/web',
    'carol',
    'from -',
    '-',
    'RequestReceived memory:1',
    'a-b-c',
  ]);
});

test('shows nobody where the user name is no text', (t) => {
  const review = { kind: 'AdmissionReview', request: { userInfo: { username: 17 } } };
  t.true(textLine(eventOf(JSON.stringify(review)), plain).includes('  nobody (not authenticated)  '));
});

test('keeps its shape when every field is missing', (t) => {
  t.deepEqual(textLine(eventOf('{}'), plain).split(/ {2,}/), [
    '-',
    '--- -',
    '-',
    'nobody (not authenticated)',
    'from -',
    '-',
    '- memory:1',
  ]);
});

test('shows escape sequences, line breaks and reversed text instead of obeying them', (t) => {
  const message = 'a\u001b[2Jb\r\nc\u202ed\u2028e\\n\u0000\u009b\u{e0041}';
  t.true(
    line({ responseStatus: { message, code: 403 } }).includes(
      'a\\x1b[2Jb\\r\\nc\\u202ed\\u2028e\\\\n\\x00\\x9b\\u{e0041}',
    ),
  );
});

test('puts a value in quotes that could be taken for several', (t) => {
  t.true(line({ user: { username: 'eve  from 10.0.0.1' } }).includes('  "eve  from 10.0.0.1"'));
  t.true(line({ auditID: 'x  "y"' }).endsWith('  "x  \\"y\\""'));
});

test('shortens what is long and never cuts a character in two', (t) => {
  t.true(line({ responseStatus: { message: 'm'.repeat(301), code: 403 } }).includes(`  ${'m'.repeat(299)}…  8f2f1c1e`));
  t.true(line({ responseStatus: { message: 'm'.repeat(300), code: 403 } }).includes(`  ${'m'.repeat(300)}  8f2f1c1e`));
  t.true(line({ auditID: '\u{1f600}'.repeat(64) }).endsWith(`  ${'\u{1f600}'.repeat(31)}…`));
  t.true(line({ user: { username: 'u'.repeat(5000) } }).length < 400);
});

const colours = [
  [200, '\u001b[32m'],
  [304, '\u001b[32m'],
  [401, '\u001b[31m'],
  [403, '\u001b[31m'],
  [404, '\u001b[33m'],
  [500, '\u001b[35m'],
] as const;
for (const [code, colour] of colours) {
  test(`colours ${code} and its message`, (t) => {
    const text = line({ responseStatus: { code, message: 'why' } }, coloured);
    t.true(text.includes(`${colour}${code}\u001b`));
    t.true(text.includes(`${colour}why\u001b`));
  });
}

test('is the same with and without colour but for the colour', (t) => {
  t.is(stripVTControlCharacters(line({}, coloured)), line({}));
  t.not(line({}, coloured), line({}));
});

test('ends every line with a newline', (t) => {
  const event = eventOf(JSON.stringify(denied));
  t.is(textLines([event, event], plain).toString(), `${textLine(event, plain)}\n`.repeat(2));
  t.is(textLines([], plain).length, 0);
});

test('never shows a control character, wherever it came from', async (t) => {
  const text = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 20 }),
    fc.string({ unit: fc.constantFrom('\u001b', '\n', '\r', '\u2028', '\u202e', '\u009b', '\\', 'x', ' ', '"') }),
  );
  const fields = fc.record({
    verb: text,
    stage: text,
    auditID: text,
    requestURI: text,
    userAgent: text,
    stageTimestamp: text,
    user: fc.record({ username: text }),
    impersonatedUser: fc.record({ username: text }),
    sourceIPs: fc.array(text, { maxLength: 3 }),
    objectRef: fc.option(fc.record({ resource: text, namespace: text, name: text, subresource: text }), {
      nil: undefined,
    }),
    responseStatus: fc.record({ code: fc.nat(599), message: text }),
  });
  await holds(
    t,
    fc.property(fields, text, (changes, source) => {
      const event = eventOf(JSON.stringify(changes), { source, line: 1, offset: 0 });
      t.notRegex(textLine(event, plain), /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u);
      t.is(stripVTControlCharacters(textLine(event, coloured)), textLine(event, plain));
    }),
    { runs: 300 },
  );
});
