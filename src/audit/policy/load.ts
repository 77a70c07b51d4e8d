import { KauditError, messageOf } from '../../core/errors.ts';
import { decode } from './load/decode.ts';
import { kindOf, structOf } from './load/decode-kind.ts';
import { toPlain } from './load/decode-plain.ts';
import { goNameOf, structNamed } from './load/decode-types.ts';
import { checkJson } from './load/json-syntax.ts';
import { utf8Text } from './load/utf8.ts';
import { validationProblem } from './load/validate.ts';
import { type YamlAsJson, yamlToJson } from './load/yaml/read.ts';
import type { Policy } from './policy.ts';

/** A policy that kube-apiserver would load, as it understands it: empty lists and strings are left out. */
export interface LoadedPolicy {
  readonly policy: Policy;
  /** What it would log while loading: fields it does not know and keys that are set twice, all in one text. */
  readonly warnings: readonly string[];
}

/** A policy that kube-apiserver would refuse. The message is what it would say, word for word. */
export class PolicyError extends KauditError {
  readonly warnings: readonly string[];

  constructor(message: string, warnings: readonly string[], options?: ErrorOptions) {
    super('config', message, options);
    this.warnings = warnings;
  }
}

/**
 * Reads an audit policy as kube-apiserver 1.36 does, as strictly and as leniently: JSON if the text begins with `{`,
 * YAML otherwise; the first document only; fields of wrong types are errors, unknown and repeated ones are not. Throws
 * a `PolicyError`, whose message is upstream's, and nothing else.
 */
export function loadPolicy(text: string | Uint8Array): Policy {
  return loadPolicyWithWarnings(text).policy;
}

/** The same, with what upstream would log about a policy that it loads nevertheless. */
export function loadPolicyWithWarnings(text: string | Uint8Array): LoadedPolicy {
  if (typeof text !== 'string' && !(text instanceof Uint8Array)) {
    throw new TypeError(`a policy is loaded from a text or bytes, not from ${text === null ? 'null' : typeof text}`);
  }
  const { policy, warnings } = read(typeof text === 'string' ? Buffer.from(text) : text);
  if (policy === undefined) throw new PolicyError(NO_VERSION, warnings);
  const problem = validationProblem(policy) ?? (policy.rules?.length ? undefined : NO_RULES);
  if (problem !== undefined) throw new PolicyError(problem, warnings);
  return { policy, warnings };
}

const NO_VERSION = 'unknown group version field audit.k8s.io/__internal, Kind=Policy in policy';
const NO_RULES = 'loaded illegal policy with 0 rules';
const FALLBACK = 'Audit policy contains errors, falling back to lenient decoding';

interface Read {
  /** Undefined if the text names no version: it is then read as the server's own form, and that is not served. */
  readonly policy: Policy | undefined;
  readonly warnings: readonly string[];
}

function read(bytes: Uint8Array): Read {
  try {
    return readObject(bytes);
  } catch (error) {
    throw new PolicyError(`failed decoding: ${messageOf(error)}`, [], { cause: error });
  }
}

function readObject(bytes: Uint8Array): Read {
  const original = utf8Text(bytes);
  const { json, duplicates } = isJson(original) ? jsonAsItIs(bytes, original) : yamlToJson(bytes);
  const type = structOf(kindOf(json, original));
  const { value, strict } = decode(json, type);
  if (goNameOf(type) !== 'Policy') throw new Error(`converting (${type.name}) to (audit.Policy): unknown conversion`);
  const doubts = duplicates === undefined ? strict : [duplicates, ...strict];
  const warnings = doubts.length === 0 ? [] : [`${FALLBACK}: strict decoding error: ${doubts.join(', ')}`];
  if (type !== structNamed('v1.Policy')) return { policy: undefined, warnings };
  const { kind, apiVersion, ...policy } = toPlain(type, value);
  return { policy: { kind: 'Policy', apiVersion: 'audit.k8s.io/v1', ...policy }, warnings };
}

function jsonAsItIs(bytes: Uint8Array, text: string): YamlAsJson {
  checkJson(Buffer.from(bytes).toString('latin1'));
  return { json: text, duplicates: undefined };
}

/** White space as Go knows it: a byte order mark is none. */
function isJson(text: string): boolean {
  return /^[\t\n\v\f\r \x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]*\{/.test(text);
}
