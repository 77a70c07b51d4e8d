import test from 'ava';
import fc from 'fast-check';
import { type RequestInfo, requestInfo } from '../../src/audit/request-info.ts';
import { policyCases } from '../support/policy-fixtures.ts';
import { holds } from '../support/property.ts';
import { requestURIs } from '../support/uri-arbitrary.ts';

interface UriCase {
  readonly requestURI: string;
  readonly verb: string;
  readonly info: RequestInfo;
}

/** Where a request goes, in one line: group/version namespace resource/subresource name. */
function target(requestURI: string, verb = 'get'): string {
  const info = requestInfo(requestURI, verb);
  const { isResourceRequest, path, namespace, apiGroup, apiVersion, resource, subresource, name } = info;
  return isResourceRequest
    ? `${apiGroup}/${apiVersion} ns=${namespace} ${resource}/${subresource} name=${name}`
    : `path ${path}`;
}

test('reads URIs as upstream does', (t) => {
  const cases = policyCases<UriCase>('request-info');
  t.true(cases.length > 2000);
  for (const { requestURI, verb, info } of cases) t.deepEqual(requestInfo(requestURI, verb), info, requestURI);
});

test('a request is about a resource if something follows the version', (t) => {
  t.is(target('/api/v1/pods'), '/v1 ns= pods/ name=');
  t.is(target('/apis/apps/v1/deployments'), 'apps/v1 ns= deployments/ name=');
  t.is(target('/apis/no.such/v9/things/x'), 'no.such/v9 ns= things/ name=x');
  for (const path of [
    '/api/v1',
    '/api/v1/',
    '/apis/apps/v1',
    '/apis/apps',
    '/api',
    '/',
    '',
    '/healthz',
    '/API/v1/pods',
  ]) {
    t.is(target(path), `path ${path}`);
  }
});

test('a namespace is a name too where the request is about the Namespace itself', (t) => {
  t.is(target('/api/v1/namespaces'), '/v1 ns= namespaces/ name=');
  t.is(target('/api/v1/namespaces/foo'), '/v1 ns=foo namespaces/ name=foo');
  t.is(target('/api/v1/namespaces/foo/status'), '/v1 ns=foo namespaces/status name=foo');
  t.is(target('/api/v1/namespaces/foo/finalize'), '/v1 ns=foo namespaces/finalize name=foo');
  t.is(target('/api/v1/namespaces/foo/pods'), '/v1 ns=foo pods/ name=');
  t.is(target('/api/v1/namespaces/foo/pods/p/log/more/of/it'), '/v1 ns=foo pods/log name=p');
  t.is(target('/api/v1/namespaces/foo/status/x'), '/v1 ns=foo namespaces/status name=foo');
});

test('escapes are decoded before the path is split', (t) => {
  t.is(target('/api/v1/pods/a%2Fb'), '/v1 ns= pods/b name=a');
  t.is(target('/api/v1/p%6Fds/p%31'), '/v1 ns= pods/ name=p1');
  t.is(target('/health%7A'), 'path /healthz');
  t.is(target('/%61pi/v1/pods'), '/v1 ns= pods/ name=');
});

test('empty parts count, slashes at either end do not', (t) => {
  t.is(target('/api/v1/namespaces/t1//pods'), '/v1 ns=t1 / name=pods');
  t.is(target('/api/v1/pods/x/'), '/v1 ns= pods/ name=x');
  t.is(target('//api/v1/pods//'), '/v1 ns= pods/ name=');
  t.is(target('/api//v1/pods'), '/ ns= v1/ name=pods');
});

test('the old prefixes stand in front of the resource, and proxy has no subresource', (t) => {
  t.is(target('/api/v1/watch/pods', 'watch'), '/v1 ns= pods/ name=');
  t.is(target('/api/v1/watch/namespaces/foo/pods/p', 'watch'), '/v1 ns=foo pods/ name=p');
  t.is(target('/api/v1/proxy/namespaces/foo/pods/p/a/b', 'proxy'), '/v1 ns=foo pods/ name=p');
  t.is(target('/api/v1/watch', 'watch'), '/v1 ns= / name=');
  t.is(
    target('/apis/apps/v1/watch/namespaces/n/deployments/d/scale/x', 'watch'),
    'apps/v1 ns=n deployments/scale name=d',
  );
});

test('a list or watch has the name that its field selector asks for', (t) => {
  const named = '/api/v1/pods?fieldSelector=metadata.name%3Dp1';
  t.is(target(named, 'list'), '/v1 ns= pods/ name=p1');
  t.is(target(named, 'watch'), '/v1 ns= pods/ name=p1');
  t.is(target(named, 'deletecollection'), '/v1 ns= pods/ name=');
  t.is(target('/api/v1/pods/p0?fieldSelector=metadata.name%3Dp1', 'get'), '/v1 ns= pods/ name=p0');
  t.is(target('/api/v1/watch/pods?fieldSelector=metadata.name%3Dp1', 'watch'), '/v1 ns= pods/ name=');
  t.is(target('/version?fieldSelector=metadata.name%3Dp1', 'list'), 'path /version');
});

test('every text is answered', async (t) => {
  await holds(
    t,
    fc.property(requestURIs, fc.constantFrom('list', 'get', ''), (uri, verb) => {
      const info = requestInfo(uri, verb);
      if (!info.isResourceRequest && info.name + info.resource + info.namespace !== '')
        throw new Error('a name without a resource');
    }),
    { runs: 1000 },
  );
});

test('hostile URIs of a megabyte take no time to speak of', (t) => {
  const many = (text: string) => text.repeat(1_000_000 / text.length);
  const name = 'fieldSelector=metadata.name%3Dx';
  const before = performance.now();
  for (const uri of [
    many('/'),
    `/api/v1/${many('%2f')}`,
    `/api/v1/${many('%ff')}`,
    `/api/v1/pods?${name}&labelSelector=${many('a,')}a`,
    `/api/v1/pods?${name}&labelSelector=a+in+(${many(',')})`,
    `/api/v1/pods?${name}&labelSelector=${many('(')}`,
    `/api/v1/pods?${name}&limit=${many('0')}1`,
    `/api/v1/pods?${many('&')}${name}`,
    `/api/v1/pods?fieldSelector=${many('a=b,')}${name.slice(14)}`,
    `/api/v1/pods?fieldSelector=metadata.name=${many('\\\\')}`,
  ]) {
    requestInfo(uri, 'list');
  }
  t.true(performance.now() - before < 5000);
});
