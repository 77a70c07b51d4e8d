import test from 'ava';
import { eventOf } from '../../../src/audit/bytes-event.ts';
import { Refusals } from '../../../src/commands/policy/refusals.ts';
import { EventError } from '../../../src/core/errors.ts';
import { outputs } from '../output.ts';

function refused(count: number, truncated = 0): readonly string[] {
  const { written, stderr } = outputs();
  const refusals = new Refusals(stderr);
  for (let line = 1; line <= count; line++) {
    const event = eventOf('x', { source: 'a.log', line, offset: 0 });
    refusals.add({ event, component: 'parse', error: new EventError('not-json', 'not JSON') });
  }
  refusals.finish({ truncated });
  return written.stderr.split('\n').slice(0, -1);
}

test('each record is named with its place and the reason', (t) => {
  t.deepEqual(refused(2), ['a.log:1 left out: not JSON', 'a.log:2 left out: not JSON']);
});

test('of very many the first hundred are named, the others counted', (t) => {
  const lines = refused(250);
  t.is(lines.length, 101);
  t.is(lines.at(-2), 'a.log:100 left out: not JSON');
  t.is(lines.at(-1), '150 more records were left out');
});

test('events that lost their bodies are told', (t) => {
  t.deepEqual(refused(0, 3), ['3 larger than the limit, looked at without their bodies']);
  t.deepEqual(refused(0), []);
});
