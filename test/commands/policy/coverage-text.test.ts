import test from 'ava';
import fc from 'fast-check';
import { eventOf } from '../../../src/audit/bytes-event.ts';
import { Coverage } from '../../../src/audit/policy/coverage.ts';
import type { Policy } from '../../../src/audit/policy/policy.ts';
import { coverageText } from '../../../src/commands/policy/coverage-text.ts';
import { holds } from '../../support/property.ts';
import { eventLine } from './folder.ts';

function report(policy: Policy, events: readonly Record<string, unknown>[], top = 3): readonly string[] {
  const coverage = new Coverage(policy);
  for (const event of events) coverage.add(eventOf(eventLine(event).trimEnd()));
  return coverageText(coverage, { file: 'p', policy, lines: [], warnings: [] }, top).split('\n');
}

test('no line is wider than 120 columns, however long the names and however many the rules', async (t) => {
  const word = fc.string({ maxLength: 300, size: 'max' });
  const events = fc.array(fc.record({ verb: word, requestURI: word, user: fc.record({ username: word }) }), {
    minLength: 1,
    maxLength: 12,
  });
  const rules = fc.array(fc.constantFrom({ level: 'RequestResponse', users: ['nobody'] }, { level: 'None' }), {
    maxLength: 40,
    size: 'max',
  });
  await holds(
    t,
    fc.property(rules, events, (some, log) => {
      const wide = report({ rules: some }, log, 9).find((line) => line.length > 120);
      if (wide !== undefined) throw new Error(wide);
    }),
    { runs: 60 },
  );
});

test('many rules that are never hit take several lines', (t) => {
  const lines = report({ rules: [{ level: 'None' }, ...Array(40).fill({ level: 'Metadata' })] }, [{}], 0);
  const from = lines.findIndex((line) => line.startsWith('never hit: rule 1, rule 2'));
  t.true(from > 0);
  t.regex(lines[from + 1] ?? '', /^ {11}rule \d+, /);
  t.is(
    lines
      .slice(from)
      .join(' ')
      .match(/rule \d+/g)?.length,
    40,
  );
});

test('sizes are rounded to what a person reads', (t) => {
  const log = (bytes: number) => {
    const pad = bytes - eventLine({ userAgent: '' }).length;
    return report({ rules: [{ level: 'None' }] }, [{ userAgent: 'x'.repeat(pad) }], 0)[1];
  };
  t.regex(log(999) ?? '', / 999 B /);
  t.regex(log(1000) ?? '', / 1\.0 KiB /);
  t.regex(log(5 * 1024 * 1024) ?? '', / 5\.0 MiB /);
});

test('without an event nothing is saved', (t) => {
  const lines = report({ rules: [{ level: 'None' }] }, []);
  t.regex(lines.at(-3) ?? '', /all +0 +0 B +0 +0 B +-$/);
  t.is(lines.at(-2), 'never hit: rule 0');
});

test('events that lack what the policy asks for are pointed out', (t) => {
  const event = { level: 'Metadata', verb: 'create', objectRef: { resource: 'pods' } };
  const lines = report({ rules: [{ level: 'Request' }] }, [event, event]);
  t.is(lines.at(-2), 'recorded with less than the policy asks for: 2 events, so bytes out is too low');
});

test('counts that may be too low have a mark, and a line that explains it', (t) => {
  const users = Array.from({ length: 4100 }, (_, index) => ({ user: { username: `u${index % 4050}` }, verb: 'get' }));
  const lines = report({ rules: [{ level: 'None' }] }, users);
  t.regex(lines.find((line) => line.includes('users')) ?? '', / \d+\+, /);
  t.regex(lines.find((line) => line.includes('verbs')) ?? '', / get 4100$/);
  t.regex(lines.at(-2) ?? '', /^\+ at least: /);
});

test('names cannot break the table', (t) => {
  const lines = report({ rules: [{ level: 'None' }] }, [{ user: { username: 'a\n\x1b[2Jb, c' }, verb: 'get' }]);
  t.is(lines[2], String.raw`      users      a\n\u001b[2Jb, c 1`);
});
