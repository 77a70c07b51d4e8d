import test from 'ava';
import fc from 'fast-check';
import { splitUri, textOfBytes, unescapeQuery } from '../../src/audit/request-uri.ts';
import { holds } from '../support/property.ts';

test('a URI is cut at its first question mark', (t) => {
  t.deepEqual(splitUri('/a/b?c=d?e'), { path: '/a/b', query: 'c=d?e' });
  t.deepEqual(splitUri('/a?'), { path: '/a', query: '' });
  t.deepEqual(splitUri('/a'), { path: '/a', query: '' });
  t.deepEqual(splitUri(''), { path: '', query: '' });
  t.deepEqual(splitUri('/a%3Fb'), { path: '/a?b', query: '' });
});

test('nothing is normalised', (t) => {
  for (const path of ['//a/', '/a/../b/.', '/a;b', '/a#b', '/a:b@c', '*', '/a+b', '/A'])
    t.is(splitUri(path).path, path);
});

test('escapes of the path are decoded, broken ones stand for themselves', (t) => {
  t.is(splitUri('/%61%2Fb%20c+d').path, '/a/b c+d');
  t.is(splitUri('/caf%C3%A9/é%E2%82%AC').path, '/café/é€');
  t.is(splitUri('/%zz%4/%').path, '/%zz%4/%');
});

test('each byte that is not UTF-8 is one replacement character', (t) => {
  t.is(splitUri('/%ff%FE').path, '/\ufffd\ufffd');
  t.is(splitUri('/%E2%82x').path, '/\ufffd\ufffdx');
  t.is(splitUri('/%ED%A0%80').path, '/\ufffd\ufffd\ufffd');
  t.is(splitUri('/%C0%80%F4%90%80%80').path, `/${'\ufffd'.repeat(6)}`);
  t.is(splitUri('/%F0%9F%98%80%EF%BF%BD%F0%9F').path, '/😀\ufffd\ufffd\ufffd');
});

test('a full URL has the path behind its host, an opaque URI has none', (t) => {
  t.is(splitUri('http://user@host:80/api/v1?x').path, '/api/v1');
  t.is(splitUri('http://host').path, '');
  t.is(splitUri('http://host?a=/b').path, '');
  t.is(splitUri('x+1.-:/a').path, '/a');
  for (const uri of ['mailto:someone', 'a/b', '1a:/b', ':/a', 'é:/a', '?a']) t.is(splitUri(uri).path, '');
});

test('a part of a query is unescaped to bytes, or not at all', (t) => {
  t.is(unescapeQuery('a+b%20c'), 'a b c');
  t.is(unescapeQuery('%C3%A9é'), '\xc3\xa9\xc3\xa9');
  t.is(unescapeQuery('%ff'), '\xff');
  for (const broken of ['%', '%4', '%zz', 'a%2']) t.is(unescapeQuery(broken), undefined);
});

test('bytes become text again', (t) => {
  t.is(textOfBytes('a\xc3\xa9\xff'), 'aé\ufffd');
});

test('bytes of any kind are decoded as Go prints them', async (t) => {
  const byte = fc.oneof(
    fc.constantFrom(0x80, 0xbf, 0xc0, 0xc3, 0xe0, 0xe2, 0xed, 0xa0, 0xf0, 0x9f, 0xf4, 0xf8),
    fc.nat(255),
  );
  await holds(
    t,
    fc.property(fc.uint8Array({ maxLength: 12 }), fc.array(byte, { maxLength: 12 }), (some, others) => {
      const bytes = Uint8Array.from([...some, ...others]);
      t.is(
        splitUri(`/${[...bytes].map((one) => `%${one.toString(16).padStart(2, '0')}`).join('')}`).path,
        `/${printed(bytes)}`,
      );
    }),
    { runs: 1000 },
  );
});

/** The longest valid character at each place, or a replacement for one byte. */
function printed(bytes: Uint8Array): string {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  let text = '';
  for (let at = 0; at < bytes.length; ) {
    let length = Math.min(4, bytes.length - at);
    let character: string | undefined;
    while (length > 0 && character === undefined) {
      try {
        const decoded = decoder.decode(bytes.subarray(at, at + length));
        if ([...decoded].length === 1) character = decoded;
        else length--;
      } catch {
        length--;
      }
    }
    text += character ?? '\ufffd';
    at += Math.max(length, 1);
  }
  return text;
}
