import { messageOf } from '../core/errors.ts';

/** Why a pipeline file, a folder of them or a secret cannot be read, without the path and the system call. */
export function reasonOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return REASONS[code] ?? messageOf(error);
}

const REASONS: Readonly<Record<string, string>> = {
  EACCES: 'permission denied, let this user read it',
  EISDIR: 'it is a directory',
  ELOOP: 'its symbolic links go round in a circle',
  ENAMETOOLONG: 'the name is too long',
  ENOENT: 'no such file or directory',
  ENOTDIR: 'a part of its path is a file, not a directory',
};
