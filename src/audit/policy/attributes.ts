import type { AuditEvent, EventHead, ObjectRef } from '../../core/event.ts';
import { FIELD } from '../fields.ts';
import { BytesHead } from '../head.ts';
import { seek } from '../member-table.ts';
import { requestInfo, uriInfo } from '../request-info.ts';
import { uriOf } from './attributes/event-uri.ts';
import { userAt } from './attributes/event-user.ts';
import type { Attributes } from './policy.ts';

/**
 * What a policy looks at in a recorded event: its `requestURI`, `verb` and `user`, never its objectRef. `user: {}`, a
 * null and no user at all are nobody.
 *
 * An AdmissionReview has no path: who asks is its userInfo, the operation gives the verb (CONNECT counts as create), and
 * the rest is as its request says.
 *
 * Throws an EventError where the head of the event is not JSON.
 */
export function attributesOf(event: AuditEvent): Attributes {
  const { head } = event;
  if (head.kind === 'AdmissionReview') return admissionAttributes(head);
  const verb = head.verb ?? '';
  const fromBytes = head instanceof BytesHead;
  const info = fromBytes ? uriInfo(uriOf(head, verb), verb) : requestInfo(head.requestURI ?? '', verb);
  const { isResourceRequest, path, namespace, apiGroup, apiVersion, resource, subresource, name } = info;
  const user = fromBytes ? userAt(head.bytes, seek(head, FIELD.user), head.end) : userOf(head);
  return { isResourceRequest, path, verb, namespace, apiGroup, apiVersion, resource, subresource, name, user };
}

function admissionAttributes(head: EventHead): Attributes {
  const {
    namespace = '',
    apiGroup = '',
    apiVersion = '',
    resource = '',
    subresource = '',
    name = '',
  }: ObjectRef = head.objectRef ?? {};
  return {
    isResourceRequest: true,
    path: '',
    verb: head.verb ?? '',
    namespace,
    apiGroup,
    apiVersion,
    resource,
    subresource,
    name,
    user: userOf(head),
  };
}

function userOf({ user }: EventHead): NonNullable<Attributes['user']> | null {
  return user === undefined ? null : { username: user.username ?? '', groups: user.groups ?? [] };
}
