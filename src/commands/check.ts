import { type LoadOptions, loadFiles } from '../config/load.ts';
import { ConfigError, formatProblem } from '../core/errors.ts';

/** `kaudit-pipe check`: every problem of these files on stderr, or what they mean on stdout, as YAML, file by file. */
export async function check(
  paths: readonly string[],
  {
    stdout,
    stderr,
    ...options
  }: LoadOptions & { readonly stdout: NodeJS.WritableStream; readonly stderr: NodeJS.WritableStream },
): Promise<number> {
  if (paths.length === 0) {
    stderr.write('nothing to check, name a pipeline file or a directory of them with -c\n');
    return 2;
  }
  try {
    const files = await loadFiles(paths, options);
    const [{ resolvedPipeline }, { stringify }] = await Promise.all([import('../config/resolved.ts'), import('yaml')]);
    const texts = files.map((loaded) => {
      const yaml = stringify(resolvedPipeline(loaded), { lineWidth: 0, aliasDuplicateObjects: false });
      return `# ${loaded.file}\n${yaml}`;
    });
    stdout.write(texts.join('---\n'));
    return 0;
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    for (const problem of error.problems) stderr.write(`${formatProblem(problem)}\n`);
    return 2;
  }
}
