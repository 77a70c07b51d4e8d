import test from 'ava';
import {
  ConfigError,
  EventError,
  formatProblem,
  KauditError,
  messageOf,
  OutputClosedError,
  SinkError,
} from '../../src/core/errors.ts';

const cause = new Error('ENOSPC');

test('every error has a code, keeps its cause and is called what it is', (t) => {
  const errors = [
    new KauditError('usage', 'x', { cause }),
    new EventError('not-json', 'x', { cause }),
    new SinkError('x', { cause }),
    new OutputClosedError('x', { cause }),
  ];
  t.deepEqual(
    errors.map(({ name, code, message }) => `${name} ${code} ${message}`),
    ['KauditError usage x', 'EventError not-json x', 'SinkError sink-write x', 'OutputClosedError output-closed x'],
  );
  for (const error of errors) {
    t.is(error.cause, cause);
    t.true(error instanceof KauditError);
  }
});

test('an event that was not kept whole has its length and digest', (t) => {
  const excerpt = { bytes: 100_000, sha256: 'ab' };
  t.deepEqual(new EventError('event-too-large', 'x', { excerpt }).excerpt, excerpt);
  t.is(new EventError('not-json', 'x').excerpt, undefined);
});

test('a failed write is tried again unless it says otherwise, and means all of it unless it names a part', (t) => {
  const plain = new SinkError('busy');
  t.deepEqual([plain.retryable, plain.retryAfterMs, plain.failed], [true, undefined, undefined]);
  const failed = [{ index: 1, retryable: false, message: 'refused' }];
  const told = new SinkError('busy', { code: 'sink-timeout', retryable: false, retryAfterMs: 500, failed });
  t.deepEqual([told.code, told.retryable, told.retryAfterMs, told.failed], ['sink-timeout', false, 500, failed]);
});

test('a closed output is no failed write, so that nobody tries it again', (t) => {
  t.false(new OutputClosedError('x') instanceof SinkError);
});

test('problems of a configuration come all at once, each with its place', (t) => {
  const problems = [
    { file: 'a.yaml', line: 18, column: 5, path: 'sinks[1].too', message: 'unknown key' },
    { file: 'a.yaml', line: 2, path: '', message: 'no YAML' },
    { file: 'b.yaml', path: '', message: 'cannot be read' },
    { file: 'c.yaml', path: 'source', message: 'missing' },
  ];
  const error = new ConfigError(problems);
  t.is(error.code, 'config');
  t.deepEqual(error.problems, problems);
  t.is(
    error.message,
    'a.yaml:18:5 sinks[1].too: unknown key\na.yaml:2:1 no YAML\nb.yaml cannot be read\nc.yaml source: missing',
  );
  t.is(formatProblem(problems[3] as (typeof problems)[number]), 'c.yaml source: missing');
});

test('gives the text of anything that was thrown', (t) => {
  t.is(messageOf(new TypeError('no')), 'no');
  t.is(messageOf('text'), 'text');
  t.is(messageOf(undefined), 'undefined');
  t.is(messageOf({ toString: () => 'odd' }), 'odd');
});
