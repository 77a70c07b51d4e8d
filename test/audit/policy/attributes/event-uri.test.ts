import test from 'ava';
import { eventOf } from '../../../../src/audit/bytes-event.ts';
import { BytesHead } from '../../../../src/audit/head.ts';
import { SLOTS } from '../../../../src/audit/member-table.ts';
import { uriOf } from '../../../../src/audit/policy/attributes/event-uri.ts';
import type { RequestUri } from '../../../../src/audit/request-uri.ts';

/** The URI of an event whose requestURI is written as this JSON. */
function uri(json: string, verb: string): RequestUri {
  const { head } = eventOf(`{"kind":"Event","requestURI":${json},"verb":"${verb}"}`);
  if (!(head instanceof BytesHead)) throw new Error('no head over bytes');
  return uriOf(head, verb);
}

test('the path is decoded', (t) => {
  t.is(uri('"/api/v1/pods"', 'get').path, '/api/v1/pods');
  t.is(uri('"/caf%C3%A9/é?x"', 'get').path, '/café/é');
  t.is(uri('"\\u002fa\\/b?x"', 'get').path, '/a/b');
  t.is(uri('"http://host/a?x"', 'get').path, '/a');
  t.is(uri('"*"', 'get').path, '*');
  t.is(uri('""', 'get').path, '');
  t.is(uri('17', 'get').path, '');
});

test('a query is kept where it may name an object, however it is written', (t) => {
  for (const [json, query] of [
    ['"/a?limit=5\\u0026fieldSelector=metadata.name=x"', 'limit=5&fieldSelector=metadata.name=x'],
    ['"/a?field%53elector=metadata.name%3Dx"', 'field%53elector=metadata.name%3Dx'],
    ['"/a?\\u0066ieldSelector=metadata.name=x"', 'fieldSelector=metadata.name=x'],
    ['"/a%20?fieldSelector=metadata.name=x"', 'fieldSelector=metadata.name=x'],
  ] as const) {
    t.is(uri(json, 'list').query, query);
    t.is(uri(json, 'watch').query, query);
  }
});

test('a query is left out where it names nothing', (t) => {
  t.is(uri('"/a?limit=5\\u0026resourceVersion=0"', 'list').query, '');
  t.is(uri('"/a?fieldSelector=metadata.name=x"', 'get').query, '');
});

test('an event without a URI has none, whatever lies at the beginning of its chunk', (t) => {
  const chunk = Buffer.from('"/torn"\n{"kind":"Event","verb":"list"}');
  const head = new BytesHead(
    { chunk, table: new Int32Array(SLOTS) },
    { slot: 0, start: chunk.indexOf('{'), end: chunk.length },
  );
  t.deepEqual(uriOf(head, 'list'), { path: '', query: '' });
});
