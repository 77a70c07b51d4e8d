import { resolve } from 'node:path';
import { z } from 'zod';

/**
 * A path in a component's options. Relative ones are relative to the file that names them: whoever parses a pipeline
 * does so inside `relativeTo`; elsewhere it is the current directory. The output is absolute.
 */
export function filePath(): z.ZodType<string, string> {
  return z
    .string()
    .meta({ unit: 'path' })
    .min(1, { error: 'must not be empty' })
    .refine((path) => !path.includes('\0'), { error: 'must not hold a NUL character' })
    .refine((path) => path !== '~' && !path.startsWith('~/'), { error: '~ is not expanded, write the full path' })
    .transform((path) => resolve(base, path))
    .meta({ unit: 'path' });
}

let base = '.';

/** Runs `parse`, in which every `filePath()` starts from this directory. Parsing is synchronous, so calls cannot mix. */
export function relativeTo<T>(directory: string, parse: () => T): T {
  const before = base;
  base = directory;
  try {
    return parse();
  } finally {
    base = before;
  }
}
