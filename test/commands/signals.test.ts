import { mock } from 'node:test';
import test, { type ExecutionContext } from 'ava';
import { onSignals } from '../../src/commands/signals.ts';

/** What was heard of signals, each given at its time in milliseconds. */
function heard(
  t: ExecutionContext,
  ...signals: readonly (readonly [signal: 'SIGINT' | 'SIGTERM', at: number])[]
): readonly string[] {
  const calls: string[] = [];
  let now = 0;
  const clock = mock.method(performance, 'now', () => now);
  const end = onSignals((code, { urgent }) => void calls.push(`${code}${urgent ? ' urgent' : ''}`));
  t.teardown(end);
  for (const [signal, at] of signals) {
    now = at;
    process.emit(signal);
  }
  end();
  clock.mock.restore();
  return calls;
}

test.serial('a signal stops, with the exit code that stands for it', (t) => {
  t.deepEqual(heard(t, ['SIGINT', 0]), ['130']);
  t.deepEqual(heard(t, ['SIGTERM', 0]), ['143']);
  t.deepEqual(heard(t), []);
});

test.serial('a second signal is urgent, whichever it is', (t) => {
  t.deepEqual(heard(t, ['SIGINT', 0], ['SIGINT', 2000]), ['130', '130 urgent']);
  t.deepEqual(heard(t, ['SIGTERM', 5], ['SIGINT', 500]), ['143', '130 urgent']);
});

test.serial('what comes together is one signal', (t) => {
  t.deepEqual(heard(t, ['SIGINT', 0], ['SIGINT', 3]), ['130']);
  t.deepEqual(heard(t, ['SIGTERM', 0], ['SIGINT', 0], ['SIGINT', 101]), ['143', '130 urgent']);
});

test.serial('listens no more when it was ended', (t) => {
  const before = ['SIGINT', 'SIGTERM'].map((signal) => process.listenerCount(signal));
  const end = onSignals(() => t.fail());
  t.deepEqual(
    ['SIGINT', 'SIGTERM'].map((signal) => process.listenerCount(signal)),
    before.map((count) => count + 1),
  );
  end();
  end();
  t.deepEqual(
    ['SIGINT', 'SIGTERM'].map((signal) => process.listenerCount(signal)),
    before,
  );
});
