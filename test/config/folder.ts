import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { ExecutionContext } from 'ava';
import { loadPlans } from '../../src/config/load.ts';
import { ConfigError, formatProblem } from '../../src/core/errors.ts';
import { components } from './specs.ts';

/** Pipeline files in a folder of their own; problems are shown as users see them, with paths from that folder on. */
export async function folder(t: ExecutionContext, files: Readonly<Record<string, string>>) {
  const directory = await mkdtemp(join(tmpdir(), 'kaudit-load-'));
  t.teardown(() => rm(directory, { recursive: true, force: true }));
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(directory, name)), { recursive: true });
    await writeFile(join(directory, name), text);
  }
  const load = (...names: readonly string[]) =>
    loadPlans(
      names.map((name) => join(directory, name)),
      { components, env: {} },
    );
  const problems = async (...names: readonly string[]) => {
    const error = await t.throwsAsync(load(...names), { instanceOf: ConfigError });
    return error.problems.map((problem) => formatProblem(problem).replaceAll(`${directory}/`, ''));
  };
  return { directory, load, problems };
}
