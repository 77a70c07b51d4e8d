import type { EventHead } from '../../../core/event.ts';
import { FIELD } from '../../fields.ts';
import { BytesHead } from '../../head.ts';
import { decodeString, findMember } from '../../json-scan.ts';
import { seek } from '../../member-table.ts';
import { METADATA, REQUEST, REQUEST_RESPONSE } from './ranks.ts';

/**
 * The label on an event whose recording lacks what the policy asks for: `requestObject`, `responseObject`, or
 * `requestObject,responseObject`. It names the bodies that kube-apiserver left out of this event and would not have left
 * out under this policy, as far as the event tells whether there was a body:
 *
 * - it was recorded at a lower level than the policy's, and requests like this can have the body;
 * - or it was too large, and lost its bodies (annotation `audit.k8s.io/truncated`).
 *
 * Patches by webhooks (annotations `patch.webhook.admission.k8s.io/`) are missing wherever requestObject is.
 * managedFields that the recording left out look like managedFields that never were: of those nothing is said.
 */
export const UNRESTORED = 'policy.unrestored';

const TRUNCATED = 'audit.k8s.io/truncated';
const WITH_BODY: ReadonlySet<string | undefined> = new Set(['create', 'update', 'patch', 'delete', 'deletecollection']);
/** Subresources that are answered with a stream, unless the request is refused. */
const STREAMS: ReadonlySet<string | undefined> = new Set(['attach', 'exec', 'log', 'portforward', 'proxy']);
const SUBRESOURCE = Buffer.from('subresource');

/** What an event recorded at one rank lacks of what another one records: a value for the label, or "" for nothing. */
export function missing(head: EventHead, recorded: number, wanted: number): string {
  if (wanted < REQUEST) return '';
  const had = recorded >= REQUEST && isTruncated(head) ? METADATA : recorded;
  if (wanted <= had || head.stage === 'RequestReceived') return '';
  const subresource = subresourceOf(head);
  const request = had < REQUEST && mayHaveRequest(head, subresource);
  const response = wanted >= REQUEST_RESPONSE && mayHaveResponse(head, subresource);
  if (request) return response ? 'requestObject,responseObject' : 'requestObject';
  return response ? 'responseObject' : '';
}

/** The annotation may also stand on a later stage of the same request, which kept its bodies. */
function isTruncated(head: EventHead): boolean {
  if (head.annotation(TRUNCATED) === undefined) return false;
  return !(head instanceof BytesHead && (seek(head, FIELD.requestObject) > 0 || seek(head, FIELD.responseObject) > 0));
}

function mayHaveRequest({ verb }: EventHead, subresource: string | undefined): boolean {
  return WITH_BODY.has(verb) && subresource !== undefined && !STREAMS.has(subresource);
}

function mayHaveResponse(head: EventHead, subresource: string | undefined): boolean {
  if (head.verb !== 'watch' && !STREAMS.has(subresource)) return true;
  return (head.code ?? 0) >= 400;
}

/** `undefined` if the request is not about a resource, "" if about one as such. */
function subresourceOf(head: EventHead): string | undefined {
  if (!(head instanceof BytesHead))
    return head.objectRef === undefined ? undefined : (head.objectRef.subresource ?? '');
  const ref = seek(head, FIELD.objectRef);
  if (ref === 0) return undefined;
  const at = findMember(head.bytes, ref, head.end, SUBRESOURCE);
  return at < 0 ? '' : decodeString(head.bytes, at, head.end);
}
