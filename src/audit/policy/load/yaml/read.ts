import { checkJson } from '../json-syntax.ts';
import { construct } from './construct.ts';
import { firstDocument } from './nodes.ts';
import { toJson } from './to-json.ts';

export interface YamlAsJson {
  readonly json: string;
  /** What a strict reader says about keys that are set twice; undefined if there are none. */
  readonly duplicates: string | undefined;
}

/**
 * The first YAML document of a text as JSON. It takes exactly what kube-apiserver takes (sigs.k8s.io/yaml over
 * go.yaml.in/yaml/v2), and throws with its words where it refuses. No text takes it more than linear time and memory,
 * but for aliases, whose limits are upstream's.
 */
export function yamlToJson(bytes: Uint8Array): YamlAsJson {
  const root = firstDocument(bytes);
  if (root === undefined) return { json: 'null', duplicates: undefined };
  const { value, duplicates } = construct(root);
  return {
    json: checked(toJson(value)),
    duplicates: duplicates.length === 0 ? undefined : `yaml: unmarshal errors:\n  ${duplicates.join('\n  ')}`,
  };
}

/** JSON has a limit on depth that YAML does not have where aliases add to it. */
function checked(json: string): string {
  checkJson(json);
  return json;
}
