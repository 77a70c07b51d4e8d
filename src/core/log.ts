/**
 * The program's own messages. info: did what was asked; warn: odd, but nothing was lost; error: data was lost or a
 * person is needed. Never called per event.
 */
export interface Log {
  info(message: string): void;
  warn(message: string): void;
  error(message: string): void;
}

/** Where text goes, such as standard error. */
export interface TextOutput {
  write(text: string): unknown;
}

/**
 * Lines of the form `kaudit-pipe: warn: message`; info without its level. Every line of a longer message begins like
 * that, so that whoever reads the output line by line knows whose it is. A message is one write.
 */
export function logTo(output: TextOutput): Log {
  const print = (level: string, message: string) => {
    output.write(
      message
        .split('\n')
        .map((line) => `kaudit-pipe: ${level}${line}\n`)
        .join(''),
    );
  };
  return {
    info: (message) => print('', message),
    warn: (message) => print('warn: ', message),
    error: (message) => print('error: ', message),
  };
}
