import test from 'ava';
import { sourceOf } from '../../../../../src/audit/policy/load/yaml/source.ts';

/** How much of the bytes can be read, and what is wrong behind. */
function readable(...parts: readonly (string | readonly number[])[]) {
  const bytes = Buffer.concat(parts.map((part) => Buffer.from(part as string)));
  const { text, limit, problem } = sourceOf(bytes);
  return limit === Infinity ? text.slice(0, -4) : { limit, problem };
}

test('UTF-8 is read, and its mark is left out', (t) => {
  t.is(readable('\ufeffé\u0085😀\ue000'), 'é\u0085😀\ue000');
});

test('UTF-16 is read by its mark', (t) => {
  t.is(readable([...Buffer.from('\ufeffé😀', 'utf16le')]), 'é😀');
  t.is(readable([...Buffer.from('\ufeffé😀', 'utf16le').swap16()]), 'é😀');
});

test('all that is not UTF-8 is a problem', (t) => {
  const problems: readonly (readonly [readonly number[], string])[] = [
    [[0x80, 0x61], 'invalid leading UTF-8 octet'],
    [[0xff], 'invalid leading UTF-8 octet'],
    [[0xc3, 0x28], 'invalid trailing UTF-8 octet'],
    [[0xc0, 0x80], 'invalid length of a UTF-8 sequence'],
    [[0xed, 0xa0, 0x80], 'invalid Unicode character'],
    [[0xf4, 0x90, 0x80, 0x80], 'invalid Unicode character'],
    [[0x00], 'control characters are not allowed'],
    [[0xc2, 0x80], 'control characters are not allowed'],
    [[0xef, 0xbf, 0xbf], 'control characters are not allowed'],
  ];
  for (const [bytes, problem] of problems) t.deepEqual(readable('a', bytes), { limit: 0, problem }, String(bytes));
  t.deepEqual(readable('a', [0xe2, 0x82]), { limit: 1, problem: 'incomplete UTF-8 octet sequence' });
});

test('all that is not UTF-16 is a problem', (t) => {
  const mark = [0xff, 0xfe];
  t.deepEqual(readable(mark, [0x00, 0xdc]), { limit: 0, problem: 'unexpected low surrogate area' });
  t.deepEqual(readable(mark, [0x00, 0xd8, 0x61, 0]), { limit: 0, problem: 'expected low surrogate area' });
  t.deepEqual(readable([0xfe, 0xff, 0xd8]), { limit: 0, problem: 'incomplete UTF-16 character' });
  t.deepEqual(readable(mark, [0x61, 0, 0x62]), { limit: 1, problem: 'incomplete UTF-16 character' });
  t.deepEqual(readable(mark, [0x61, 0, 0x00, 0xd8]), { limit: 1, problem: 'incomplete UTF-16 surrogate pair' });
});

test('what comes in the chunks before a problem can be read', (t) => {
  const problem = 'control characters are not allowed';
  t.deepEqual(readable('a'.repeat(511), [0]), { limit: 0, problem });
  t.deepEqual(readable('a'.repeat(512), [0]), { limit: 512, problem });
  t.deepEqual(readable('a'.repeat(1500), [0]), { limit: 1024, problem });
});

test('a character that does not fit into a chunk begins the next one', (t) => {
  t.deepEqual(readable('a'.repeat(511), 'é', [0]), { limit: 511, problem: 'control characters are not allowed' });
  t.deepEqual(readable('a'.repeat(511), 'é', 'a'.repeat(510), [0]).valueOf(), {
    limit: 1022,
    problem: 'control characters are not allowed',
  });
});
