/**
 * The program's own messages. info: did what was asked; warn: odd, but nothing was lost; error: data was lost or a
 * person is needed. Never called per event.
 */
export interface Log {
  info(message: string): void;
  warn(message: string): void;
  error(message: string): void;
}

/** Lines on stderr, `kaudit-pipe: warn: message`; info without its level. */
export function stderrLog(): Log {
  const print = (level: string, message: string) => process.stderr.write(`kaudit-pipe: ${level}${message}\n`);
  return {
    info: (message) => void print('', message),
    warn: (message) => void print('warn: ', message),
    error: (message) => void print('error: ', message),
  };
}
