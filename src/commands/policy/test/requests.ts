import type { Attributes } from '../../../audit/policy/policy.ts';
import { requestInfo } from '../../../audit/request-info.ts';
import type { TestRequest } from './schema.ts';

/** What a policy sees of a request that is written in a test file. */
export function writtenAttributes(request: TestRequest): Attributes {
  const { verb, uri } = request;
  const user = userOf(request);
  if (uri !== undefined) return { ...requestInfo(uri, verb), verb, user };
  const { resource = '', subresource = '', apiGroup = '', apiVersion = 'v1', name = '' } = request;
  const namespace = request.namespace ?? (isNamespaceItself(request) ? name : '');
  return {
    isResourceRequest: true,
    path: '',
    verb,
    namespace,
    apiGroup,
    apiVersion,
    resource,
    subresource,
    name,
    user,
  };
}

/** kube-apiserver takes a Namespace object to lie in itself. */
function isNamespaceItself({ resource, apiGroup = '' }: TestRequest): boolean {
  return resource === 'namespaces' && apiGroup === '';
}

function userOf({ user, groups }: TestRequest): NonNullable<Attributes['user']> | null {
  if (user === undefined && groups === undefined) return null;
  return { username: user ?? '', groups: groups ?? groupsOf(user ?? '') };
}

/** The groups that kube-apiserver puts every user like this in. */
function groupsOf(user: string): readonly string[] {
  if (user === 'system:anonymous') return ['system:unauthenticated'];
  const namespace = /^system:serviceaccount:(?<namespace>[^:]+):[^:]+$/.exec(user)?.groups?.namespace;
  const ofAccounts = namespace === undefined ? [] : ['system:serviceaccounts', `system:serviceaccounts:${namespace}`];
  return [...ofAccounts, 'system:authenticated'];
}
