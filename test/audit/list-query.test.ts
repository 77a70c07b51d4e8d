import test from 'ava';
import { selectedName } from '../../src/audit/list-query.ts';

const selector = (text: string) => selectedName(`fieldSelector=${encodeURIComponent(text)}`);

test('the name is what metadata.name must equal', (t) => {
  t.is(selector('metadata.name=x'), 'x');
  t.is(selector('metadata.name==x'), 'x');
  t.is(selector('spec.nodeName=n,metadata.name=x,'), 'x');
  t.is(selector('metadata.name!=x'), '');
  t.is(selector('metadata.namespace=x'), '');
  t.is(selector(' metadata.name=x'), '');
  t.is(selectedName('limit=500&resourceVersion=0'), '');
  t.is(selectedName(''), '');
});

test('the first in the order of their bytes counts, also if it is empty', (t) => {
  t.is(selector('metadata.name=b,metadata.name=a'), 'a');
  t.is(selector('metadata.name=b,metadata.name==c'), 'c');
  t.is(selector('metadata.name=b,metadata.name='), '');
  t.is(selector('metadata.name=\u{1f600},metadata.name=\uffee'), '\uffee');
});

test('commas, equal signs and backslashes are escaped by a backslash', (t) => {
  t.is(selector('metadata.name=a\\,b\\=c\\\\'), 'a,b=c\\');
  for (const broken of [
    'metadata.name=a\\b',
    'metadata.name=a\\',
    'metadata.name=a=b',
    'metadata.name===a',
    'a!==b,metadata.name=a',
  ]) {
    t.is(selector(broken), '');
  }
});

test('a name that could not stand in a path is none, and no other is looked for', (t) => {
  for (const name of ['.', '..', 'a/b', 'a%b']) t.is(selector(`metadata.name=${name}`), '');
  t.is(selector('metadata.name=..,metadata.name=x'), '');
  t.is(selector('metadata.name=...'), '...');
});

test('nothing counts in a query with an option that does not parse', (t) => {
  const name = 'fieldSelector=metadata.name%3Dx';
  for (const fine of [
    'limit=5',
    'timeoutSeconds=-1',
    'labelSelector=a+in+(b)',
    'watch=maybe',
    'limit=5&limit=abc',
    'a=%zz',
  ]) {
    t.is(selectedName(`${name}&${fine}`), 'x', fine);
  }
  for (const wrong of [
    'limit=abc',
    'limit=',
    'limit',
    'timeoutSeconds=1s',
    'labelSelector=((',
    'limit=9223372036854775808',
  ]) {
    t.is(selectedName(`${name}&${wrong}`), '', wrong);
  }
  t.is(selector('metadata.name=x,nonsense'), '');
});

test('the first option of a name counts; pairs with a semicolon or a broken escape are none', (t) => {
  t.is(selectedName('fieldSelector=metadata.name=a&fieldSelector=metadata.name=b'), 'a');
  t.is(selectedName('fieldSelector=metadata.name=a;&fieldSelector=metadata.name=b'), 'b');
  t.is(selectedName('fieldSelector=metadata.name=%zz&fieldSelector=metadata.name=b'), 'b');
  t.is(selectedName('field%53elector=metadata%2Ename%3Da+b'), 'a b');
});

test('a query of more than ten thousand pairs says nothing', (t) => {
  t.is(selectedName(`${'&'.repeat(9_999)}fieldSelector=metadata.name=a`), 'a');
  t.is(selectedName(`${'&'.repeat(10_000)}fieldSelector=metadata.name=a`), '');
});
