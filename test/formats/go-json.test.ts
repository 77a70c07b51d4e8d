import test from 'ava';
import fc from 'fast-check';
import { goEscape } from '../../src/formats/go-json.ts';
import { holds } from '../support/property.ts';

test('writes the escapes that Go writes', (t) => {
  t.is(goEscape('a"b\\c/'), String.raw`a\"b\\c/`);
  t.is(goEscape('<a href="x">&\u2028\u2029'), String.raw`\u003ca href=\"x\"\u003e\u0026\u2028\u2029`);
  t.is(goEscape('\b\f\n\r\t\0\x1b\x1f'), String.raw`\b\f\n\r\t\u0000\u001b\u001f`);
  t.is(goEscape('\x7fé😀\u2027\u202a'), '\x7fé😀\u2027\u202a');
  t.is(goEscape('\ud800a\udc00'), '\ufffda\ufffd');
});

test('writes what JSON.parse reads back', async (t) => {
  const property = fc.property(fc.string({ unit: 'binary' }), (text) => {
    t.is(JSON.parse(`"${goEscape(text)}"`), text.toWellFormed());
  });
  await holds(t, property, { runs: 1000 });
});
