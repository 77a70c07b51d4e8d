import { pipelineJsonSchema } from '../config/json-schema.ts';
import type { ComponentSpec } from '../core/component.ts';
import type { TextOutput } from '../core/log.ts';

/** `kaudit-pipe schema`: the JSON Schema of a pipeline file, for editors. */
export function schema(io: { readonly components: readonly ComponentSpec[]; readonly stdout: TextOutput }): number {
  io.stdout.write(`${JSON.stringify(pipelineJsonSchema(io.components), null, 2)}\n`);
  return 0;
}
