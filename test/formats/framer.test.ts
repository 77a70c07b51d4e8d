import test from 'ava';
import fc from 'fast-check';
import { Framer } from '../../src/formats/framer.ts';
import { type Found, foundIn } from '../sources/found.ts';
import {
  largeInput,
  mixedInput,
  pretty,
  REAL_EVENTS,
  readSizes,
  reads,
  unwrappedInput,
} from '../sources/mixed-input.ts';
import { holds } from '../support/property.ts';

interface Reading {
  readonly found: readonly Found[];
  readonly truncated: number;
  readonly consumed: number;
}

interface How {
  readonly maxEventBytes?: number;
  readonly sizes?: readonly number[];
  /** Where in its buffer each read lies. */
  readonly shift?: number;
  /** The last bytes come with the end of the input, not before it. */
  readonly endsWithData?: boolean;
}

/**
 * Reads an input as a source does: what is left over comes again in front of the next read, in another buffer. Of what
 * was refused every byte counts here, white space too.
 */
function frame(
  input: Buffer | string,
  { maxEventBytes = 1 << 20, sizes = [1 << 30], shift = 0, endsWithData = false }: How = {},
): Reading {
  const framer = new Framer('in', { maxEventBytes });
  const found: Found[] = [];
  let left = Buffer.alloc(0);
  const take = (read: Buffer, last: boolean) => {
    const chunk = Buffer.concat([Buffer.alloc(shift, '{'), left, read, Buffer.from('}\n{"')]);
    const end = chunk.length - 4;
    const { events, rest, more } = framer.frame(chunk, shift, end, { last });
    found.push(...events.map((event) => ({ ...foundIn(event), text: event.raw.toString('latin1') })));
    left = Buffer.from(chunk.subarray(rest, end));
    chunk.fill(0xff);
    if (more) take(Buffer.alloc(0), last);
  };
  const all = [...reads(Buffer.from(input as string), sizes)];
  const withEnd = endsWithData ? all.pop() : undefined;
  for (const read of all) take(read, false);
  take(withEnd ?? Buffer.alloc(0), true);
  return { found, truncated: framer.truncated, consumed: framer.offset + left.length };
}

const how = fc.record({ sizes: readSizes, shift: fc.nat({ max: 9 }), endsWithData: fc.boolean() });

test('finds the same in an input, however it is cut into reads', async (t) => {
  const property = fc.property(mixedInput, how, (input, how) => {
    t.deepEqual(frame(input, how), frame(input));
  });
  await holds(t, property, { runs: 120 });
});

test('finds the same in an input with oversize records, however it is cut into reads', async (t) => {
  const limit = fc.integer({ min: 1500, max: 6000 });
  const property = fc.property(largeInput, how, limit, (input, how, maxEventBytes) => {
    t.deepEqual(frame(input, { ...how, maxEventBytes }), frame(input, { maxEventBytes }));
  });
  await holds(t, property, { runs: 60 });
});

test('gives out every byte in exactly one record or fault, but for white space, NULs and a byte order mark', async (t) => {
  const essence = (text: string) => text.replaceAll(/[ \t\r\n\0]+/g, '');
  const property = fc.property(unwrappedInput, readSizes, (input, sizes) => {
    const { found, consumed } = frame(input, { sizes });
    const expected = input.toString('latin1').replace(/^\xef\xbb\xbf/, '');
    t.is(essence(found.map(({ text }) => text).join('')), essence(expected));
    t.is(consumed, input.length);
  });
  await holds(t, property, { runs: 100 });
});

test('finds each event of a log, with its line and its place in the input', async (t) => {
  const lines = fc.array(fc.tuple(fc.constantFrom(...REAL_EVENTS), fc.constantFrom('\n', '\r\n', '\n\n', '\n\0\0')));
  const property = fc.property(lines, readSizes, fc.constantFrom('', '\ufeff', '\0\0'), (lines, sizes, first) => {
    let offset = Buffer.byteLength(first);
    let line = 1;
    const expected = lines.map(([text, gap]) => {
      const found = { text: Buffer.from(text).toString('latin1'), line, offset, labels: {}, fault: undefined };
      offset += Buffer.byteLength(text + gap);
      line += gap.split('\n').length - 1;
      return found;
    });
    t.deepEqual(frame(first + lines.flat().join(''), { sizes }).found, expected);
  });
  await holds(t, property, { runs: 30 });
});

const texts = (input: Buffer | string, how?: How) => frame(input, how).found.map(({ text }) => text);
const places = (input: Buffer | string, how?: How) =>
  frame(input, how).found.map(({ line, offset, fault }) => `${line} ${offset} ${fault?.split(':')[0] ?? 'ok'}`);
const A = '{"kind":"Event","apiVersion":"audit.k8s.io/v1","auditID":"a"}';
const TIME = '2026-11-21T05:58:06.14698Z';
const B = '{"kind":"Event","apiVersion":"audit.k8s.io/v1","auditID":"b"}';

test('parts records that were glued together in one line', (t) => {
  t.deepEqual(places(`${A}${B}\n${B} \t${A}\0\0\n`), ['1 0 ok', '1 61 ok', '2 123 ok', '2 186 ok']);
  t.deepEqual(texts(`${A}${B}\n`), [A, B]);
});

test('finds the next event behind a torn one, in the same line and in the next', (t) => {
  t.deepEqual(places(`${A.slice(0, 50)}${B}\n${A}\n`), ['1 0 torn-line', '1 50 ok', '2 112 ok']);
  t.deepEqual(places(`${A.slice(0, 50)}\n${B}\n${A}\n`), ['1 0 not-json', '2 51 ok', '3 113 ok']);
});

test('whose an object behind a torn line is does not depend on the reads', (t) => {
  const wrapped = JSON.stringify({ log: `${A}\n`, stream: 'stdout', time: TIME });
  for (const lines of [
    [wrapped, B],
    [B, '', ' ', wrapped],
    [B, '}', A],
    [B, ',"b":1}', A],
    [A, B, '{'],
  ]) {
    const input = `{"a":\n${lines.join('\r\n')}\n`;
    for (const sizes of [[1], [7], [62, 1]]) t.deepEqual(frame(input, { sizes }), frame(input));
  }
  t.deepEqual(texts(`{"a":\n${wrapped}\n${B}\n`, { sizes: [1] }), ['{"a":', A, B]);
  t.deepEqual(
    places(`{"a":\n${wrapped}\n`),
    ['1 0 not-json', '2 6 ok'].map((place) => place.replace('not-json', 'torn-line')),
  );
  t.deepEqual(places(`{"a":\n${A}\n${B}\n`, { sizes: [1] }), ['1 0 not-json', '2 6 ok', '3 68 ok']);
  t.deepEqual(texts(`{"a":\n${A}\n}\n${B}\n`, { sizes: [1] }), [`{"a":${A}}`, B]);
});

test('NULs in front of a record do not count towards its length', (t) => {
  const input = `${A}\n${'\0'.repeat(5000)}${B}\n`;
  t.deepEqual(places(input, { maxEventBytes: 100, sizes: [700] }), ['1 0 ok', '2 5062 ok']);
});

test('finds the records that are no UTF-8, and leaves their neighbours alone', (t) => {
  const odd = A.replace('"a"', '"\u00ff"');
  const input = Buffer.from(`${A}\n${odd}\n${B}${odd}\n`, 'latin1');
  const framer = new Framer('in', { maxEventBytes: 1000 });
  const { events } = framer.frame(input, 0, input.length, { last: true });
  const codes = events.map((event) => event.check()?.code ?? 'none');
  t.deepEqual(codes, ['none', 'invalid-utf8', 'none', 'invalid-utf8']);
});

test('finds a record that is no UTF-8 also among many', (t) => {
  const odd = A.replace('"a"', '"\u00ff"');
  for (const at of [0, 15, 16, 17, 39]) {
    const lines = Array.from({ length: 40 }, (_, index) => (index === at ? odd : A));
    const input = Buffer.from(lines.join('\n'), 'latin1');
    const { events } = new Framer('in', { maxEventBytes: 1000 }).frame(input, 0, input.length, { last: true });
    t.deepEqual(
      events.flatMap((event, index) => (event.check() === undefined ? [] : [index])),
      [at],
    );
  }
});

test('gives a document the line and the place at which it begins', (t) => {
  const document = pretty(A);
  const lines = document.split('\n').length;
  const input = `${A}\n \n${document}\n${B}\n${document}${A}\n`;
  const behind = 64 + document.length + 1;
  t.deepEqual(texts(input), [A, A, B, A, A]);
  t.deepEqual(places(input), [
    '1 0 ok',
    '3 64 ok',
    `${3 + lines} ${behind} ok`,
    `${4 + lines} ${behind + 62} ok`,
    `${3 + 2 * lines} ${behind + 62 + document.length} ok`,
  ]);
});

test('takes the last line also without a newline, and calls it torn where it ends in the middle', (t) => {
  t.deepEqual(places(`${A}\n${B}`), ['1 0 ok', '2 62 ok']);
  t.deepEqual(places(`${A}\n${B.slice(0, 30)}`), ['1 0 ok', '2 62 torn-line']);
  t.deepEqual(places(''), []);
  t.deepEqual(places('\ufeff\n\0\n \r\n'), []);
});

test('does not take a byte order mark in the midst of an input for one', (t) => {
  t.deepEqual(places(`\ufeff${A}\n\ufeff${B}\n`), ['1 3 ok', '2 65 torn-line', '2 68 ok']);
});

test('unwraps the lines of a container log and joins their pieces, each stream by itself', (t) => {
  const docker = (log: string) => JSON.stringify({ log, stream: 'stdout', time: TIME });
  const lines = [
    `${TIME} stdout P ${A.slice(0, 20)}`,
    `${TIME} stderr F ${B}`,
    `${TIME} stdout P ${A.slice(20, 21)}`,
    `${TIME} stdout F ${A.slice(21)}`,
    docker(B.slice(0, 9)),
    docker(`${B.slice(9)}\n`),
    A,
  ];
  t.deepEqual(texts(lines.join('\n')), [B, A, B, A]);
  const begin = (line: number) => lines.slice(0, line - 1).join('\n').length + (line > 1 ? 1 : 0);
  const prefix = `${TIME} stderr F `.length;
  t.deepEqual(places(lines.join('\n')), [
    `2 ${begin(2) + prefix} ok`,
    `4 ${begin(4)} ok`,
    `6 ${begin(6)} ok`,
    `7 ${begin(7)} ok`,
  ]);
});

test('a wrapped line is a whole record or a fault, and one that never ends is torn', (t) => {
  const input = `${TIME} stdout F {"a":\n${TIME} stdout F 1}\n${TIME} stdout P ${A}\n`;
  t.deepEqual(texts(input), ['{"a":', '1}', A]);
  t.deepEqual(
    places(input).map((place) => place.split(' ')[2]),
    ['torn-line', 'not-json', 'torn-line'],
  );
});

test('cuts the bodies out of an event that is too long, marks it and counts it', (t) => {
  const body = `{"x":"${'y'.repeat(500)}"}`;
  const long = A.replace('"auditID"', `"requestObject":${body},"auditID"`);
  const cut = A.replace('}', ',"annotations":{"audit.k8s.io/truncated":"true"}}');
  const pieces = [long.slice(0, 200), long.slice(200, 400), long.slice(400)];
  const wrapped = pieces.map((piece, index) => `${TIME} stdout ${index < 2 ? 'P' : 'F'} ${piece}`).join('\n');
  const input = `${A}\n${long}\n${wrapped}\n${pretty(long)}\n${B}`;
  const { found, truncated } = frame(input, { maxEventBytes: 300 });
  t.deepEqual(
    found.map(({ text }) => text),
    [A, cut, cut, cut, B],
  );
  t.deepEqual(
    found.map(({ labels }) => labels.truncated),
    [undefined, 'true', 'true', 'true', undefined],
  );
  t.is(truncated, 3);
});

test('events are views of the bytes that were given, wherever they lie there in one piece', (t) => {
  const chunk = Buffer.from(`${A}\n${TIME} stdout F ${B}\n${A}${B}\n${pretty(A)}\n`);
  const { events } = new Framer('in', { maxEventBytes: 1000 }).frame(chunk, 0, chunk.length, { last: true });
  t.deepEqual(
    events.map((event) => event.chunk === chunk),
    [true, true, true, true, false],
  );
});
