import test from 'ava';
import fc from 'fast-check';
import { isBlank, Outline } from '../../src/formats/outline.ts';
import { choices, jsonValue, spell } from '../support/json-spelling.ts';
import { holds } from '../support/property.ts';

/** Walks over a text in pieces that end at the given places: each step as `why: bytes`, items marked. */
function steps(text: string, { inItems = false, cuts = [] }: { inItems?: boolean; cuts?: readonly number[] } = {}) {
  const outline = new Outline();
  const bytes = Buffer.from(text);
  const found: string[] = [];
  let at = 0;
  for (const end of [...cuts, bytes.length].sort((a, b) => a - b)) {
    while (at < end) {
      const stop = outline.next(bytes, at, end, inItems);
      found.push(`${stop} ${outline.place}: ${bytes.toString('latin1', at, outline.cut)}`);
      at = outline.cut;
      if (stop !== 'line' && stop !== 'more') return found;
    }
  }
  return found;
}

test('a document ends with the bracket that closes it, wherever it is cut', async (t) => {
  const cuts = fc.array(fc.nat({ max: 200 }), { maxLength: 5 });
  const property = fc.property(jsonValue, choices, cuts, (value, pick, cuts) => {
    const text = spell({ value }, pick);
    const walked = steps(`${text} {}`, { cuts: cuts.filter((cut) => cut < text.length) });
    t.true(walked.at(-1)?.startsWith('document '));
    t.is(walked.map((step) => step.slice(step.indexOf(':') + 2)).join(''), Buffer.from(text).toString('latin1'));
  });
  await holds(t, property);
});

test('no step reaches over the end of a line', (t) => {
  t.deepEqual(steps('\n {"a":\n1,\r\n"b":2}'), [
    'line outside: \n',
    'line outside:  {"a":\n',
    'line outside: 1,\r\n',
    'document outside: "b":2}',
  ]);
});

test('an item of a list is in steps of its own', (t) => {
  t.deepEqual(steps('{"items":[ {"a":[1]} ,"x,]",[],\n7]}', { inItems: true }), [
    'more outside: {"items":[',
    'more outside:  ',
    'more item-start: {"a":[1]}',
    'more outside:  ,',
    'more item-start: "x,]"',
    'more outside: ,',
    'more item-start: []',
    'line outside: ,\n',
    'more item-start: 7]',
    'document outside: }',
  ]);
});

test('stops at what cannot be: a line end in a string, foreign text, too many brackets', (t) => {
  t.deepEqual(steps('{"a":"b\\"\nc"}'), ['open-string outside: {"a":"b\\"']);
  t.deepEqual(steps(' ]{}'), ['foreign outside:  ']);
  t.true(
    steps(`{"a":${'['.repeat(20_000)}`)
      .at(-1)
      ?.startsWith('too-deep '),
  );
});

test('a step is short, so that what becomes of it stays small', (t) => {
  const lengths = steps(`{"a":"${'x'.repeat(100_000)}"}`).map((step) => step.length);
  t.true(lengths.length > 5 && Math.max(...lengths) < 20_000);
});

test('tells a line that is one object in the midst of a document', (t) => {
  const isLone = (line: string, before = '{"a":') => {
    const outline = new Outline();
    const bytes = Buffer.from(before + line);
    for (let at = 0; at < before.length; at = outline.cut) outline.next(bytes, at, before.length, false);
    outline.startLine(bytes, before.length, false);
    for (let at = before.length; at < bytes.length; at = outline.cut) outline.next(bytes, at, bytes.length, false);
    return outline.isLone(bytes, bytes.length);
  };
  for (const line of ['{}', '{"b":{}}\n', '{"b":[{}]} \r\n']) t.true(isLone(line), line);
  for (const line of [' {}', '{},', '{}}', '{', '[{}]', '{}{}', '\n', '{"b":1}x']) t.false(isLone(line), line);
  t.false(isLone('{}\n', '\n'));
});

test('white space is blank, and so is nothing', (t) => {
  const bytes = Buffer.from('a \t\r\n\0b');
  t.true(isBlank(bytes, 1, 6));
  t.true(isBlank(bytes, 3, 3));
  t.false(isBlank(bytes, 0, 3));
  t.false(isBlank(bytes, 1, 7));
});
