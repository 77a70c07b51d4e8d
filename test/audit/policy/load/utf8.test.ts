import test from 'ava';
import { utf8Text } from '../../../../src/audit/policy/load/utf8.ts';

test('UTF-8 is read as it is', (t) => {
  t.is(utf8Text(Buffer.from('\ufeffaé\u0800😀\0')), '\ufeffaé\u0800😀\0');
});

test('each byte that is part of no character becomes U+FFFD', (t) => {
  t.is(utf8Text(Uint8Array.of(0x61, 0xe2, 0x82, 0x62)), 'a\ufffd\ufffdb');
  t.is(utf8Text(Uint8Array.of(0xc3, 0xa9, 0xc3)), 'é\ufffd');
  t.is(utf8Text(Uint8Array.of(0xed, 0xa0, 0x80)), '\ufffd'.repeat(3));
  t.is(utf8Text(Uint8Array.of(0xf0, 0x9f, 0x98, 0x80, 0xf4, 0x90, 0x80, 0x80)), `😀${'\ufffd'.repeat(4)}`);
});
