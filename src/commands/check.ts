import { type LoadedFile, type LoadOptions, loadFiles } from '../config/load.ts';
import { dataDirOf } from '../core/data-dir.ts';
import { ConfigError, type Problem } from '../core/errors.ts';
import type { TextOutput } from '../core/log.ts';
import { findOverwriting } from './overwriting.ts';
import { noPipelineFile, refuse } from './refuse.ts';
import { rejectsPath } from './rejects.ts';

/** `kaudit-pipe check`: every problem of these files on stderr, or what they mean on stdout, as YAML, file by file. */
export async function check(
  paths: readonly string[],
  { stdout, stderr, ...options }: LoadOptions & { readonly stdout: TextOutput; readonly stderr: TextOutput },
): Promise<number> {
  try {
    if (paths.length === 0) throw noPipelineFile('check');
    const files = await loadFiles(paths, options);
    const problems = await overwritingIn(files, options);
    if (problems.length > 0) throw new ConfigError(problems);
    const [{ resolvedPipeline }, { stringify }] = await Promise.all([import('../config/resolved.ts'), import('yaml')]);
    const texts = files.map((loaded) => {
      const yaml = stringify(resolvedPipeline(loaded), { lineWidth: 0, aliasDuplicateObjects: false });
      return `# ${loaded.file}\n${yaml}`;
    });
    stdout.write(texts.join('---\n'));
    return 0;
  } catch (error) {
    return refuse(error, stderr);
  }
}

async function overwritingIn(files: readonly LoadedFile[], { env }: LoadOptions): Promise<readonly Problem[]> {
  const dataDir = dataDirOf(undefined, env);
  const plans = files.map(({ plan }) => plan);
  const found = await findOverwriting(plans, (pipeline) => rejectsPath(dataDir, pipeline));
  return found.map(({ pipeline, message }) => {
    const { file = '' } = files.find(({ plan }) => plan.name === pipeline) ?? {};
    return { file, path: '', message };
  });
}
