import { readFileSync } from 'node:fs';
import test from 'ava';
import { eventOf } from '../../src/audit/bytes-event.ts';
import type { EventHead } from '../../src/core/event.ts';

/** The head of a review of this request. */
function head(request: unknown): EventHead {
  return eventOf(JSON.stringify({ kind: 'AdmissionReview', apiVersion: 'admission.k8s.io/v1', request })).head;
}

test('reads the reviews that kube-audit-rest recorded', (t) => {
  const text = readFileSync(new URL('../../samples/events/kube-audit-rest.log', import.meta.url), 'utf8');
  for (const line of text.trimEnd().split('\n')) {
    const review = JSON.parse(line);
    const { head } = eventOf(line);
    t.is(head.kind, 'AdmissionReview');
    t.is(head.apiVersion, review.apiVersion);
    t.is(head.auditID, review.request.uid);
    t.is(head.user?.username, review.request.userInfo.username);
    t.deepEqual(head.user?.groups, review.request.userInfo.groups);
    t.is(head.objectRef?.resource, review.request.resource.resource);
    t.is(head.requestReceivedTimestamp, review.requestReceivedTimestamp);
  }
});

test('says the operation in the words of audit events', (t) => {
  const verbs = ['CREATE', 'UPDATE', 'DELETE', 'CONNECT', 'PATCH', 17].map((operation) => head({ operation }).verb);
  t.deepEqual(verbs, ['create', 'update', 'delete', 'create', undefined, undefined]);
});

test('is a request that was received, and has no answer', (t) => {
  const { stage, code, message, level, requestURI, impersonatedUser, sourceIPs, userAgent, stageTimestamp } = head({});
  t.is(stage, 'RequestReceived');
  t.deepEqual(
    [code, message, level, requestURI, impersonatedUser, userAgent, stageTimestamp],
    Array(7).fill(undefined),
  );
  t.deepEqual(sourceIPs, []);
  t.is(head({}).annotation('x'), undefined);
});

test('names the object, and leaves out what is not said of it', (t) => {
  const resource = { group: 'apps', version: 'v1', resource: 'deployments' };
  t.deepEqual(head({ resource, namespace: 'shop', name: 'web', subResource: 'scale' }).objectRef, {
    resource: 'deployments',
    subresource: 'scale',
    namespace: 'shop',
    name: 'web',
    apiGroup: 'apps',
    apiVersion: 'v1',
  });
  t.deepEqual(head({ resource: { group: '', version: 'v1', resource: 'pods' }, name: 17 }).objectRef, {
    resource: 'pods',
    apiVersion: 'v1',
  });
  t.deepEqual(head({}).objectRef, {});
});

test('passes over what has another type than it should', (t) => {
  t.is(head({ userInfo: {} }).user, undefined);
  t.is(head({ userInfo: { username: 17 } }).user, undefined);
  t.deepEqual(head({ userInfo: { username: 'a', groups: ['x', 1, 'y'] } }).user, { username: 'a', groups: ['x', 'y'] });
  for (const request of [null, undefined, 'x', 17, []]) {
    t.is(head(request).auditID, undefined);
    t.is(head(request).user, undefined);
  }
  t.is(head({ uid: '' }).auditID, undefined);
});
