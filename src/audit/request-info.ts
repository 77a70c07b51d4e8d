import { selectedName } from './list-query.ts';
import type { Attributes } from './policy/policy.ts';
import { type RequestUri, splitUri } from './request-uri.ts';

/** What the path of a request says, all but who asks for what verb. */
export type RequestInfo = Omit<Attributes, 'verb' | 'user'>;

/** What a path may have in front of the resource; it was the way to ask for a verb once. */
const VERB_PREFIXES = ['watch', 'proxy'];
/** Parts of a Namespace object, not resources in a namespace. */
const NAMESPACE_SUBRESOURCES = ['status', 'finalize'];
/** apis, group, version, verb prefix, namespaces, namespace, resource, name, subresource: what follows is ignored. */
const MAX_PARTS = 9;
const SLASH = 0x2f;

/**
 * Reads a recorded `requestURI` as kube-apiserver read the request before it asked its policy: the object named here is
 * what a policy matches. It differs from the event's objectRef, whose empty fields were filled in from the body later.
 *
 * A resource request is `/api/VERSION/...` or `/apis/GROUP/VERSION/...` with something behind the version, known to the
 * server or not; everything else is not one. Escapes are decoded before the path is split, so `a%2Fb` is two parts;
 * empty parts count, slashes at either end do not. `verb` is the event's: a list or watch without a name in its path
 * has the one that its field selector asks for.
 *
 * Any text is answered, in linear time.
 */
export function requestInfo(requestURI: string, verb: string): RequestInfo {
  const { verb: _, user: __, ...info } = requestAttributes(splitUri(requestURI), verb, null);
  return info;
}

/** As `requestInfo`, of a URI that was split, and with who asks for what verb. */
export function requestAttributes({ path, query }: RequestUri, verb: string, user: Attributes['user']): Attributes {
  const parts = splitPath(path);
  const grouped = parts[0] === 'apis';
  const version = grouped ? 2 : 1;
  if (parts.length < version + 2 || !(grouped || parts[0] === 'api')) return notAboutResources(path, verb, user);

  let at = version + 1;
  const prefixed = VERB_PREFIXES.includes(parts[at] as string);
  const proxied = parts[at] === 'proxy';
  if (prefixed) at++;

  let namespace = '';
  if (parts[at] === 'namespaces') {
    namespace = parts[at + 1] ?? '';
    const below = parts[at + 2];
    if (below !== undefined && !NAMESPACE_SUBRESOURCES.includes(below)) at += 2;
  }
  const inPath = parts[at + 1] ?? '';
  const selects = inPath === '' && query !== '' && !prefixed && (verb === 'list' || verb === 'watch');
  return {
    isResourceRequest: true,
    path,
    verb,
    namespace,
    apiGroup: grouped ? (parts[1] as string) : '',
    apiVersion: parts[version] as string,
    resource: parts[at] ?? '',
    subresource: proxied ? '' : (parts[at + 2] ?? ''),
    name: selects ? selectedName(query) : inPath,
    user: user ?? null,
  };
}

function notAboutResources(path: string, verb: string, user: Attributes['user']): Attributes {
  return {
    isResourceRequest: false,
    path,
    verb,
    namespace: '',
    apiGroup: '',
    apiVersion: '',
    resource: '',
    subresource: '',
    name: '',
    user: user ?? null,
  };
}

function splitPath(path: string): string[] {
  let start = 0;
  let end = path.length;
  while (start < end && path.charCodeAt(start) === SLASH) start++;
  while (end > start && path.charCodeAt(end - 1) === SLASH) end--;
  const parts: string[] = [];
  while (parts.length < MAX_PARTS) {
    const slash = path.indexOf('/', start);
    if (slash < 0 || slash >= end) {
      parts.push(path.slice(start, end));
      break;
    }
    parts.push(path.slice(start, slash));
    start = slash + 1;
  }
  return parts;
}
