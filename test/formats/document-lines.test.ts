import test from 'ava';
import { DocumentLines } from '../../src/formats/document-lines.ts';

const MAX = 10;

/** Reads all lines of a text but the last one; line `lone` (from 0) is nothing but an object. */
function read(text: string, { lone = -1 }: { lone?: number } = {}) {
  const lines = new DocumentLines(MAX);
  lines.begin();
  const bytes = Buffer.from(`xx${text}`);
  lines.push(bytes, 2);
  let at = 2;
  for (let line = 0; ; line++) {
    const end = lines.behindLine(at, bytes.length);
    if (end === bytes.length) return { lines, at, end, bytes };
    lines.reach(end);
    lines.next(end, { lone: line === lone });
    at = end;
  }
}

function result(lines: DocumentLines) {
  const { text, held } = lines.result();
  return { text: text.fault('not-json', '').bytes.toString(), held: held?.bytes.toString(), place: held?.place };
}

test('a malformed document ends in front of the line with the error, if that may be read anew', (t) => {
  const { lines, at, end } = read('{\n"a":1\n\nbad line');
  t.is(lines.line, 4);
  t.is(lines.resume(at + 2, end), at);
  lines.keep(at);
  t.false(lines.midLine);
  t.is(result(lines).text, '{\n"a":1\n\n');
});

test("a line is the document's to its end if it is the first one, settled, or too long up to the error", (t) => {
  const first = read('{bad');
  t.is(first.lines.resume(first.at, first.end), first.end);
  const settled = read('{\nbad');
  settled.lines.settle();
  t.is(settled.lines.resume(settled.at, settled.end), settled.end);
  const long = read('{\n"a":"0123456789"bad');
  long.lines.reach(long.at + MAX);
  t.is(long.lines.resume(long.at + MAX, long.end), long.at);
  long.lines.reach(long.at + MAX + 1);
  t.is(long.lines.resume(long.at + MAX + 1, long.end), long.end);
  long.lines.keep(long.end);
  t.true(long.lines.midLine);
  t.is(long.lines.border(long.at, long.end), long.at + MAX + 1);
  t.is(long.lines.border(long.at + MAX + 1, long.end), long.end);
});

test('a lone line is held until the line behind it is settled', (t) => {
  const open = read('{"a":\n{}\r\n \n bad', { lone: 1 });
  t.is(open.lines.resume(open.at, open.end), open.at);
  open.lines.keep(open.at);
  t.deepEqual(result(open.lines), { text: '{"a":\n', held: '{}', place: { line: 1, offset: 6 } });
  const told = read('{"a":\n{}\n \n}bad', { lone: 1 });
  told.lines.settle();
  told.lines.keep(told.end);
  t.deepEqual(result(told.lines), { text: '{"a":\n{}\n \n}bad', held: undefined, place: undefined });
});

test('a lone line that is longer than the limit is not held', (t) => {
  t.is(result(read('{"a":\n{"bc":123}\nx', { lone: 1 }).lines).held, '{"bc":123}');
  t.is(result(read('{"a":\n{"bc":1234}\nx', { lone: 1 }).lines).held, undefined);
});

test('a line that goes on in another push is not read anew, and keeps its place', (t) => {
  const lines = new DocumentLines(MAX);
  lines.begin();
  t.true(lines.push(Buffer.from('{\n"a'), 0));
  lines.next(2, { lone: false });
  lines.pause(4, { lone: false });
  const rest = Buffer.from('??":\n');
  t.false(lines.push(rest, 2));
  t.deepEqual(lines.placeOf(3), { line: 1, offset: 5 });
  t.is(lines.resume(3, rest.length), rest.length);
  lines.keep(rest.length);
  t.false(lines.midLine);
  t.is(result(lines).text, '{\n"a":\n');
});
