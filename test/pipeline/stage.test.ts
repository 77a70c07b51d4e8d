import test from 'ava';
import { eventOf } from '../../src/audit/bytes-event.ts';
import type { DropReason, Transform } from '../../src/core/component.ts';
import { emptyCounts, imbalance } from '../../src/core/counts.ts';
import type { Rejected } from '../../src/core/dead-letter.ts';
import { EventError } from '../../src/core/errors.ts';
import type { AuditEvent } from '../../src/core/event.ts';
import { Stage } from '../../src/pipeline/stage.ts';
import { transformBy } from '../contracts/planned.ts';
import { eventsOf, idOf } from '../contracts/testing.ts';

function run(transform: Transform, events: readonly AuditEvent[], drops?: DropReason) {
  const counts = { ...emptyCounts(), read: events.length, buffered: events.length };
  const rejected: Rejected[] = [];
  const stage = new Stage({ transform, component: 'splitter', drops, counts });
  const result = stage.apply(events, rejected);
  return { result, rejected, counts, stage };
}

test('returns the array it was given when nothing changed', (t) => {
  const events = eventsOf(['a', 'b']);
  const { result, counts } = run({ apply: (event) => event }, events);
  t.is(result, events);
  t.like(counts, { filtered: 0, made: 0, buffered: 2 });
});

test('counts drops as filtered, or as what the transform calls them', (t) => {
  const dropB = transformBy((id) => (id === 'b' ? 'drop' : 'keep'));
  for (const [drops, word] of [
    [undefined, 'filtered'],
    ['policyDropped', 'policyDropped'],
    ['deduplicated', 'deduplicated'],
  ] as const) {
    const { result, counts } = run(dropB, eventsOf(['a', 'b', 'c']), drops);
    t.deepEqual(result.map(idOf), ['a', 'c']);
    t.is(counts[word], 1);
    t.is(counts.buffered, 2);
    t.is(imbalance(counts), 0);
  }
});

test('puts the parts of a split event in its place and counts the additional ones', (t) => {
  const { result, counts } = run(
    transformBy((id) => (id === 'b' ? 3 : 'keep')),
    eventsOf(['a', 'b', 'c']),
    'policyDropped',
  );
  t.deepEqual(result.map(idOf), ['a', 'b.0', 'b.1', 'b.2', 'c']);
  t.like(counts, { made: 2, buffered: 5 });
  t.is(imbalance(counts), 0);
});

test('counts an event that was split into nothing as filtered', (t) => {
  const { result, counts } = run(
    transformBy(() => 0),
    eventsOf(['a']),
    'policyDropped',
  );
  t.deepEqual(result, []);
  t.like(counts, { filtered: 1, policyDropped: 0, made: 0, buffered: 0 });
});

test('puts a changed event in the place of the old one', (t) => {
  const { result } = run(
    { apply: (event) => (idOf(event) === 'b' ? (eventsOf(['B'])[0] as AuditEvent) : event) },
    eventsOf(['a', 'b', 'c']),
  );
  t.deepEqual(result.map(idOf), ['a', 'B', 'c']);
});

test('rejects the one event on which a transform throws', (t) => {
  const { result, rejected, counts } = run(
    transformBy((id) => (id === 'b' ? 'refuse' : 'keep')),
    eventsOf(['a', 'b', 'c']),
  );
  t.deepEqual(result.map(idOf), ['a', 'c']);
  t.deepEqual(
    rejected.map(({ event, component, error }) => [idOf(event), component, error.code, error.message]),
    [['b', 'splitter', 'transform', 'splitter failed on this event: cannot read b']],
  );
  t.is(counts.buffered, 3);
});

test('passes on an error that says itself what is wrong', (t) => {
  const error = new EventError('not-json', 'not JSON at byte 1');
  const { rejected } = run(
    {
      apply() {
        throw error;
      },
    },
    eventsOf(['a']),
  );
  t.is(rejected[0]?.error, error);
});

test('rejects the parts of a split event that carry a fault', (t) => {
  const fault = new EventError('event-too-large', 'too large');
  const broken = eventOf('{"half', undefined, { fault });
  const { result, rejected, counts } = run({ apply: (event) => [event, broken] }, eventsOf(['a']));
  t.deepEqual(result.map(idOf), ['a']);
  t.is(rejected[0]?.error, fault);
  t.is(rejected[0]?.event, broken);
  t.like(counts, { made: 1, buffered: 2 });
});

test('counts events of the transform’s own making', (t) => {
  const asked: string[] = [];
  const { stage, counts } = run(
    {
      apply: (event) => event,
      flush(reason) {
        asked.push(reason);
        return eventsOf(['summary']);
      },
    },
    [],
  );
  t.deepEqual(stage.flush('tick').map(idOf), ['summary']);
  t.deepEqual(stage.flush('stop').map(idOf), ['summary']);
  t.deepEqual(asked, ['tick', 'stop']);
  t.like(counts, { made: 2, buffered: 2 });
  t.deepEqual(new Stage({ transform: { apply: (event) => event }, component: 'x', counts }).flush('stop'), []);
});
