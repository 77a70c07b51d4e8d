import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { eventObject } from '../support/event-arbitrary.ts';

const read = (path: string) =>
  readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8')
    .trimEnd()
    .split('\n');

/** Events as kube-apiserver wrote them, a line each. */
export const REAL_EVENTS: readonly string[] = [
  ...read('samples/events/audit.log'),
  ...read('test/fixtures/events.ndjson'),
];

/** Events as they lie in an EventList: without kind and apiVersion. */
export const REAL_ITEMS: readonly string[] = read('samples/events/audit.log').map((line) =>
  line.replace('"kind":"Event","apiVersion":"audit.k8s.io/v1",', ''),
);

const realEvent = fc.constantFrom(...REAL_EVENTS);
const smallEvent = fc
  .tuple(fc.nat({ max: 99 }), fc.nat({ max: 300 }))
  .map(
    ([id, length]) => `{"kind":"Event","apiVersion":"audit.k8s.io/v1","auditID":"${id}","x":"${'x'.repeat(length)}"}`,
  );
const madeEvent = eventObject.map((event) => JSON.stringify(event));

/** One event on one line. */
const eventLine: fc.Arbitrary<string> = fc.oneof(
  { weight: 3, arbitrary: smallEvent },
  { weight: 2, arbitrary: realEvent },
  { weight: 1, arbitrary: madeEvent },
);

const bodies = fc.nat({ max: 6000 }).map((length) => `{"a":["${'y'.repeat(length)}",{"b":1}],"c":"\\"}"}`);
const eventWithBodies = fc
  .tuple(bodies, bodies)
  .map(
    ([request, response]) =>
      `{"kind":"Event","apiVersion":"audit.k8s.io/v1","verb":"create","requestObject":${request},"responseObject":${response},"annotations":{"z":"1"}}`,
  );

const list = fc
  .array(
    fc.oneof(
      fc.constantFrom(...REAL_ITEMS.slice(0, 20)),
      fc.constantFrom('{}', '1', '{"kind":"Pod"}', '{"level":"None"}'),
    ),
    {
      maxLength: 4,
    },
  )
  .map((items) => `{"kind":"EventList","apiVersion":"audit.k8s.io/v1","metadata":{},"items":[${items.join(',')}]}`);

const torn = fc.tuple(eventLine, fc.nat()).map(([line, at]) => Buffer.from(line).subarray(0, at % (line.length + 1)));
const garbage = fc.oneof(
  fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes)),
  fc.string({ unit: fc.constantFrom(...'{}[]",:\\ \n\r\t\0x1\u00e9'), maxLength: 30 }),
  fc.constantFrom(
    'I1121 05:58:06.146980 1 server.go:1] "Starting"',
    '[1,2]',
    '"text"',
    '17',
    '{',
    '}',
    '{"a":',
    '\ufeff',
    '\x1f\x8b',
  ),
);

/** Puts every token on a line of its own, and leaves strings and numbers as they are. */
export function pretty(json: string): string {
  return json.replaceAll(/"(?:[^"\\]|\\.)*"|[{}[\],]/g, (token) => {
    if (token.startsWith('"')) return token;
    return token === ',' ? ',\n  ' : /[{[]/.test(token) ? `${token}\n  ` : `\n${token}`;
  });
}

const TIME = '2026-11-21T05:58:06.14698Z';
const stream = fc.constantFrom('stdout', 'stderr');

function split(text: string, places: readonly number[]): readonly string[] {
  const borders = [0, ...places.map((place) => place % (text.length + 1)).sort((a, b) => a - b), text.length];
  return borders.slice(1).map((border, index) => text.slice(borders[index], border));
}

/** Lines of a container runtime's log that hold one line of text. */
const cri = fc.tuple(eventLine, stream, fc.array(fc.nat(), { maxLength: 3 })).map(([line, name, places]) => {
  const parts = split(line, places);
  return parts.map((part, index) => `${TIME} ${name} ${index < parts.length - 1 ? 'P' : 'F'} ${part}`).join('\n');
});
const docker = fc.tuple(eventLine, stream, fc.array(fc.nat(), { maxLength: 3 })).map(([line, name, places]) =>
  split(`${line}\n`, places)
    .map((part) => JSON.stringify({ log: part, stream: name, time: TIME }))
    .join('\n'),
);
const partial = fc
  .tuple(fc.constantFrom(`${TIME} stdout P `, `${TIME} stderr F `), garbage)
  .map(([head, rest]) => Buffer.concat([Buffer.from(head), Buffer.from(rest)]));

type Text = string | Buffer;
const written = { plain: fc.oneof<fc.Arbitrary<Text>[]>(eventLine, eventWithBodies, list), torn, garbage };

/** How a record is parted from the next one: not at all, too. */
const gap = fc.oneof(
  { weight: 8, arbitrary: fc.constant('\n') },
  { weight: 4, arbitrary: fc.constantFrom('\r\n', '\n\n', '\n\0\0\0', ' \n \n', '\n\t\r\n', '', '\0', ' ') },
);

function joined(pieces: readonly (readonly [Text, string])[], last: string): Buffer {
  const parts = pieces.flatMap(([text, gap]) => [Buffer.from(text as string), Buffer.from(gap)]);
  return Buffer.concat([...parts, Buffer.from(last)]);
}

/** Whatever may stand in a log, in any order, and bytes that may not. */
export const mixedInput: fc.Arbitrary<Buffer> = fc
  .tuple(
    fc.constantFrom('', '', '\ufeff', '\0\0'),
    fc.array(
      fc.tuple(
        fc.oneof<{ weight: number; arbitrary: fc.Arbitrary<Text> }[]>(
          { weight: 5, arbitrary: written.plain },
          { weight: 2, arbitrary: torn },
          { weight: 2, arbitrary: garbage },
          { weight: 1, arbitrary: eventLine.map(pretty) },
          { weight: 1, arbitrary: list.map(pretty) },
          { weight: 1, arbitrary: cri },
          { weight: 1, arbitrary: docker },
          { weight: 1, arbitrary: partial },
        ),
        gap,
      ),
      { maxLength: 12 },
    ),
    fc.constantFrom('', '\n', '{"a":'),
  )
  .map(([first, pieces, last]) => Buffer.concat([Buffer.from(first), joined(pieces, last)]));

/**
 * Records on both sides of a limit of 1500 to 6000 bytes, and nothing that leaves a document open: where a line of a
 * document is longer than the limit, it depends on the reads how much a torn line in front of it costs.
 */
export const largeInput: fc.Arbitrary<Buffer> = fc
  .array(
    fc.tuple(
      fc.oneof<{ weight: number; arbitrary: fc.Arbitrary<Text> }[]>(
        { weight: 5, arbitrary: written.plain },
        { weight: 2, arbitrary: fc.oneof(eventLine, list).map(pretty) },
        { weight: 1, arbitrary: cri },
        { weight: 1, arbitrary: docker },
        { weight: 1, arbitrary: fc.nat({ max: 9000 }).map((length) => '17 '.repeat(length / 3)) },
      ),
      fc.constantFrom('\n', '\r\n', '\n\0\0\n'),
    ),
    { maxLength: 8 },
  )
  .map((pieces) => joined(pieces, ''));

/** The same without the wrapping of container runtimes: every byte that is no filler belongs to a record or a fault. */
export const unwrappedInput: fc.Arbitrary<Buffer> = fc
  .array(
    fc.tuple(
      fc.oneof<{ weight: number; arbitrary: fc.Arbitrary<Text> }[]>(
        { weight: 5, arbitrary: fc.oneof<fc.Arbitrary<Text>[]>(smallEvent, realEvent, list) },
        { weight: 2, arbitrary: fc.tuple(realEvent, fc.nat()).map(([line, at]) => line.slice(0, at % line.length)) },
        { weight: 2, arbitrary: garbage },
        { weight: 2, arbitrary: fc.oneof(realEvent, smallEvent).map(pretty) },
      ),
      gap,
    ),
    { maxLength: 12 },
  )
  .map((pieces) => joined(pieces, ''));

/** Sizes of reads, used over and over. */
export const readSizes: fc.Arbitrary<readonly number[]> = fc.oneof(
  fc.constantFrom([1], [2, 1], [7], [64], [1 << 16]),
  fc.array(fc.oneof(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 1, max: 3000 })), {
    minLength: 1,
    maxLength: 8,
  }),
);

/** Cuts an input into reads. */
export function* reads(input: Buffer, sizes: readonly number[]): Generator<Buffer> {
  let at = 0;
  for (let i = 0; at < input.length; i++) {
    const size = sizes[i % sizes.length] as number;
    yield input.subarray(at, at + size);
    at += size;
  }
}
