import test from 'ava';
import fc from 'fast-check';
import { AuditIDs, cutLine } from '../../src/formats/line.ts';
import { jsonValue } from '../support/json-spelling.ts';
import { holds } from '../support/property.ts';

const TIME = '2026-11-21T06:10:11.123456Z';
const TIMES = `"requestReceivedTimestamp":"${TIME}","stageTimestamp":"${TIME}"`;
const A = `{"kind":"Event","apiVersion":"audit.k8s.io/v1","level":"Metadata","auditID":"a","verb":"get",${TIMES}}`;
const ANNOTATED = `${A.slice(0, -1)},"annotations":{"a/b":"{}"}}`;
const SWAPPED = A.replace(
  '"kind":"Event","apiVersion":"audit.k8s.io/v1"',
  '"apiVersion":"audit.k8s.io/v1","kind":"Event"',
);
const SPACED = JSON.stringify(JSON.parse(A), null, 1).replaceAll('\n', ' ');
const LIST = `{"kind":"EventList","apiVersion":"audit.k8s.io/v1","metadata":{},"items":[${A}]}`;
const B = '{"kind":"Event","apiVersion":"audit.k8s.io/v1beta1","auditID":"b"}';
const MARK = '{"kind":"Event","apiVersion":"audit.k8s.io/';
const REVIEW = '{"kind":"AdmissionReview","request":{"object":{}}}';

/** What a line is cut into, in the midst of other bytes; `code text` for what was not understood, and an open document. */
function cut(line: string | Buffer): readonly string[] {
  const bytes = Buffer.concat([Buffer.from('"}\n'), Buffer.from(line as string), Buffer.from(`\n${A}`)]);
  const end = bytes.length - A.length - 1;
  const found: string[] = [];
  const text = (from: number, to: number) => bytes.toString('utf8', from, to);
  const document = cutLine(bytes, 3, end, new AuditIDs(bytes), {
    record: (_, from, to) => void found.push(text(from, to)),
    fault: (_, from, to, { code }) => void found.push(`${code} ${text(from, to)}`),
  });
  return document < 0 ? found : [...found, `open ${text(document, end)}`];
}

test('a line is one record, without the white space and NULs around it', (t) => {
  for (const [before, behind] of [
    ['', ''],
    [' \t', ' \r'],
    ['\0\0', '\0'],
    ['\r', '\0 \r'],
  ]) {
    for (const record of [A, REVIEW, '{}']) t.deepEqual(cut(`${before}${record}${behind}`), [record]);
  }
  for (const blank of ['', ' ', '\r', '\0\0\t']) t.deepEqual(cut(blank), []);
});

test('an event is one record also where it quotes another one', (t) => {
  const quoting = A.replace('"a"', JSON.stringify(B));
  const holding = A.replace('"a"', `"a","requestObject":${B}`);
  t.deepEqual(cut(quoting), [quoting]);
  t.deepEqual(cut(holding), [holding]);
});

test('records that stand one behind the other are parted', async (t) => {
  const filler = fc.constantFrom('', ' ', '\t\0', '\0');
  const several = (...records: string[]) => fc.array(fc.tuple(fc.constantFrom(...records), filler), { maxLength: 8 });
  const line = several(A, B, ANNOTATED, SWAPPED, SPACED, LIST, REVIEW, '{}', '{"a":{"b":{}}}');
  await holds(
    t,
    fc.property(line, (records) => {
      t.deepEqual(
        cut(records.flat().join('')),
        records.map(([text]) => text),
      );
    }),
  );
});

test('a torn record costs nothing but itself', async (t) => {
  const torn = fc.integer({ min: MARK.length, max: A.length - 1 }).map((length) => A.slice(0, length));
  await holds(
    t,
    fc.property(fc.array(torn, { maxLength: 5 }), fc.constantFrom('', A.slice(0, 20)), (torn, rest) => {
      t.deepEqual(cut(`${torn.join('')}${B}${rest}`), [
        ...torn.map((text) => `torn-line ${text}`),
        B,
        ...(rest === '' ? [] : [`open ${rest}`]),
      ]);
    }),
  );
});

test('behind a torn record each known kind is found', (t) => {
  for (const next of [A, LIST, `{"kind":"AdmissionReview","apiVersion":"admission.k8s.io/v1","request":{}}`]) {
    t.deepEqual(cut(`${A.slice(0, 100)}${next}`), [`torn-line ${A.slice(0, 100)}`, next]);
  }
});

test('an object that is cut off by NULs is torn', (t) => {
  t.deepEqual(cut(`${A.slice(0, 100)}\0\0`), [`torn-line ${A.slice(0, 100)}`]);
  t.deepEqual(cut(`${B} {"a"\0`), [B, 'torn-line {"a"']);
});

test('an object that does not end on the line may go on in the next one', (t) => {
  t.deepEqual(cut('{'), ['open {']);
  t.deepEqual(cut(' {"a": '), ['open {"a": ']);
  t.deepEqual(cut(A.slice(0, -3)), [`open ${A.slice(0, -3)}`]);
  t.deepEqual(cut(`${B} {"a":[`), [B, 'open {"a":[']);
});

test('what is no object is refused, with the reason', (t) => {
  t.deepEqual(cut('17 '), ['not-an-audit-event 17']);
  t.deepEqual(cut('["x"]'), ['not-an-audit-event ["x"]']);
  t.deepEqual(cut('I1121 server.go:1] x'), ['not-json I1121 server.go:1] x']);
  t.deepEqual(cut('{"a":1,} x'), ['not-json {"a":1,} x']);
  t.deepEqual(cut('{"a":1} x'), ['{"a":1}', 'not-json x']);
  t.deepEqual(cut('[1,'), ['not-json [1,']);
  t.deepEqual(cut(`klog ${A}`), ['torn-line klog ', A]);
});

test('names the byte where a line stops being JSON', (t) => {
  const bytes = Buffer.from('  {"a":x} y');
  const messages: string[] = [];
  const taker = {
    record() {},
    fault: (_: Buffer, __: number, ___: number, { message }: Error) => void messages.push(message),
  };
  t.is(cutLine(bytes, 0, bytes.length, new AuditIDs(bytes), taker), -1);
  t.deepEqual(messages, ['not JSON from byte 6 of the record on']);
});

test('a line of nothing but torn records is given up after 64 of them', (t) => {
  const torn = A.slice(0, -1);
  const found = cut(torn.repeat(100));
  t.is(found.length, 65);
  t.is(found[64], `not-json ${torn.repeat(36)}`);
});

test('of a line of more tiny records than events could be, the rest is one refusal', (t) => {
  const found = cut('{}'.repeat(20_000));
  t.is(found.length, 8192 + Math.ceil(40_000 / 128) + 1);
  t.is(found.at(-1), `not-an-audit-event ${'{}'.repeat(20_000 - found.length + 1)}`);
  t.is(cut(A.repeat(9000)).length, 9000);
});

test('every byte of a line is in one piece, but for what is no part of any', async (t) => {
  const piece = fc.oneof(
    fc.constantFrom(A, B, A.slice(0, 40), '{"a":', '}', '"', '[', '\\', '\0', ' '),
    jsonValue.map((value) => JSON.stringify(value)),
  );
  const essence = (text: string) => text.replaceAll(/[ \t\r\0]/g, '');
  await holds(
    t,
    fc.property(fc.array(piece, { maxLength: 8 }), (pieces) => {
      const found = cut(pieces.join('')).map((text) =>
        text.replace(/^(open|not-json|torn-line|not-an-audit-event) /, ''),
      );
      t.is(essence(found.join('')), essence(pieces.join('')));
    }),
  );
});

test('finds the end of each key auditID, in order', async (t) => {
  const key = '"auditID"';
  const parts = fc.array(fc.constantFrom(key, 'D"', '"auditI', 'auditID"', 'x'), { maxLength: 12 });
  await holds(
    t,
    fc.property(parts, fc.array(fc.integer({ min: 1, max: 100 })), (parts, questions) => {
      const text = parts.join('');
      const ids = new AuditIDs(Buffer.from(text));
      for (const at of questions.sort((a, b) => a - b)) {
        const found = text.indexOf(key, Math.max(0, at + 1 - key.length));
        t.is(ids.endBehind(at), found < 0 ? text.length + 1 : found + key.length);
      }
    }),
  );
});
