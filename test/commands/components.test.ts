import test from 'ava';
import { components } from '../../src/commands/components.ts';
import { components as specs } from '../config/specs.ts';
import { outputs } from './output.ts';

test('without a type it lists them all', (t) => {
  const { written, stdout, stderr } = outputs();
  t.is(components([], { components: specs, stdout, stderr }), 0);
  t.regex(written.stdout, /^sources:\n/);
  t.is(written.stderr, '');
});

test('prints the components of every kind that have the type', (t) => {
  const { written, stdout, stderr } = outputs();
  const twice = specs.flatMap((spec) => (spec.type === 'stdin' ? [spec, { ...spec, type: 'file' }] : [spec]));
  t.is(components(['file'], { components: twice, stdout, stderr }), 0);
  t.deepEqual(written.stdout.match(/^(source|sink) file:/gm), ['source file:', 'sink file:']);
});

test('unknown types are refused, each with a guess', (t) => {
  const { written, stdout, stderr } = outputs();
  t.is(components(['fiel', 'file', 'stdot'], { components: specs, stdout, stderr }), 2);
  t.is(written.stdout, '');
  t.deepEqual(written.stderr.trimEnd().split('\n'), [
    'kaudit-pipe: error: unknown component "fiel", did you mean "file"?',
    'kaudit-pipe: error: unknown component "stdot", did you mean "stdout"?',
  ]);
});
