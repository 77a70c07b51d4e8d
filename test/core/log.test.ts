import { mock } from 'node:test';
import test from 'ava';
import { stderrLog } from '../../src/core/log.ts';

test('writes a line on stderr for each message, with its level unless it is plain information', (t) => {
  const lines: string[] = [];
  const write = mock.method(process.stderr, 'write', (text: string) => lines.push(text) > 0);
  const log = stderrLog();
  log.info('done');
  log.warn('odd');
  log.error('lost');
  write.mock.restore();
  t.deepEqual(lines, ['kaudit-pipe: done\n', 'kaudit-pipe: warn: odd\n', 'kaudit-pipe: error: lost\n']);
});
