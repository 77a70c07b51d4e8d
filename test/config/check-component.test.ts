import test from 'ava';
import { checkComponent } from '../../src/config/check-component.ts';
import { type Finding, pathText } from '../../src/config/findings.ts';
import type { Kind } from '../../src/core/component.ts';
import { components as specs } from './specs.ts';

function check(kind: Kind, value: unknown) {
  const findings: Finding[] = [];
  const component = checkComponent(kind, value, { path: ['sinks', 0], specs, findings });
  return { component, found: findings.map(({ path, at, message }) => `${pathText(path)} (${at}): ${message}`) };
}

test('parts the options of a type from those of every component of its kind', (t) => {
  const { component, found } = check('sink', { type: 'file', name: 'out', path: '/x', timeout: '1m' });
  t.deepEqual(found, []);
  t.is(component?.spec.type, 'file');
  t.like(component?.config, { path: '/x', format: 'json' });
  t.like(component?.common, { type: 'file', name: 'out', timeout: 60_000 });
  t.deepEqual(component?.path, ['sinks', 0]);
});

test('a component with anything wrong in either part is none, and all of it is reported', (t) => {
  const { component, found } = check('sink', { type: 'file', pth: '/x', timeout: 30 });
  t.is(component, undefined);
  t.deepEqual(
    found.map((text) => text.replace(/:.*/, '')),
    ['sinks[0].path (key)', 'sinks[0].pth (key)', 'sinks[0].timeout (value)'],
  );
});

test('guesses a mistyped option among those of both parts', (t) => {
  const { found } = check('sink', { type: 'stdout', fromat: 'json', tiemout: '1s' });
  t.deepEqual(found, [
    'sinks[0].fromat (key): unknown key, did you mean "format"?',
    'sinks[0].tiemout (key): unknown key, did you mean "timeout"?',
  ]);
});

test('an option of other versions is named as such, unless it is one of the type itself', (t) => {
  t.deepEqual(check('sink', { type: 'stdout', buffer: {} }).found, [
    'sinks[0].buffer (key): not available in this version',
  ]);
  t.regex(check('source', { type: 'stdin', buffer: {} }).found.join(), /unknown key/);
});

test('says what a component is when there is none, or one without a type', (t) => {
  const types = 'stdout, file, web, many';
  t.deepEqual(check('sink', undefined).found, [
    `sinks[0] (key): missing, expected a sink with a type: one of ${types}`,
  ]);
  t.deepEqual(check('sink', 'stdout').found, [
    'sinks[0] (value): expected a sink with a type, such as "type: stdout", received a string',
  ]);
  for (const value of [{}, { type: null }]) {
    t.deepEqual(check('sink', value).found, [`sinks[0].type (key): missing, expected one of ${types}`]);
  }
  t.deepEqual(check('sink', { type: 5 }).found, [`sinks[0].type (value): must be one of ${types}`]);
});

test('a type of another kind is told from one that does not exist', (t) => {
  t.deepEqual(check('source', { type: 'file' }).found, [
    'sinks[0].type (value): "file" is a sink, not a source; sources are stdin, http',
  ]);
  t.deepEqual(check('source', { type: 'stdni' }).found, [
    'sinks[0].type (value): unknown source "stdni", did you mean "stdin"?',
  ]);
});
