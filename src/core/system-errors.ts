import { dirname } from 'node:path';
import { messageOf } from './errors.ts';

/**
 * Why a file cannot be written, in plain words and with a remedy: `disk full, free some space`. `path` is the file,
 * unless the error names another place. `remedies` holds, by code, advice that fits the caller better. An error that
 * is not known is told as it is.
 */
export function explainSystemError(
  error: unknown,
  path: string,
  remedies: Readonly<Record<string, string>> = {},
): string {
  const code = codeOf(error);
  const { path: place = path } = error as NodeJS.ErrnoException;
  const explanation = EXPLANATIONS[code]?.(place);
  return explanation === undefined
    ? messageOf(error)
    : `${explanation.reason}, ${remedies[code] ?? explanation.remedy}`;
}

/** Why a file or a folder cannot be read, in plain words, without its path. An error that is not known is told as it is. */
export function explainReadError(error: unknown): string {
  return READING[codeOf(error)]?.() ?? messageOf(error);
}

/** The code of an error of the system, such as ENOSPC; empty for any other. */
export function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}

interface Explanation {
  readonly reason: string;
  readonly remedy: string;
}

const EXPLANATIONS: Readonly<Record<string, (path: string) => Explanation>> = {
  ENOSPC: () => ({ reason: 'disk full', remedy: 'free some space' }),
  EDQUOT: () => ({ reason: 'disk quota used up', remedy: 'raise it or free some space' }),
  EFBIG: () => ({
    reason: 'the file has reached its size limit',
    remedy: 'raise the limit (ulimit -f) or rotate the file',
  }),
  EIO: () => ({ reason: 'input/output error', remedy: 'check the disk' }),
  EACCES: () => ({ reason: 'permission denied', remedy: `let user id ${process.getuid?.()} write there` }),
  EPERM: () => ({
    reason: 'operation not permitted',
    remedy: 'remove its append-only or immutable attribute (chattr -a -i)',
  }),
  EROFS: () => ({ reason: 'read-only file system', remedy: 'make it writable or choose another path' }),
  ENOENT: (path) => ({ reason: `folder ${dirname(path)} does not exist`, remedy: 'create it' }),
  ENOTDIR: (path) => ({ reason: `${dirname(path)} is not a folder`, remedy: 'choose another path' }),
  EEXIST: (path) => ({ reason: `${path} is not a folder`, remedy: 'choose another path' }),
  EISDIR: () => ({ reason: 'it is a folder', remedy: 'name a file in it' }),
  ENXIO: () => ({ reason: 'it is a pipe that nobody reads', remedy: 'start its reader first' }),
};

const READING: Readonly<Record<string, () => string>> = {
  EACCES: () => `permission denied, let user id ${process.getuid?.()} read it`,
  EISDIR: () => 'it is a directory',
  ELOOP: () => 'its symbolic links go round in a circle',
  ENAMETOOLONG: () => 'the name is too long',
  ENOENT: () => 'no such file or directory',
  ENOTDIR: () => 'a part of its path is a file, not a directory',
};
