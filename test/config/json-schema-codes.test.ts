import { Ajv2020 } from 'ajv/dist/2020.js';
import test from 'ava';
import fc from 'fast-check';
import { components } from '../../src/components.ts';
import { pipelineJsonSchema } from '../../src/config/json-schema.ts';
import { planOf } from '../../src/config/load.ts';
import { holds } from '../support/property.ts';

const validate = new Ajv2020({ strict: true, allowUnionTypes: true }).compile(pipelineJsonSchema(components));

const pipeline = (codes: unknown) => ({
  source: { type: 'stdin' },
  transforms: [{ type: 'forbidden', codes }],
  sinks: [{ type: 'stdout' }],
});

function loads(codes: unknown): boolean {
  try {
    planOf(pipeline(codes), { components });
    return true;
  } catch {
    return false;
  }
}

test('accepts all codes that the loader accepts', async (t) => {
  const part = fc.constantFrom('4', '03', '401', '-', ' ', 'xx', 'X', '>', '<', '=', ',', '4030', 'a', '\n');
  const text = fc.array(part, { maxLength: 6 }).map((parts) => parts.join(''));
  const odd = fc.constantFrom(403.5, null, true);
  const number = fc.integer({ min: -5, max: 1100 });
  const codes = fc.oneof(text, number, odd, fc.array(fc.oneof(text, number), { maxLength: 3 }));
  let accepted = 0;
  await holds(
    t,
    fc.property(codes, (value) => {
      if (!loads(value)) return;
      accepted++;
      t.true(validate(pipeline(value)), JSON.stringify(value));
    }),
  );
  t.true(accepted > 5);
});

test('refuses codes that cannot be read, as the loader does', (t) => {
  for (const bad of ['4xx,,', 'many', '', 4030, -1, 403.5, '40 3', ['4xx', 'x'], [], '> =3']) {
    t.false(loads(bad), JSON.stringify(bad));
    t.false(validate(pipeline(bad)), JSON.stringify(bad));
  }
});

test('takes a reference for codes', (t) => {
  t.true(validate(pipeline(`\${CODES:->400}`)));
});
