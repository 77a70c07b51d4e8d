import test from 'ava';
import fc from 'fast-check';
import { eventOf } from '../../../src/audit/bytes-event.ts';
import { attributesOf } from '../../../src/audit/policy/attributes.ts';
import { compilePolicy } from '../../../src/audit/policy/match/compile.ts';
import type { Attributes, Decision } from '../../../src/audit/policy/policy.ts';
import { trim } from '../../../src/audit/policy/trim.ts';
import { requestInfo } from '../../../src/audit/request-info.ts';
import { eventObject } from '../../support/event-arbitrary.ts';
import { choices, spell } from '../../support/json-spelling.ts';
import { policyCases, policyFile, recordedEvents } from '../../support/policy-fixtures.ts';
import { holds } from '../../support/property.ts';
import { requestURIs } from '../../support/uri-arbitrary.ts';

const POLICIES = ['docs', 'podsec', 'tricky1-subresource-globs'] as const;
type Verdict = Readonly<Record<(typeof POLICIES)[number], Decision>> & {
  readonly attrs: Omit<Attributes, 'user' | 'isResourceRequest'> & { readonly resourceRequest: boolean };
};

const events = recordedEvents();
const verdicts = policyCases<Verdict>('verdicts');

test('are those that upstream had when it recorded the event', (t) => {
  t.is(events.length, verdicts.length);
  for (const [index, line] of events.entries()) {
    const { isResourceRequest, user: _, ...attrs } = attributesOf(eventOf(line));
    t.deepEqual({ ...attrs, resourceRequest: isResourceRequest }, verdicts[index]?.attrs);
  }
});

for (const name of POLICIES) {
  test(`the policy ${name} decides about recorded events as upstream did`, (t) => {
    const match = compilePolicy(policyFile(name));
    for (const [index, line] of events.entries()) {
      t.deepEqual(match(attributesOf(eventOf(line))), verdicts[index]?.[name]);
    }
  });
}

test('an event that was trimmed asks for the same', (t) => {
  const decision = { rule: 0, level: 'Metadata', omitStages: [], omitManagedFields: true };
  for (const line of events.slice(0, 100)) {
    const event = eventOf(line);
    const trimmed = trim(event, decision);
    t.not(trimmed, event);
    t.deepEqual(trimmed && attributesOf(trimmed), attributesOf(event));
  }
});

test('a user that is empty, null or missing is nobody', (t) => {
  for (const user of ['{}', 'null', '{ }', '[]', '""']) {
    t.is(attributesOf(eventOf(`{"kind":"Event","user":${user}}`)).user, null, user);
  }
  t.is(attributesOf(eventOf('{"kind":"Event"}')).user, null);
  t.deepEqual(attributesOf(eventOf('{"user":{"uid":"1"}}')).user, { username: '', groups: [] });
});

test('an event without a URI or a verb asks for nothing', (t) => {
  const { isResourceRequest, path, verb } = attributesOf(eventOf('{"kind":"Event","requestURI":null}'));
  t.deepEqual([isResourceRequest, path, verb], [false, '', '']);
});

test('broken JSON in the head throws an EventError', (t) => {
  t.throws(() => attributesOf(eventOf('{"kind":"Event","requestURI":"/a"')), { name: 'EventError' });
});

test('an event says the same however its JSON is written', async (t) => {
  await holds(
    t,
    fc.property(
      eventObject,
      requestURIs,
      fc.constantFrom('list', 'watch', 'get'),
      choices,
      (event, uri, verb, pick) => {
        const known = { ...event, kind: 'Event', ...(event.requestURI !== undefined && { requestURI: uri, verb }) };
        const text = Buffer.from(spell(known, pick)).toString();
        const { requestURI = '', verb: written = '', user } = JSON.parse(text);
        const expected = {
          ...requestInfo(requestURI, written),
          verb: written,
          user:
            user && Object.keys(user).length > 0 ? { username: user.username ?? '', groups: user.groups ?? [] } : null,
        };
        t.deepEqual(attributesOf(eventOf(text)), expected);
      },
    ),
    { runs: 500 },
  );
});

const review = (request: unknown) =>
  attributesOf(eventOf(JSON.stringify({ kind: 'AdmissionReview', apiVersion: 'admission.k8s.io/v1', request })));

test('an AdmissionReview asks for what its request says', (t) => {
  const request = {
    uid: '1',
    operation: 'UPDATE',
    resource: { group: 'apps', version: 'v1', resource: 'deployments' },
    subResource: 'scale',
    namespace: 'shop',
    name: 'cart',
    userInfo: { username: 'alice', groups: ['dev'] },
  };
  t.deepEqual(review(request), {
    isResourceRequest: true,
    path: '',
    verb: 'update',
    namespace: 'shop',
    apiGroup: 'apps',
    apiVersion: 'v1',
    resource: 'deployments',
    subresource: 'scale',
    name: 'cart',
    user: { username: 'alice', groups: ['dev'] },
  });
  const verbs = ['CREATE', 'DELETE', 'CONNECT', 'OTHER'].map((operation) => review({ ...request, operation }).verb);
  t.deepEqual(verbs, ['create', 'delete', 'create', '']);
});

test('an AdmissionReview may lack anything', (t) => {
  for (const request of [undefined, null, {}, { userInfo: {}, resource: null }]) {
    const { isResourceRequest, resource, verb, user } = review(request);
    t.deepEqual([isResourceRequest, resource, verb, user], [true, '', '', null]);
  }
});
