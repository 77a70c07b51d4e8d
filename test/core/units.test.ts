import test from 'ava';
import fc from 'fast-check';
import { z } from 'zod';
import { duration, formatBytes, formatDuration, parseDuration, parseSize, size } from '../../src/core/units.ts';
import { holds } from '../support/property.ts';

test('reads sizes by 1024 and by 1000', (t) => {
  t.is(parseSize('64MiB'), 64 * 1024 * 1024);
  t.is(parseSize('1GiB'), 1024 ** 3);
  t.is(parseSize('2TiB'), 2 * 1024 ** 4);
  t.is(parseSize('512KiB'), 512 * 1024);
  t.is(parseSize('100MB'), 100_000_000);
  t.is(parseSize('5kB'), 5000);
  t.is(parseSize('1024'), 1024);
  t.is(parseSize('1024B'), 1024);
  t.is(parseSize(7), 7);
});

test('refuses what is only nearly a size', (t) => {
  for (const text of [
    '',
    '64M',
    '64mib',
    '64 MiB',
    ' 64MiB',
    '1.5GiB',
    '-1',
    '12abc',
    '1e3',
    '0x10',
    '64MiB\n',
    'MiB',
  ]) {
    t.is(parseSize(text), undefined, text);
  }
  t.is(parseSize(1.5), undefined);
  t.is(parseSize(-1), undefined);
  t.is(parseSize('99999999TiB'), undefined);
});

test('reads durations with one unit and with several', (t) => {
  t.is(parseDuration('250ms'), 250);
  t.is(parseDuration('30s'), 30_000);
  t.is(parseDuration('5m'), 300_000);
  t.is(parseDuration('1h'), 3_600_000);
  t.is(parseDuration('1h30m'), 5_400_000);
  t.is(parseDuration('7d'), 604_800_000);
  t.is(parseDuration('1m5ms'), 60_005);
  t.is(parseDuration('0s'), 0);
  t.is(parseDuration(0), 0);
});

test('refuses what is only nearly a duration', (t) => {
  for (const text of ['', '30', '1.5h', '30 s', '30S', '30m1h', '1h1h', 's', '-1s', '30s ', '1w', '1s\n', 'h30m']) {
    t.is(parseDuration(text), undefined, text);
  }
  t.is(parseDuration(30), undefined);
});

test('formats to text that reads back as the same number', async (t) => {
  const property = fc.property(fc.maxSafeNat(), (value) => {
    t.is(parseSize(formatBytes(value)), value);
    t.is(parseDuration(formatDuration(value)), value);
  });
  await holds(t, property);
  t.is(formatBytes(4 * 1024 * 1024), '4MiB');
  t.is(formatBytes(100_000_000), '100MB');
  t.is(formatBytes(1536), '1536B');
  t.is(formatBytes(0), '0B');
  t.is(formatDuration(5_400_000), '1h30m');
  t.is(formatDuration(250), '250ms');
  t.is(formatDuration(0), '0s');
});

function patternOf(schema: z.ZodType): RegExp {
  const { anyOf } = z.toJSONSchema(schema, { io: 'input' });
  return new RegExp(anyOf?.[0] && typeof anyOf[0] === 'object' ? (anyOf[0].pattern ?? '') : '', 'u');
}

const sizeText = textOf('1', '20', 'K', 'M', 'G', 'iB', 'B', 'kB', ' ', '.', '-');
const durationText = textOf('1', '20', 'ms', 's', 'm', 'h', 'd', ' ', '.', '-');

function textOf(...parts: readonly string[]): fc.Arbitrary<string> {
  return fc.array(fc.constantFrom(...parts), { maxLength: 6 }).map((chosen) => chosen.join(''));
}

test('the JSON Schema patterns accept exactly what the parsers accept', async (t) => {
  const [sizePattern, durationPattern] = [patternOf(size()), patternOf(duration())];
  const property = fc.property(fc.oneof(sizeText, durationText), (written) => {
    t.is(sizePattern.test(written), parseSize(written) !== undefined, written);
    t.is(durationPattern.test(written), parseDuration(written) !== undefined, written);
  });
  await holds(t, property, { runs: 2000 });
});

test('with limits they accept all that is within, and nothing that is too small or has a number beyond them', async (t) => {
  const limit = fc.nat({ max: 200_000_000 });
  const number = fc.oneof(fc.nat({ max: 100 }), limit).map(String);
  const written = fc.oneof(
    fc
      .tuple(number, fc.constantFrom('', 'B', 'kB', 'KiB', 'MB', 'MiB'))
      .map((parts) => ['size', parts.join('')] as const),
    fc.tuple(number, fc.constantFrom('ms', 's', 'm', 'h', 'd')).map((parts) => ['duration', parts.join('')] as const),
  );
  const property = fc.property(limit, written, fc.constantFrom(0, 1), (max, [kind, text], min) => {
    const schema = kind === 'size' ? size({ min, max }) : duration({ min, max });
    t.is(patternOf(schema).test(text), schema.safeParse(text).success, `${text}, ${min} to ${max}`);
  });
  await holds(t, property, { runs: 1000 });
  t.true(patternOf(duration({ max: 5000 })).test('4s1000ms'));
  t.true(patternOf(duration({ max: 5000 })).test('0h0m5s'));
  t.false(patternOf(duration({ max: 5000 })).test('1m'));
});

test('a schema turns text into a number and keeps its default in the JSON Schema', (t) => {
  const schema = z.strictObject({ max: size().prefault('64MiB'), wait: duration().prefault('1h30m') });
  t.deepEqual(schema.parse({}), { max: 64 * 1024 * 1024, wait: 5_400_000 });
  t.deepEqual(schema.parse({ max: 10, wait: '1s' }), { max: 10, wait: 1000 });
  const { properties } = z.toJSONSchema(schema, { io: 'input' });
  t.like(properties, { max: { default: '64MiB' }, wait: { default: '1h30m' } });
});

test('says what is wrong with a size or a duration, and what to write', (t) => {
  const message = (schema: z.ZodType, value: unknown) =>
    schema.safeParse(value).error?.issues[0]?.message ?? 'accepted';
  t.regex(message(size(), '64M'), /^"64M" is not a size, .* such as 64MiB$/);
  t.regex(message(size(), true), /^true is not a size/);
  t.regex(message(size(), -1), /-1 is not a size/);
  t.regex(message(duration(), 30), /^30 is not a duration, .* such as 30s/);
  t.regex(message(duration(), '30 s'), /^"30 s" is not a duration/);
  t.is(message(size({ min: 1024 }), '1B'), 'must be at least 1KiB');
  t.is(message(duration({ max: 5000 }), '1m'), 'must be at most 5s');
  t.regex(message(size(), '99999999TiB'), /too large to count/);
  t.is(message(duration({ max: 5000, because: 'it is kept' }), '6s'), 'must be at most 5s, it is kept');
});
