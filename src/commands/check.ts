import { type LoadOptions, loadFiles } from '../config/load.ts';
import type { TextOutput } from '../core/log.ts';
import { noPipelineFile, refuse } from './refuse.ts';

/** `kaudit-pipe check`: every problem of these files on stderr, or what they mean on stdout, as YAML, file by file. */
export async function check(
  paths: readonly string[],
  { stdout, stderr, ...options }: LoadOptions & { readonly stdout: TextOutput; readonly stderr: TextOutput },
): Promise<number> {
  try {
    if (paths.length === 0) throw noPipelineFile('check');
    const files = await loadFiles(paths, options);
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
