import test from 'ava';
import fc from 'fast-check';
import { z } from 'zod';
import { duration, formatBytes, formatDuration, parseDuration, parseSize, size } from '../../src/core/units.ts';

const seed = 20_261;

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

test('formats to text that reads back as the same number', (t) => {
  fc.assert(
    fc.property(fc.maxSafeNat(), (value) => {
      return parseSize(formatBytes(value)) === value && parseDuration(formatDuration(value)) === value;
    }),
    { seed },
  );
  t.is(formatBytes(4 * 1024 * 1024), '4MiB');
  t.is(formatBytes(100_000_000), '100MB');
  t.is(formatBytes(1536), '1536B');
  t.is(formatBytes(0), '0B');
  t.is(formatDuration(5_400_000), '1h30m');
  t.is(formatDuration(250), '250ms');
  t.is(formatDuration(0), '0s');
});

test('the JSON Schema patterns accept exactly what the parsers accept', (t) => {
  const patternOf = (schema: z.ZodType): RegExp => {
    const { anyOf } = z.toJSONSchema(schema, { io: 'input' });
    return new RegExp(anyOf?.[0] && typeof anyOf[0] === 'object' ? (anyOf[0].pattern ?? '') : '', 'u');
  };
  const [sizePattern, durationPattern] = [patternOf(size()), patternOf(duration())];
  const text = fc.array(
    fc.constantFrom('1', '20', 'ms', 's', 'm', 'h', 'd', 'K', 'M', 'iB', 'B', 'kB', ' ', '.', '-'),
    {
      maxLength: 6,
    },
  );
  fc.assert(
    fc.property(text, (parts) => {
      const written = parts.join('');
      t.is(sizePattern.test(written), parseSize(written) !== undefined, written);
      t.is(durationPattern.test(written), parseDuration(written) !== undefined, written);
    }),
    { seed, numRuns: 2000 },
  );
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
});
