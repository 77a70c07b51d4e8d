import test from 'ava';
import { kindOf, structOf } from '../../../../src/audit/policy/load/decode-kind.ts';

const INTERNAL = { group: 'audit.k8s.io', version: '__internal', kind: 'Policy' };

function kind(json: string) {
  return kindOf(json, 'the text');
}

test('the kind is read from apiVersion and kind', (t) => {
  t.deepEqual(kind('{"apiVersion":"audit.k8s.io/v1","kind":"Policy"}'), { ...INTERNAL, version: 'v1' });
  t.deepEqual(kind('{"apiVersion":"v1","kind":"Pod"}'), { group: '', version: 'v1', kind: 'Pod' });
});

test('their names may be in any case, and the last one counts', (t) => {
  t.deepEqual(kind('{"KIND":"a","apiVersion":"x/y","APIVERSION":"v1","\u212aind":"Pod"}'), {
    group: '',
    version: 'v1',
    kind: 'Pod',
  });
  t.is(kind('{"apiVer\u017fion":"v1","kind":null}').version, 'v1');
});

test('what is missing is a policy in the form of the server', (t) => {
  for (const json of ['null', '{}', '{"apiVersion":"/"}', '{"apiVersion":"audit.k8s.io/"}', '{"kind":""}']) {
    t.deepEqual(kind(json), INTERNAL, json);
  }
  t.is(kind('{"kind":"Event"}').kind, 'Event');
});

test('a version that cannot be read is refused', (t) => {
  t.throws(() => kind('{"apiVersion":"a/b/c"}'), { message: 'unexpected GroupVersion string: a/b/c' });
  t.throws(() => kind('{"apiVersion":"apps/"}'), { message: "Object 'apiVersion' is missing in 'the text'" });
});

test('names that are no strings are refused, the first of them', (t) => {
  const prefix = "couldn't get version/kind; json parse error: json: cannot unmarshal";
  t.throws(() => kind('{"kind":[],"apiVersion":1}'), {
    message: `${prefix} array into Go struct field .kind of type string`,
  });
  t.throws(() => kind('[]'), {
    message: `${prefix} array into Go value of type struct { APIVersion string "json:\\"apiVersion,omitempty\\""; Kind string "json:\\"kind,omitempty\\"" }`,
  });
});

test('only kinds that upstream knows have a struct', (t) => {
  t.is(structOf({ ...INTERNAL, version: 'v1' }).name, 'v1.Policy');
  t.is(structOf(INTERNAL).name, 'audit.Policy');
  t.is(structOf({ group: '', version: 'v1', kind: 'ListOptions' }).name, 'v1.ListOptions');
  t.is(structOf({ group: '', version: '__internal', kind: 'WatchEvent' }).name, 'v1.InternalEvent');
  t.is(structOf({ group: 'any', version: 'v7', kind: 'Status' }).name, 'v1.Status');
  const scheme = 'in scheme "k8s.io/apiserver/pkg/audit/scheme.go:30"';
  t.throws(() => structOf({ group: '', version: 'v1', kind: 'Policy' }), {
    message: `no kind "Policy" is registered for version "v1" ${scheme}`,
  });
  t.throws(() => structOf({ ...INTERNAL, kind: 'Pod' }), {
    message: `no kind "Pod" is registered for the internal version of group "audit.k8s.io" ${scheme}`,
  });
});
