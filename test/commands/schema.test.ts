import test from 'ava';
import { schema } from '../../src/commands/schema.ts';
import { components } from '../config/specs.ts';
import { outputs } from './output.ts';

test('prints the JSON Schema of a pipeline file', (t) => {
  const { written, stdout } = outputs();
  t.is(schema({ components, stdout }), 0);
  t.like(JSON.parse(written.stdout), {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    required: ['source', 'sinks'],
  });
});
