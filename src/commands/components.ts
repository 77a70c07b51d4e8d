import { componentList, componentText } from '../config/reference.ts';
import { didYouMean } from '../config/suggest.ts';
import type { ComponentSpec } from '../core/component.ts';
import { KauditError } from '../core/errors.ts';
import type { TextOutput } from '../core/log.ts';
import { refuse } from './refuse.ts';

/** `kaudit-pipe components [TYPE...]`: the list of all, or the options of those with this type, of whatever kind. */
export function components(
  types: readonly string[],
  io: {
    readonly components: readonly ComponentSpec[];
    readonly stdout: TextOutput;
    readonly stderr: TextOutput;
  },
): number {
  if (types.length === 0) {
    io.stdout.write(componentList(io.components));
    return 0;
  }
  const known = [...new Set(io.components.map(({ type }) => type))];
  const unknown = types.filter((type) => !known.includes(type));
  if (unknown.length > 0) {
    const problems = unknown.map((type) => `unknown component "${type}"${didYouMean(type, known)}`);
    return refuse(new KauditError('usage', problems.join('\n')), io.stderr);
  }
  const specs = types.flatMap((type) => io.components.filter((spec) => spec.type === type));
  io.stdout.write(specs.map(componentText).join('\n'));
  return 0;
}
