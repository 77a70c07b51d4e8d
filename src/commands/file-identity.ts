import { readlink, realpath, stat } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join, resolve } from 'node:path';

/** More symbolic links one after the other than the system follows. */
const MAX_LINKS = 40;

/**
 * The same text for every name of a regular file, whether it exists already or would be made by opening the name;
 * `undefined` for a device, a pipe or a folder, which cannot be written over.
 */
export async function fileIdentity(path: string): Promise<string | undefined> {
  const status = await statusOf(path);
  if (status !== undefined) return status.isFile() ? `${status.dev}:${status.ino}` : undefined;
  const real = await realPath(path);
  for (let folder = dirname(real); ; folder = dirname(folder)) {
    const around = await statusOf(folder);
    if (around !== undefined) return `${around.dev}:${around.ino}:${real.slice(folder.length)}`;
    if (folder === dirname(folder)) return real;
  }
}

/**
 * The path without links, also where its last parts do not exist: those are as they are named, with `..` taken
 * literally, because folders that are made on the way are no links. A link that leads nowhere is followed.
 */
async function realPath(path: string, links = 0): Promise<string> {
  const whole = await realpath(path).catch(() => undefined);
  if (whole !== undefined) return whole;
  const parent = dirname(path);
  if (parent === path) return resolve(path);
  const target = links < MAX_LINKS ? await readlink(path).catch(() => undefined) : undefined;
  const folder = await realPath(parent, links);
  if (target === undefined) return join(folder, basename(path));
  return realPath(isAbsolute(target) ? target : `${folder}/${target}`, links + 1);
}

function statusOf(path: string) {
  return stat(path, { bigint: true }).catch(() => undefined);
}
