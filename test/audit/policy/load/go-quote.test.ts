import test from 'ava';
import { quote } from '../../../../src/audit/policy/load/go-quote.ts';

test('what can be printed is shown as it is', (t) => {
  t.is(quote("a é 😀 ` ' ~"), '"a é 😀 ` \' ~"');
});

test('quotes, backslashes and what cannot be printed are escaped', (t) => {
  t.is(quote('"\\\x07\b\f\n\r\t\v'), String.raw`"\"\\\a\b\f\n\r\t\v"`);
  t.is(quote('\0\x1b\x7f'), String.raw`"\x00\x1b\x7f"`);
  t.is(quote('\u00a0\u200b\ufeff\u{e0001}'), String.raw`"\u00a0\u200b\ufeff\U000e0001"`);
});
