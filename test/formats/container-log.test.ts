import test from 'ava';
import fc from 'fast-check';
import { PartialLines, type StreamName, unwrapCri, unwrapDocker } from '../../src/formats/container-log.ts';
import { choices, spellString } from '../support/json-spelling.ts';
import { holds } from '../support/property.ts';

const TIME = '2026-11-21T05:58:06.14698Z';
const EVENT = '{"kind":"Event"}';

/** Unwraps a line that lies in the midst of others. */
function cri(line: string) {
  const bytes = Buffer.from(`}\n${line}\n2026`);
  const found = unwrapCri(bytes, 2, bytes.length - 5);
  return (
    found && { text: bytes.toString('utf8', found.start, found.end), stream: found.stream, partial: found.partial }
  );
}

function docker(line: string) {
  const bytes = Buffer.from(`}\n${line}\n{"log":"`);
  const found = unwrapDocker(bytes, 2, bytes.length - 9);
  return found && { text: found.bytes.toString(), stream: found.stream, partial: found.partial };
}

test('takes the content out of a CRI line', (t) => {
  const full = { text: EVENT, stream: 'stdout', partial: false };
  t.deepEqual(cri(`${TIME} stdout F ${EVENT}`), full);
  t.deepEqual(cri(`2026-11-21T05:58:06.146980000+02:00 stdout F ${EVENT}`), full);
  t.deepEqual(cri(`2026-11-21T05:58:06-11:30 stdout F ${EVENT}`), full);
  t.deepEqual(cri(`${TIME} stdout F:x ${EVENT}`), full);
  t.deepEqual(cri(`${TIME} stderr P ${EVENT}`), { text: EVENT, stream: 'stderr', partial: true });
  t.deepEqual(cri(`${TIME} stdout P:tag:F  a`), { text: ' a', stream: 'stdout', partial: true });
  t.deepEqual(cri(`${TIME} stdout F `), { text: '', stream: 'stdout', partial: false });
  t.deepEqual(cri(`${TIME} stdout F`), { text: '', stream: 'stdout', partial: false });
});

test('takes no other line for a CRI line', (t) => {
  const lines = [
    '',
    EVENT,
    TIME,
    `${TIME} stdout`,
    `${TIME} stdout `,
    `${TIME} stdin F ${EVENT}`,
    `${TIME} stdout X ${EVENT}`,
    `${TIME} stdout FP ${EVENT}`,
    `${TIME}  stdout F ${EVENT}`,
    `2026-11-21T05:58:06 stdout F ${EVENT}`,
    `2026-11-21T05:58:06.Z stdout F ${EVENT}`,
    `2026-11-21 05:58:06Z stdout F ${EVENT}`,
    `${TIME} AUDIT: id="x" stage="ResponseComplete"`,
  ];
  for (const line of lines) t.is(cri(line), undefined, line);
});

test('takes the text out of a line of Docker', (t) => {
  const text = JSON.stringify(`${EVENT}\n`);
  const full = { text: EVENT, stream: 'stdout', partial: false };
  t.deepEqual(docker(`{"log":${text},"stream":"stdout","time":"${TIME}"}`), full);
  t.deepEqual(docker(`{"log":${text},"stream":"stdout","attrs":{"a":"b"},"time":"${TIME}"}`), full);
  t.deepEqual(docker(`{"log":${text},"attrs":{"stream":"x"}, "stream" : "stdout","time":"${TIME}"}`), full);
  t.deepEqual(docker('{"log":"a","stream":"stderr","time":""}'), { text: 'a', stream: 'stderr', partial: true });
  t.deepEqual(docker('{"log":"","stream":"stderr","time":""}'), { text: '', stream: 'stderr', partial: true });
  t.deepEqual(docker('{"log":"\\r\\n\\n","stream":"stdout"}'), { text: '\r\n', stream: 'stdout', partial: false });
});

test('unescapes what Docker escaped, in any spelling', async (t) => {
  const property = fc.property(fc.string({ unit: 'binary' }), choices, (text, pick) => {
    t.is(docker(`{"log":${spellString(`${text}\n`, pick)},"stream":"stdout"}`)?.text, text.toWellFormed());
  });
  await holds(t, property, { runs: 500 });
  const halves = String.raw`{"log":"\ud800\ud83d\ude00\udc00x\ud800\u0041\n","stream":"stdout"}`;
  t.is(docker(halves)?.text, '\ufffd😀\ufffdx\ufffdA');
});

test('takes no other line for one of Docker', (t) => {
  const lines = [
    EVENT,
    '{"log":',
    '{"log":"a',
    '{"log":"a"}',
    '{"log":"\\x","stream":"stdout"}',
    '{"log":"\\u12g4","stream":"stdout"}',
    '{"log":"\\',
    '{"log":"a","stream":"stdout"',
    '{"log":"a","stream":"stdin"}',
    '{"log":"a","time":"","stream":"stdout"',
    '{ "log":"a","stream":"stdout"}',
  ];
  for (const line of lines) t.is(docker(line), undefined, line);
});

test('joins the pieces of each stream, however they are interleaved', async (t) => {
  const stream = fc.constantFrom<StreamName[]>('stdout', 'stderr');
  const piece = fc.record({ stream, text: fc.string(), last: fc.boolean() });
  const property = fc.property(fc.array(piece, { maxLength: 60 }), (pieces) => {
    const lines = new PartialLines();
    const expected = { stdout: '', stderr: '' };
    for (const { stream, text, last } of pieces) {
      const bytes = Buffer.from(`<${text}>`);
      expected[stream] += text;
      t.is(lines.add(stream, bytes, 1, bytes.length - 1), Buffer.byteLength(expected[stream]));
      bytes.fill(0xff);
      t.not(lines.length(stream), undefined);
      if (!last) continue;
      t.is(lines.take(stream).toString(), expected[stream]);
      t.is(lines.length(stream), undefined);
      expected[stream] = '';
    }
    const left = lines.pending().map(({ stream, bytes }) => [stream, bytes.toString()]);
    for (const [stream, text] of left) t.is(text, expected[stream as StreamName]);
    t.is(left.map(([, text]) => text).join('').length, expected.stdout.length + expected.stderr.length);
  });
  await holds(t, property);
});

test('a line that was taken is not overwritten by the next one', (t) => {
  const lines = new PartialLines();
  lines.add('stdout', Buffer.from('first'), 0, 5);
  const first = lines.take('stdout');
  lines.add('stdout', Buffer.from('other'), 0, 5);
  t.deepEqual([first.toString(), lines.take('stdout').toString(), lines.take('stdout').length], ['first', 'other', 0]);
});
