import { gzipSync } from 'node:zlib';
import test from 'ava';
import fc from 'fast-check';
import { headerFault, headerLength, isGzip, MAX_HEADER_BYTES } from '../../../../src/sources/input/gzip/header.ts';
import { holds } from '../../../support/property.ts';
import { headerWith } from './damage.ts';

test('knows packed data by its first two bytes', (t) => {
  t.true(isGzip(gzipSync('')));
  for (const text of ['', '\x1f', '\x1f\x8a', '{"', '\x8b\x1f']) t.false(isGzip(Buffer.from(text, 'latin1')));
});

test('knows where a header ends, whatever it holds, and not before it is whole', async (t) => {
  const text = fc.string({ unit: fc.constantFrom('a', 'ü'), maxLength: 9 });
  const parts = fc.record(
    { extra: fc.uint8Array({ maxLength: 20 }), name: text, comment: text, checksum: fc.constant(true) },
    { requiredKeys: [] },
  );
  await holds(
    t,
    fc.property(parts, fc.uint8Array({ maxLength: 5 }), (parts, behind) => {
      const header = headerWith(parts);
      t.is(headerLength(Buffer.concat([header, behind])), header.length);
      t.is(headerFault(header), undefined);
      for (let length = 0; length < header.length; length++) t.is(headerLength(header.subarray(0, length)), undefined);
    }),
    { runs: 100 },
  );
});

test('says what is wrong with a header as soon as it can be seen', (t) => {
  const header = headerWith({});
  for (const [at, byte, fault] of [
    [2, 7, 'unknown compression method'],
    [3, 0x20, 'unknown header flags'],
    [3, 0x80, 'unknown header flags'],
  ] as const) {
    const wrong = Buffer.from(header.subarray(0, at + 1));
    wrong[at] = byte;
    t.is(headerFault(wrong), fault);
    t.is(headerFault(wrong.subarray(0, at)), undefined);
  }
  t.is(headerFault(headerWith({ name: 'x'.repeat(MAX_HEADER_BYTES) })), 'a header that does not end');
});
