import test from 'ava';
import fc from 'fast-check';
import { Framer } from '../../src/formats/framer.ts';
import { REAL_EVENTS, readSizes, reads } from '../sources/mixed-input.ts';
import { holds } from '../support/property.ts';

interface Found {
  /** Each byte as one character, white space too. */
  readonly text: string;
  readonly line: number;
  readonly offset: number;
  readonly outcome: string;
}

/** Reads an input as a source does, also where it has more records than one call gives out. */
function frame(input: string | Buffer, maxEventBytes: number, sizes: readonly number[] = [1 << 30]): readonly Found[] {
  const framer = new Framer('in', { maxEventBytes });
  const found: Found[] = [];
  let left = Buffer.alloc(0);
  const take = (read: Buffer, last: boolean) => {
    const chunk = Buffer.concat([left, read]);
    const { events, rest, more } = framer.frame(chunk, 0, chunk.length, { last });
    for (const { raw, origin, fault, labels } of events) {
      const excerpt = fault?.excerpt === undefined ? '' : ` ${fault.excerpt.bytes} ${fault.excerpt.sha256}`;
      const outcome = fault === undefined ? (labels.truncated ?? 'whole') : `${fault.code}: ${fault.message}${excerpt}`;
      found.push({ text: raw.toString('latin1'), line: origin.line, offset: origin.offset, outcome });
    }
    left = Buffer.from(chunk.subarray(rest));
    chunk.fill(0xff);
    if (more) take(Buffer.alloc(0), last);
  };
  for (const read of reads(Buffer.from(input as string), sizes)) take(read, false);
  take(Buffer.alloc(0), true);
  return found;
}

const event = (id: string, more = '') => `{"kind":"Event","apiVersion":"audit.k8s.io/v1","auditID":"${id}"${more}}`;
const A = event('a');
const B = event('b');
const TIME = '2026-11-21T05:58:06.14698Z';
const cri = (text: string, tag = 'F', stream = 'stdout') => `${TIME} ${stream} ${tag} ${text}`;
const docker = (log: string, stream = 'stdout') => JSON.stringify({ log, stream, time: TIME });
const outcomes = (found: readonly Found[]) => found.map(({ outcome }) => outcome.replace(/:.*/, ''));
const texts = (found: readonly Found[]) => found.map(({ text }) => text);
const LIST = '{"kind":"EventList","apiVersion":"audit.k8s.io/v1","items":[';

/** Lines of which some leave a document open, and some are longer than the limit of 300. */
const lines = fc.array(
  fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom(A, B, docker(`${A}\n`), docker(B.slice(9)), cri(B), `${A} `) },
    {
      weight: 3,
      arbitrary: fc.constantFrom('{', '{"a":', '{"a":[', LIST, '[', '"items":[', '"b":{', ',', ']', '}', ']}'),
    },
    { weight: 2, arbitrary: fc.constantFrom('', ' ', '\t\r', '\0') },
    { weight: 2, arbitrary: fc.constantFrom('"b":1,', ',"b":1', '"torn', `${A},`, `${A}]}`, 'x', '{}', '{},', '\xff') },
    {
      weight: 2,
      arbitrary: fc
        .tuple(
          fc.constantFrom('"', ',"c":["', '{"a":"', ' ', `${A},{"a":"`, ',"b":"', cri('{"a":"'), cri('x', 'P')),
          fc.nat({ max: 900 }),
        )
        .chain(([front, length]) =>
          fc.constantFrom('"', '"}', '"]', '"x', `"},${A}`, '').map((back) => `${front}${'y'.repeat(length)}${back}`),
        ),
    },
    { weight: 1, arbitrary: fc.constantFrom(...REAL_EVENTS.slice(0, 9)) },
  ),
  { maxLength: 14 },
);

test('finds the same bytes in torn documents, however they are cut into reads', async (t) => {
  const property = fc.property(lines, fc.constantFrom('\n', '\r\n', '\n\n'), readSizes, (parts, gap, sizes) => {
    const input = Buffer.from(parts.join(gap), 'latin1');
    t.deepEqual(frame(input, 300, sizes), frame(input, 300));
  });
  await holds(t, property, { runs: 300 });
});

test('keeps every byte of a torn document up to the limit, blank lines and what is longer than 64 KiB too', (t) => {
  const torn = `{"a":[\n\n"${'x'.repeat(100_000)}",\n \t\n{"b":"`;
  for (const sizes of [[1 << 30], [7000], [50_001]]) {
    const found = frame(`${torn}\n${A}\n`, 200_000, sizes);
    t.deepEqual(texts(found), [torn, A]);
    t.deepEqual(outcomes(found), ['not-json', 'whole']);
  }
  const [long] = frame(`${torn}\n${A}\n`, 20_000, [7000]);
  t.is(long?.text, torn.slice(0, 64 * 1024));
  t.regex(long?.outcome ?? '', / 100\d\d\d [0-9a-f]{64}$/);
});

test('a line behind a torn one that ends the input is read as any line, and has its own place', (t) => {
  const long = event('c', `,"requestObject":"${'x'.repeat(300)}"`);
  const last = (line: string) => frame(`{"a":\n\n${line}\n \n`, 300).slice(1);
  t.deepEqual(last(docker(`${A}\n`)), [{ text: A, line: 3, offset: 7, outcome: 'whole' }]);
  t.deepEqual(last(`${A}\r`), [{ text: A, line: 3, offset: 7, outcome: 'whole' }]);
  const pieces = `${cri(long.slice(0, 290), 'P')}\n{"a":\n${docker(`${long.slice(290)}\n`)}\n`;
  const text = event('c', ',"annotations":{"audit.k8s.io/truncated":"true"}');
  t.deepEqual(frame(pieces, 300).slice(1), [{ text, line: 3, offset: pieces.indexOf('{"log"'), outcome: 'true' }]);
});

test('an item of a list has its own place, on one line and over many', (t) => {
  const input = `${A}\n${LIST}\n{"a":1},{},\n  2,\n{"c":\n3}\n]}\n${B}\n${LIST}{"d":4}, {"e":5}]}`;
  const places = ['{"a":1}', '{},', '2,', '{"c":', B, '{"d":4}', '{"e":5}'].map((text) => {
    const offset = input.indexOf(text);
    return [offset, input.slice(0, offset).split('\n').length];
  });
  for (const sizes of [[1 << 30], [1], [33]]) {
    const found = frame(input, 65, sizes).slice(1);
    t.deepEqual(
      found.map(({ offset, line }) => [offset, line]),
      places,
    );
  }
});

test('a line of a container that is too long loses its bodies like any other, whatever it is wrapped in', (t) => {
  const cut = event('a', ',"annotations":{"audit.k8s.io/truncated":"true"}');
  for (const length of [300, 5000, 30_000]) {
    const long = event('a', `,"requestObject":{"x":"${'"y'.repeat(length).replaceAll('"', '\\"')}"}`);
    for (const wrapped of [long, cri(long), cri(long, 'F:x'), docker(`${long}\n`)]) {
      const expected = { text: cut, line: 2, offset: A.length + 1, outcome: 'true' };
      for (const sizes of [[1 << 30], [100], [65_536]]) {
        const found = frame(`${A}\n${wrapped}\n${B}\n`, 300, sizes);
        t.deepEqual(found[1], {
          ...expected,
          offset: wrapped.startsWith('2') ? (found[1]?.offset ?? -1) : expected.offset,
        });
        t.deepEqual(texts(found), [A, cut, B]);
      }
    }
  }
});

test('pieces of a container line may each be longer than the limit', (t) => {
  const long = (id: string) => event(id, `,"requestObject":"${'x'.repeat(2000)}","z":"${'y'.repeat(99)}"`);
  const cut = (id: string) => event(id, `,"z":"${'y'.repeat(99)}","annotations":{"audit.k8s.io/truncated":"true"}`);
  const parts = (text: string) => [text.slice(0, 90), text.slice(90, 1200), text.slice(1200, 2100), text.slice(2100)];
  const lines = parts(long('a')).flatMap((part, i) => [
    cri(part, i < 3 ? 'P' : 'F'),
    docker(`${parts(long('b'))[i]}${i < 3 ? '' : '\n'}`, 'stderr'),
  ]);
  for (const sizes of [[1 << 30], [77], [1000]]) {
    t.deepEqual(texts(frame(`${lines.join('\n')}\n${A}\n`, 300, sizes)), [cut('a'), cut('b'), A]);
  }
});

test('a line like one of the container runtime, but longer than Docker writes it, is no record', (t) => {
  const long = docker(`${event('a', `,"requestObject":"${'x'.repeat(300_000)}"`)}\n`);
  for (const sizes of [[1 << 30], [100_000]]) {
    t.deepEqual(outcomes(frame(`${long}\n${A}\n`, 300, sizes)), ['event-too-large', 'whole']);
  }
  t.deepEqual(outcomes(frame(`{"log":"${'x'.repeat(400)}"}\n${long.slice(0, 5000)}`, 300, [90])), [
    'event-too-large',
    'torn-line',
  ]);
});

test('one call gives out some thousand records at most, whatever they come from', (t) => {
  const items = (count: number) => Array(count).fill('{}').join(',');
  const piece = cri(`${items(9000)},`, 'P');
  const inputs = {
    'a list on one long line': `${LIST}${items(9000)}]}`,
    'a list over lines': `${LIST}\n${items(9000)},\n${items(9000)}\n]}`,
    'a wrapped line': cri(`${LIST}${items(9000)}]}`),
    "a line in Docker's wrapping": docker(`${LIST}${items(9000)}]}\n`),
    'pieces of a line': `${cri(LIST, 'P')}\n${piece}\n${piece}\n${cri('{}]}')}`,
    'short lists': `${LIST}${items(60)}]}\n`.repeat(300),
    "short lists in Docker's wrapping": `${docker(`${LIST}${items(60)}]}\n`)}\n`.repeat(300),
  };
  for (const [name, input] of Object.entries(inputs)) {
    const framer = new Framer('in', { maxEventBytes: 10_000 });
    const chunk = Buffer.from(`${input}\n${A}\n`);
    let found: readonly string[] = [];
    let at = 0;
    let calls = 0;
    for (let more = true; more; calls++) {
      const framed = framer.frame(chunk, at, chunk.length, { last: false });
      found = framed.events.map(({ raw }) => raw.toString());
      const items = found.reduce((sum, text) => sum + (text.match(/\{\}/g)?.length ?? 0), 0);
      t.true(found.length + items <= 4200, `${name}: ${found.length} records, ${items} items in them`);
      at = framed.rest;
      more = framed.more;
    }
    t.is(found.at(-1), A, name);
    t.true(calls > 2, name);
  }
});
