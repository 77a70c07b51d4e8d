import test from 'ava';
import { placesOf } from '../../../src/transforms/policy-match/places.ts';

test('a text about one field is placed there', (t) => {
  t.deepEqual(placesOf('rules[12].level: Required value'), [
    { path: ['rules', 12, 'level'], message: 'Required value' },
  ]);
  t.deepEqual(placesOf('rules[0].resources.group: Invalid value: "a.b/v1": no'), [
    { path: ['rules', 0, 'resources', 'group'], message: 'Invalid value: "a.b/v1": no' },
  ]);
});

test('a list of texts is taken apart, also where they hold commas, brackets and line feeds', (t) => {
  const invalid = 'Invalid value: ["/a, b"]: rules cannot apply, to both\n[sic]';
  const text = `[omitStages[1]: Invalid value: "x": allowed stages are A,B, rules[0].nonResourceURLs[2]: ${invalid}]`;
  t.deepEqual(placesOf(text), [
    { path: ['omitStages', 1], message: 'Invalid value: "x": allowed stages are A,B' },
    { path: ['rules', 0, 'nonResourceURLs', 2], message: invalid },
  ]);
});

test('any other text is about the policy as a whole', (t) => {
  for (const message of ['loaded illegal policy with 0 rules', 'failed decoding: rules[0].level: no', '[', '[]', '']) {
    t.deepEqual(placesOf(message).length, 1);
    t.deepEqual(placesOf(message)[0]?.path, []);
  }
  t.is(placesOf('failed decoding: yaml: line 3: x')[0]?.message, 'failed decoding: yaml: line 3: x');
});
