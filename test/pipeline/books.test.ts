import test from 'ava';
import { imbalance } from '../../src/core/counts.ts';
import { Books, countDeadLettered } from '../../src/pipeline/books.ts';

test('adds up what happened before the fan-out and at a sink', (t) => {
  const books = new Books(['archive', 'admins']);
  books.shared.counts.read = 10;
  books.shared.counts.filtered = 4;
  books.shared.bytesRead = 1000;
  books.sink('archive').counts.delivered = 6;
  books.sink('archive').bytesDelivered = 600;
  books.sink('admins').counts.buffered = 6;
  countDeadLettered(books.sink('admins').counts, 2);
  t.like(books.of('archive'), { read: 10, filtered: 4, delivered: 6, bytesRead: 1000, bytesDelivered: 600 });
  t.like(books.of('admins'), { read: 10, filtered: 4, buffered: 4, deadLettered: 2, bytesDelivered: 0 });
  t.is(imbalance(books.of('archive')), 0);
  t.is(imbalance(books.of('admins')), 0);
});

test('knows no sink but its own', (t) => {
  t.throws(() => new Books(['archive']).of('mail'), { message: 'no sink mail in this pipeline' });
});
