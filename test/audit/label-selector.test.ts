import test from 'ava';
import { isLabelSelector } from '../../src/audit/label-selector.ts';

const long = (length: number) => 'a'.repeat(length);

test('accepts what kube-apiserver accepts', (t) => {
  for (const selector of [
    ...[
      '',
      ' ',
      'a',
      '!a',
      'a=b',
      'a==b',
      'a!=b',
      'a=',
      'a=,b',
      'a = b',
      '\ta\r\n',
      'a,!b,c=d,e in (f)',
      'a>5',
      'a<05',
    ],
    ...['a in (b)', 'a notin (b,c)', 'a in ()', 'a in (,)', 'a in (b,,c)', 'in in (in)', 'a=in', 'notin', 'a in(b),c'],
    ...['x.y/z', 'x-1.y/Z_.-9', '1/2', `${long(253)}/a`, long(63), `a=${long(63)}`, 'a\0', '\0((', 'a=\0b', 'a=b\0'],
  ]) {
    t.true(isLabelSelector(selector), selector);
  }
});

test('refuses what kube-apiserver refuses', (t) => {
  for (const selector of [
    ...['a,', ',a', 'a,,b', 'a b', 'a=b c', '!', '!!a', '!a=b', 'a===b', 'a>=5', 'a=!b', 'a!', '=', '(', 'a(', 'a in'],
    ...['a in b', 'a in (b', 'a in (b c)', 'a in ((b))', 'a in (=)', 'a in b)', 'a>b', 'a>', 'a>-5', 'a\0b'],
    ...['-a', 'a-', 'a/b/c', '/a', 'a/', 'X/a', 'a..b/c', 'a.-b/c', 'a_b/c', 'é', 'a=\xe9', 'a=-', `${long(254)}/a`],
    ...[long(64), `a=${long(64)}`, `a in (${long(64)})`, 'a>9223372036854775808'],
  ]) {
    t.false(isLabelSelector(selector), selector);
  }
});
