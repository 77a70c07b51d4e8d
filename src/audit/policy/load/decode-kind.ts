import { typeProblem } from './decode.ts';
import { type StructType, structNamed } from './decode-types.ts';
import { quote } from './go-quote.ts';
import { JsonCursor } from './json-cursor.ts';

/** What an object says it is. */
export interface KindOfObject {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
}

const GROUP = 'audit.k8s.io';
const INTERNAL = '__internal';
/** How upstream's messages call the set of the kinds it knows. */
const SCHEME = 'k8s.io/apiserver/pkg/audit/scheme.go:30';

const OPTIONS = ['CreateOptions', 'DeleteOptions', 'GetOptions', 'ListOptions', 'PatchOptions', 'UpdateOptions'];
const AUDIT = ['Event', 'EventList', 'Policy', 'PolicyList'];
/** These are what they are in any group and version. */
const UNVERSIONED = ['APIGroup', 'APIGroupList', 'APIResourceList', 'APIVersions', 'Status'];

/** The struct that upstream reads an object of this kind into, or its error for a kind it does not know. */
export function structOf({ group, version, kind }: KindOfObject): StructType {
  const known = group === GROUP || (group === '' && version !== '');
  if (known && version === INTERNAL && kind === 'WatchEvent') return structNamed('v1.InternalEvent');
  if (group === GROUP && version === INTERNAL && AUDIT.includes(kind)) return structNamed(`audit.${kind}`);
  if (group === GROUP && version === 'v1' && AUDIT.includes(kind)) return structNamed(`v1.${kind}`);
  if (known && version === 'v1' && [...OPTIONS, 'WatchEvent'].includes(kind)) return structNamed(`v1.${kind}`);
  if (UNVERSIONED.includes(kind)) return structNamed(`v1.${kind}`);
  const where =
    version === INTERNAL ? `the internal version of group ${quote(group)}` : `version ${quote(joined(group, version))}`;
  throw new Error(`no kind ${quote(kind)} is registered for ${where} in scheme ${quote(SCHEME)}`);
}

/**
 * Reads `apiVersion` and `kind`, in any case of letters. What is missing is that of a policy in the server's own form.
 * `original` is the text for an error that shows it.
 */
export function kindOf(json: string, original: string): KindOfObject {
  const { apiVersion, kind } = readNames(json);
  const named = { ...parseVersion(apiVersion), kind: kind === '' ? 'Policy' : kind };
  if (named.version !== '') return named;
  if (named.group !== '' && named.group !== GROUP) throw new Error(`Object 'apiVersion' is missing in '${original}'`);
  return { ...named, group: GROUP, version: INTERNAL };
}

function joined(group: string, version: string): string {
  return group === '' ? version : `${group}/${version}`;
}

function parseVersion(text: string): { readonly group: string; readonly version: string } {
  if (text === '' || text === '/') return { group: '', version: '' };
  const parts = text.split('/');
  if (parts.length > 2) throw new Error(`unexpected GroupVersion string: ${text}`);
  const [first = '', second] = parts;
  return second === undefined ? { group: '', version: first } : { group: first, version: second };
}

const NAMES_STRUCT = String.raw`struct { APIVersion string "json:\"apiVersion,omitempty\""; Kind string "json:\"kind,omitempty\"" }`;

function readNames(json: string): { readonly apiVersion: string; readonly kind: string } {
  const names = { apiVersion: '', kind: '' };
  const problem = readInto(names, json);
  if (problem !== undefined) throw new Error(`couldn't get version/kind; json parse error: ${problem}`);
  return names;
}

/** The first value of a wrong type is the problem; null says nothing. */
function readInto(names: { apiVersion: string; kind: string }, json: string): string | undefined {
  const cursor = new JsonCursor(json);
  const whole = cursor.peek();
  if (whole === 'null') return undefined;
  if (whole !== 'object') return typeProblem(whole, NAMES_STRUCT, { struct: '', path: '' });
  let problem: string | undefined;
  cursor.open();
  while (cursor.more()) {
    const name = nameOf(cursor.takeKey());
    const kind = cursor.peek();
    if (name !== undefined && kind === 'string') {
      names[name] = cursor.takeString();
      continue;
    }
    if (name !== undefined && kind !== 'null') problem ??= typeProblem(kind, 'string', { struct: '', path: name });
    cursor.take();
  }
  return problem;
}

function nameOf(key: string): 'apiVersion' | 'kind' | undefined {
  const folded = key.replaceAll('\u017f', 's').toLowerCase();
  if (folded === 'apiversion') return 'apiVersion';
  return folded === 'kind' ? 'kind' : undefined;
}
