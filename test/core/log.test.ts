import test from 'ava';
import { logTo } from '../../src/core/log.ts';

function recorded() {
  const writes: string[] = [];
  return { writes, log: logTo({ write: (text) => writes.push(text) }) };
}

test('writes a line for each message, with its level unless it is plain information', (t) => {
  const { writes, log } = recorded();
  log.info('done');
  log.warn('odd');
  log.error('lost');
  t.deepEqual(writes, ['kaudit-pipe: done\n', 'kaudit-pipe: warn: odd\n', 'kaudit-pipe: error: lost\n']);
});

test('every line of a message begins like the first, and all of them are one write', (t) => {
  const { writes, log } = recorded();
  log.error('--codes: wrong\n--stages: wrong too');
  t.deepEqual(writes, ['kaudit-pipe: error: --codes: wrong\nkaudit-pipe: error: --stages: wrong too\n']);
});
