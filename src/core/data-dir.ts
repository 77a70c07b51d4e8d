import { homedir } from 'node:os';
import { join } from 'node:path';

/**
 * The folder for everything that must outlive the process (positions, buffers, dead letters): the option, else
 * KAUDIT_DATA_DIR, else /var/lib/kaudit-pipe for root, else kaudit-pipe under XDG_STATE_HOME. It is made when it is
 * first needed.
 */
export function dataDirOf(option: string | undefined, env: Readonly<Record<string, string | undefined>>): string {
  if (option !== undefined) return option;
  if (env.KAUDIT_DATA_DIR) return env.KAUDIT_DATA_DIR;
  if (process.getuid?.() === 0) return '/var/lib/kaudit-pipe';
  return join(env.XDG_STATE_HOME || join(homedir(), '.local', 'state'), 'kaudit-pipe');
}
