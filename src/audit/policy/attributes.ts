import type { AuditEvent, EventHead, ObjectRef } from '../../core/event.ts';
import { FIELD } from '../fields.ts';
import { BytesHead } from '../head.ts';
import { seek } from '../member-table.ts';
import { requestAttributes } from '../request-info.ts';
import { splitUri } from '../request-uri.ts';
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
  if (!(head instanceof BytesHead)) return requestAttributes(splitUri(head.requestURI ?? ''), verb, userOf(head));
  return requestAttributes(uriOf(head, verb), verb, userAt(head.bytes, seek(head, FIELD.user), head.end));
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
