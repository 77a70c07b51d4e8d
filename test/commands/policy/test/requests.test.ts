import test from 'ava';
import { eventOf } from '../../../../src/audit/bytes-event.ts';
import { attributesOf } from '../../../../src/audit/policy/attributes.ts';
import { writtenAttributes } from '../../../../src/commands/policy/test/requests.ts';
import { recordedEvents } from '../../../support/policy-fixtures.ts';

test('a uri says what a recorded event with it says', (t) => {
  for (const line of recordedEvents()) {
    const { requestURI, verb, user } = JSON.parse(line);
    const { user: who, ...expected } = attributesOf(eventOf(line));
    const { user: made, ...attributes } = writtenAttributes({
      verb,
      uri: requestURI,
      user: user.username,
      groups: user.groups,
    });
    t.deepEqual(attributes, expected, requestURI);
    if (who) t.deepEqual(made, { username: who.username ?? '', groups: who.groups ?? [] });
    else t.is(made, null);
  }
});

test('a resource in words is the same as its uri', (t) => {
  const withoutPath = (request: Parameters<typeof writtenAttributes>[0]) => ({
    ...writtenAttributes(request),
    path: '',
  });
  const same = (words: Parameters<typeof writtenAttributes>[0], uri: string) =>
    t.deepEqual(withoutPath(words), withoutPath({ verb: words.verb, uri }));
  same({ verb: 'list', resource: 'nodes' }, '/api/v1/nodes');
  same(
    { verb: 'get', resource: 'pods', subresource: 'log', namespace: 'a', name: 'b' },
    '/api/v1/namespaces/a/pods/b/log',
  );
  same(
    { verb: 'patch', apiGroup: 'apps', apiVersion: 'v2', resource: 'deployments', namespace: 'a', name: 'b' },
    '/apis/apps/v2/namespaces/a/deployments/b',
  );
  same({ verb: 'delete', resource: 'namespaces', name: 'a' }, '/api/v1/namespaces/a');
  same({ verb: 'update', resource: 'namespaces', name: 'a', subresource: 'finalize' }, '/api/v1/namespaces/a/finalize');
  same({ verb: 'create', resource: 'namespaces' }, '/api/v1/namespaces');
});

test('a user without groups is in those that kube-apiserver puts such users in', (t) => {
  const groupsOf = (user: string, groups?: string[]) =>
    writtenAttributes({ verb: 'get', uri: '/', user, ...(groups && { groups }) }).user?.groups;
  t.deepEqual(groupsOf('alice'), ['system:authenticated']);
  t.deepEqual(groupsOf('system:anonymous'), ['system:unauthenticated']);
  t.deepEqual(groupsOf('system:serviceaccount:a:b'), [
    'system:serviceaccounts',
    'system:serviceaccounts:a',
    'system:authenticated',
  ]);
  t.deepEqual(groupsOf('system:serviceaccount:a'), ['system:authenticated']);
  t.deepEqual(groupsOf('alice', ['dev']), ['dev']);
});

test('without a user nobody was authenticated', (t) => {
  t.is(writtenAttributes({ verb: 'get', uri: '/' }).user, null);
  t.deepEqual(writtenAttributes({ verb: 'get', uri: '/', groups: ['dev'] }).user, { username: '', groups: ['dev'] });
});
