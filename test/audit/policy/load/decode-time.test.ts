import test from 'ava';
import fc from 'fast-check';
import { formatTime, parseTime } from '../../../../src/audit/policy/load/decode-time.ts';
import { holds } from '../../../support/property.ts';

function parse(text: string, micro = false): string | null {
  return formatTime(parseTime(text, { micro }));
}

function refusal(text: string, micro = false): string {
  try {
    parse(text, micro);
  } catch (error) {
    return (error as Error).message;
  }
  return '';
}

test('a time is read whatever its zone and fraction, and written in UTC', async (t) => {
  t.is(parse('2024-02-29T23:59:59Z'), '2024-02-29T23:59:59Z');
  t.is(parse('2024-01-01T00:00:00.999+05:30'), '2023-12-31T18:30:00Z');
  t.is(parse('2024-01-01T1:02:03,5-24:60'), '2024-01-02T02:02:03Z');
  t.is(parse('9999-12-31T23:59:59-01:00'), '10000-01-01T00:59:59Z');
  t.is(parse('0001-01-01T00:00:00Z'), null);
  await holds(
    t,
    fc.property(fc.date({ min: new Date(0), max: new Date(253e12), noInvalidDate: true }), (date) => {
      const text = `${date.toISOString().slice(0, 19)}Z`;
      t.is(parse(text), text);
    }),
  );
});

test('what is none is refused with what was looked for', (t) => {
  const cannot = (text: string, rest: string, element: string) =>
    t.is(
      refusal(text),
      `parsing time "${text}" as "2006-01-02T15:04:05Z07:00": cannot parse "${rest}" as "${element}"`,
    );
  cannot('', '', '2006');
  cannot('24-01-01', '24-01-01', '2006');
  cannot('2024/01', '/01', '-');
  cannot('2024-1-01', '1-01', '01');
  cannot('2024-01-01 00:00:00', ' 00:00:00', 'T');
  cannot('2024-01-01Tx', 'x', '15');
  cannot('2024-01-01T00:00:00', '', 'Z07:00');
  cannot('2024-01-01T00:00:00+0200', '+0200', 'Z07:00');
  cannot('2024-01-01T00:00:00*02:00', '*02:00', 'Z07:00');
});

test('numbers out of range are refused as such', (t) => {
  const out = (text: string, what: string) => t.is(refusal(text), `parsing time "${text}": ${what} out of range`);
  out('2024-13-01T00:00:00Z', 'month');
  out('2023-02-29T00:00:00Z', 'day');
  out('2024-01-01T24:00:00Z', 'hour');
  out('2024-01-01T00:60:00Z', 'minute');
  out('2024-01-01T00:00:60Z', 'second');
  out('2024-01-01T00:00:00+25:00', 'time zone offset hour');
  out('2024-01-01T00:00:00+00:61', 'time zone offset minute');
});

test('what is too much is shown, not as characters but as bytes', (t) => {
  t.is(
    refusal('2024-01-01T00:00:00Z"é'),
    'parsing time "2024-01-01T00:00:00Z\\"\\xc3\\xa9": extra text: "\\"\\xc3\\xa9"',
  );
});

test('with microseconds, there are six decimals', (t) => {
  t.is(parse('2024-01-01T00:00:00.123456Z', true), '2024-01-01T00:00:00Z');
  t.regex(
    refusal('2024-01-01T00:00:00Z', true),
    /as "2006-01-02T15:04:05\.000000Z07:00": cannot parse "Z" as "\.000000"$/,
  );
});
