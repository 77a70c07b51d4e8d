import { gzipSync } from 'node:zlib';
import test from 'ava';
import fc from 'fast-check';
import { PackedBytes } from '../../../../src/sources/input/gzip/packed-bytes.ts';
import { unpack } from '../../../../src/sources/input/gzip/unpack.ts';
import { holds } from '../../../support/property.ts';
import { REAL_EVENTS, readSizes } from '../../mixed-input.ts';
import { readerOf } from '../readers.ts';
import { gzipped, headerWith, readableOf } from './damage.ts';

interface Outcome {
  readonly output: Buffer;
  readonly error: string | undefined;
}

async function outcomeOf(packed: Buffer, sizes: readonly number[] = [1 << 20]): Promise<Outcome> {
  const output: Buffer[] = [];
  try {
    for await (const bytes of unpack(new PackedBytes(readerOf(packed, { sizes })), 'a.gz')) output.push(bytes);
  } catch (error) {
    return { output: Buffer.concat(output), error: `${(error as { code: string }).code}: ${(error as Error).message}` };
  }
  return { output: Buffer.concat(output), error: undefined };
}

const failure = (what: string) =>
  `source-read: cannot unpack a.gz: ${what}; what could be unpacked was read, get a good copy`;
const cutOff = (at: number) => failure(`cut off at byte ${at}, in the middle of packed data`);

const log = Buffer.from(REAL_EVENTS.join('\n'));
const packedLog = gzipped(log);
const contents = fc.oneof(
  fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
  fc.nat({ max: 1500 }).map((end) => log.subarray(0, end)),
);
const level = fc.constantFrom(0, 1, 6, 9);

test('unpacks one member or several, with NULs between and behind them, however they are read', async (t) => {
  const members = fc.array(fc.tuple(contents, level, fc.constantFrom(0, 0, 1, 500)), { minLength: 1, maxLength: 3 });
  await holds(
    t,
    fc.asyncProperty(members, readSizes, async (members, sizes) => {
      const packed = members.flatMap(([bytes, level, nuls]) => [gzipSync(bytes, { level }), Buffer.alloc(nuls)]);
      const { output, error } = await outcomeOf(Buffer.concat(packed), sizes);
      t.is(error, undefined);
      t.true(output.equals(Buffer.concat(members.map(([bytes]) => bytes))));
    }),
    { runs: 30 },
  );
});

test('unpacks what the program gzip has packed, at every level', async (t) => {
  for (const option of ['-1', '-6', '-9']) {
    const { output, error } = await outcomeOf(gzipped(log, option));
    t.is(error, undefined);
    t.true(output.equals(log));
  }
});

for (const [where, from] of [
  ['in its last 200 bytes', packedLog.length - 200],
  ['in its first 60 bytes', 0],
] as const) {
  test(`gives out all there is of a member that was cut off ${where}, and says where`, async (t) => {
    const until = from === 0 ? 60 : packedLog.length;
    for (let length = from; length < until; length++) {
      const { output, error } = await outcomeOf(packedLog.subarray(0, length));
      t.is(error, cutOff(length));
      t.true(output.equals(readableOf(packedLog.subarray(0, length)).output), `cut off at ${length}`);
    }
  });
}

test('a second member that was cut off costs the first one nothing', async (t) => {
  const first = gzipSync('the first');
  const second = gzipSync('the second');
  for (let length = 2; length < second.length; length++) {
    const { output, error } = await outcomeOf(Buffer.concat([first, second.subarray(0, length)]), [7]);
    t.is(error, cutOff(first.length + length));
    t.is(output.toString(), `the first${readableOf(second.subarray(0, length)).output}`);
  }
});

test('gives out every byte in front of damage, and says at which byte it is', async (t) => {
  const small = gzipped(log.subarray(0, 20_000));
  await holds(
    t,
    fc.asyncProperty(
      fc.constantFrom(small, small, packedLog),
      fc.nat({ max: 1 << 24 }),
      fc.integer({ min: 1, max: 255 }),
      readSizes.filter(([first = 0]) => first > 2),
      async (good, place, change, sizes) => {
        const packed = Buffer.from(good);
        const at = 10 + (place % (packed.length - 18));
        packed[at] = (packed[at] as number) ^ change;
        const { output, faultAt } = readableOf(packed);
        const outcome = await outcomeOf(packed, sizes);
        t.true(outcome.output.equals(output), `${outcome.output.length} bytes instead of ${output.length}`);
        if (faultAt === undefined)
          t.regex(outcome.error ?? '', /: (wrong checksum at|cut off at|no gzip data from) byte/);
        else t.true(outcome.error?.includes(`: damaged at byte ${faultAt} (`), outcome.error);
      },
    ),
    { runs: 40 },
  );
});

test('says so when a checksum or a length is wrong, and reads the members behind it all the same', async (t) => {
  const first = gzipSync('the first');
  for (const at of [8, 4]) {
    const wrong = Buffer.from(first);
    wrong[wrong.length - at] = (wrong[wrong.length - at] as number) ^ 1;
    const { output, error } = await outcomeOf(Buffer.concat([wrong, gzipSync(', the second')]));
    t.is(output.toString(), 'the first, the second');
    t.is(error, failure(`wrong checksum at byte ${first.length - 8}`));

    const both = await outcomeOf(Buffer.concat([wrong, gzipSync('x').subarray(0, -1)]));
    const end = `cut off at byte ${first.length + gzipSync('x').length - 1}, in the middle of packed data`;
    t.is(both.error, failure(`wrong checksum at byte ${first.length - 8}, then ${end}`));
  }
});

test('says what stands behind a member that is no member, and where', async (t) => {
  const first = gzipSync('the first');
  for (const [behind, skipped, shown] of [
    ['garbage that goes on', 0, '67 61 72 62 61 67 65 20'],
    ['\0\0\0x', 3, '78'],
    ['\x1f', 0, '1f'],
    ['\x1f\0', 0, '1f 00'],
  ] as const) {
    for (const sizes of [[1 << 20], [1]]) {
      const { output, error } = await outcomeOf(Buffer.concat([first, Buffer.from(behind, 'latin1')]), sizes);
      t.is(output.toString(), 'the first');
      const expected = failure(`no gzip data from byte ${first.length + skipped} on (${shown})`);
      t.is(error, sizes[0] === 1 ? expected.replace(/\(.*\)/, error?.match(/\(.*\)/)?.[0] ?? '') : expected);
    }
  }
});

test('says what is wrong with a header', async (t) => {
  const packed = Buffer.from('\x1f\x8bnonsense', 'latin1');
  t.is((await outcomeOf(packed)).error, failure('damaged at byte 0 (unknown compression method)'));
  const first = gzipSync('x');
  const { error } = await outcomeOf(Buffer.concat([first, packed]));
  t.is(error, failure(`damaged at byte ${first.length} (unknown compression method)`));
  const header = headerWith({ name: 'audit.log' });
  t.is((await outcomeOf(header.subarray(0, -1))).error, cutOff(header.length - 1));
});
