import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { parse } from 'yaml';
import type { Policy } from '../../src/audit/policy/policy.ts';

const folder = new URL('../fixtures/policy/', import.meta.url);

/** The rows of test/fixtures/policy/NAME.jsonl.gz, one JSON value a line. */
export function policyCases<T>(name: string): readonly T[] {
  return jsonLines(gunzipSync(readFileSync(new URL(`${name}.jsonl.gz`, folder))).toString()).map((line) =>
    JSON.parse(line),
  );
}

/** Events as kube-apiserver v1.36 wrote them at level RequestResponse, a line each. */
export function recordedEvents(): readonly string[] {
  return jsonLines(readFileSync(new URL('events.jsonl', folder), 'utf8'));
}

export function policyFile(name: string): Policy {
  return parse(readFileSync(new URL(`policies/${name}.yaml`, folder), 'utf8'));
}

function jsonLines(text: string): string[] {
  return text.trimEnd().split('\n');
}
