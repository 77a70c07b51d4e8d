import test from 'ava';
import fc from 'fast-check';
import { ContainerLines } from '../../src/formats/container-lines.ts';
import type { StreamName } from '../../src/formats/container-log.ts';
import { OversizeReader } from '../../src/formats/oversize.ts';
import { holds } from '../support/property.ts';

const TIME = '2026-11-21T05:58:06.14698Z';

interface Line {
  readonly stream: StreamName;
  readonly wrapping: 'cri' | 'docker';
  readonly text: string;
  readonly partial: boolean;
}

function wrap({ stream, wrapping, text, partial }: Line): string {
  if (wrapping === 'cri') return `${TIME} ${stream} ${partial ? 'P' : 'F'} ${text}`;
  return JSON.stringify({ log: partial ? text : `${text}\n`, stream, time: TIME });
}

/** What the program wrote as lines, in the order in which they ended; and what was begun and never ended. */
function unwrap(lines: readonly string[], maxEventBytes = 1 << 20) {
  const whole: string[] = [];
  const long: string[] = [];
  const unwrapped: string[] = [];
  const container = new ContainerLines(
    maxEventBytes,
    () => new OversizeReader({ maxEventBytes, emit: ({ bytes }) => void long.push(bytes.toString()) }),
  );
  for (const line of lines) {
    const bytes = Buffer.from(`}${line}{`);
    const content = container.unwrap(bytes, 1, bytes.length - 1);
    if (content === undefined) unwrapped.push(line);
    else if (content !== 'taken') whole.push(content.bytes.toString('utf8', content.start, content.end));
    bytes.fill(0xff);
  }
  return { whole, long, unwrapped, begun: container.end().map(String) };
}

const line: fc.Arbitrary<Line> = fc.record({
  stream: fc.constantFrom<StreamName[]>('stdout', 'stderr'),
  wrapping: fc.constantFrom('cri', 'docker'),
  text: fc.string({ unit: fc.constantFrom('a', '"', '\\', 'é', '😀', ' ', '{'), maxLength: 12 }),
  partial: fc.boolean(),
});

test('joins the pieces of each line, however the streams are interleaved', async (t) => {
  const property = fc.property(fc.array(line, { maxLength: 30 }), (lines) => {
    const open = new Map<StreamName, string>();
    const whole: string[] = [];
    for (const { stream, text, partial } of lines) {
      const sofar = (open.get(stream) ?? '') + text;
      if (partial) open.set(stream, sofar);
      else {
        whole.push(sofar);
        open.delete(stream);
      }
    }
    t.deepEqual(unwrap(lines.map(wrap)), { whole, long: [], unwrapped: [], begun: [...open.values()] });
  });
  await holds(t, property);
});

test('leaves lines alone that nothing is wrapped around', (t) => {
  const lines = ['{"kind":"Event"}', 'I1121 server.go:1] x', '', '{"log":"x"}', `${TIME} stdin F x`];
  t.deepEqual(unwrap(lines), { whole: [], long: [], unwrapped: lines, begun: [] });
});

test('a line that is in one piece is not copied', (t) => {
  const container = new ContainerLines(100, () => new OversizeReader({ maxEventBytes: 100, emit() {} }));
  const bytes = Buffer.from(`${TIME} stdout F {"a":1}`);
  const content = container.unwrap(bytes, 0, bytes.length);
  t.deepEqual(content, { bytes, start: bytes.length - 7, end: bytes.length });
  t.is(typeof content === 'object' && content.bytes, bytes);
});

test('a joined line that is too long goes to a reader of long lines, the other stream goes on', (t) => {
  const long = (stream: StreamName, text: string, partial: boolean) => wrap({ stream, text, partial, wrapping: 'cri' });
  const body = `{"kind":"Event","requestObject":"${'x'.repeat(80)}"`;
  const cut = '{"kind":"Event","verb":"get","annotations":{"audit.k8s.io/truncated":"true"}}';
  const lines = [
    long('stdout', body.slice(0, 90), true),
    long('stderr', 'other', true),
    long('stdout', body.slice(90), true),
    long('stderr', ' line', false),
    long('stdout', ',"verb":"get"', true),
    long('stdout', '}', false),
    long('stdout', 'next', false),
    long('stderr', body, true),
    long('stderr', ',"verb":"get"}', false),
    long('stderr', 'last', false),
  ];
  t.deepEqual(unwrap(lines, 100), {
    whole: ['other line', 'next', 'last'],
    long: [cut, cut],
    unwrapped: [],
    begun: [],
  });
});

test('a long line that never ends is closed with the input', (t) => {
  const lines = ['x', 'y'].map((unit) => `${TIME} stdout P {"kind":"${unit.repeat(80)}`);
  const { begun, long } = unwrap(lines, 100);
  t.deepEqual(begun, []);
  t.deepEqual(long, [`{"kind":"${'x'.repeat(80)}{"kind":"${'y'.repeat(80)}`]);
});

test('a long line goes to a reader as it comes, or is taken whole', (t) => {
  const open = (text: string, whole = false) => {
    const container = new ContainerLines(20, () => new OversizeReader({ maxEventBytes: 20, emit() {} }));
    const bytes = Buffer.from(`}${text}`);
    const long = container.openLong(bytes, 1, bytes.length, { whole });
    return typeof long === 'object' ? bytes.toString('utf8', long.start) : long;
  };
  const text = 'x'.repeat(21);
  const docker = (length: number) => JSON.stringify({ log: `${'x'.repeat(length)}\n`, stream: 'stdout', time: TIME });
  for (const whole of [true, false]) {
    t.is(open(`${TIME} stdout F ${text}`, whole), text);
    t.is(open(`${TIME} stderr P:y ${text}`, whole), text);
    t.is(open(`${TIME} stdout F ${text.slice(1)}`, whole), 'whole');
    t.is(open(docker(200_000), whole), 'whole');
    t.is(open(docker(300_000), whole), undefined);
    t.is(open(`{"kind":"${text}"}`, whole), undefined);
    t.is(open(`{"log":"${text}"}`, whole), whole ? undefined : 'whole');
    t.is(open(`${TIME} stdo`, whole), whole ? undefined : 'whole');
    t.is(open(`${TIME} stdin F ${'x'.repeat(2000)}`, whole), undefined);
  }
});

test('what a full reader does not take waits for it, and nothing behind it gets in front', (t) => {
  const found: string[] = [];
  let full = false;
  const reader = () =>
    new OversizeReader({
      maxEventBytes: 20,
      emit({ bytes }) {
        found.push(bytes.toString());
        full = found.length % 4 === 0;
      },
      isFull: () => full,
    });
  const container = new ContainerLines(20, reader);
  const line = (text: string) => {
    const bytes = Buffer.from(text);
    t.is(container.unwrap(bytes, 0, bytes.length), 'taken');
    bytes.fill(0xff);
  };
  const expected: string[] = [];
  for (let i = 1; i < 9; i++) {
    const items = Array.from({ length: i }, (_, at) => `{"${i}":${at}}`);
    expected.push(...items, `{"${i}":"x"}`);
    line(`${TIME} stdout P ${items.slice(0, 2).join('')}`);
    line(`${TIME} stdout P ${items.slice(2).join('')} `);
    line(`${TIME} stdout F {"${i}":"x"}${' '.repeat(20)}`);
    while (container.busy) {
      full = false;
      container.drain();
    }
    t.deepEqual(found, expected);
  }
});
