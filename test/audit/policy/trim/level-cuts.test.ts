import test from 'ava';
import fc from 'fast-check';
import { eventOf } from '../../../../src/audit/bytes-event.ts';
import type { BytesHead } from '../../../../src/audit/head.ts';
import { levelCuts } from '../../../../src/audit/policy/trim/level-cuts.ts';
import { choices, spell } from '../../../support/json-spelling.ts';
import { holds } from '../../../support/property.ts';
import { anyEvent } from '../recorded.ts';

const keep = fc.record({
  rank: fc.constantFrom(1, 2, 3),
  level: fc.constantFrom('Metadata', undefined),
  managedFields: fc.boolean(),
});
const CUT = /^(requestObject|responseObject|annotations|managedFields|patch\.webhook\.admission\.k8s\.io\/.*)$/s;

test('edits are whole members of a few names and the value of the level: nothing else is touched', async (t) => {
  const property = fc.property(anyEvent, choices, keep, (object, pick, keep) => {
    const event = eventOf(spell(object, pick));
    const edits = levelCuts(event.head as BytesHead, keep);
    let behind = 0;
    for (const { start, end, text } of edits) {
      t.true(start >= behind && end > start && end < event.size);
      behind = end;
      const cut = event.raw.toString('utf8', start, end);
      if (text !== '') {
        t.is(text, '"Metadata"');
        t.deepEqual(JSON.parse(cut), event.json.level);
        continue;
      }
      const members = JSON.parse(`{${cut.replace(/^\s*,|,\s*$/g, '')}}`);
      t.is(Object.keys(members).length, 1);
      t.regex(Object.keys(members)[0] as string, CUT);
    }
  });
  await holds(t, property, { runs: 700 });
});

/** What is left of the annotations at Metadata; `undefined` for none. */
function annotations(text: string): string | undefined {
  const event = eventOf(`{"annotations":${text},"level":"Request"}`);
  const edits = levelCuts(event.head as BytesHead, { rank: 1, level: undefined, managedFields: true });
  return /^\{"annotations":(.*),"level/.exec(event.splice(edits).raw.toString())?.[1];
}

test('cuts the patches of webhooks at Metadata, and annotations that held nothing else', (t) => {
  const patch = (index: number) => `"patch.webhook.admission.k8s.io/round_0_index_${index}":"{}"`;
  t.is(annotations(`{"a":"1",${patch(0)},${patch(1)}}`), '{"a":"1"}');
  t.is(annotations(`{${patch(0)},"x":"1",${patch(1)},"y":"2"}`), '{"x":"1","y":"2"}');
  t.is(annotations(`{${patch(0)}}`), undefined);
  t.is(annotations(`{ ${patch(0)} , ${patch(1)} }`), undefined);
  t.is(annotations(String.raw`{"patch.webhook\u002eadmission.k8s.io/x":"1","a":"2"}`), '{"a":"2"}');
  for (const other of ['{}', 'null', '[]', '{"a":"patch.webhook.admission.k8s.io/x"}']) t.is(annotations(other), other);
});

test('leaves the patches of webhooks alone at Request', (t) => {
  const event = eventOf('{"annotations":{"patch.webhook.admission.k8s.io/x":"1"},"responseObject":1}');
  const edits = levelCuts(event.head as BytesHead, { rank: 2, level: undefined, managedFields: true });
  t.is(event.splice(edits).raw.toString(), '{"annotations":{"patch.webhook.admission.k8s.io/x":"1"}}');
});
