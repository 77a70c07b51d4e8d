import type { Edit } from '../../../core/event.ts';
import { FIELD } from '../../fields.ts';
import type { BytesHead } from '../../head.ts';
import { OPEN_OBJECT } from '../../json-bytes.ts';
import { valueEnd } from '../../json-scan.ts';
import { bodyEnd, type Members, seek, seekFromEnd } from '../../member-table.ts';
import {
  type Cutting,
  cutMembers,
  first,
  isPrefixed,
  keyBefore,
  type Member,
  next,
  replace,
  valueAt,
} from './cutting.ts';
import { cutManagedFields } from './managed-fields.ts';
import { REQUEST, REQUEST_RESPONSE } from './ranks.ts';

/** What is to be left of an event. */
export interface Keep {
  /** Bodies and annotations of a higher level go; never above the recorded level. */
  readonly rank: number;
  /** The level to write; `undefined` leaves what stands there. */
  readonly level: string | undefined;
  readonly managedFields: boolean;
}

/** Webhooks' patches of the request object: kube-apiserver records them from Request on. */
export const PATCH_ANNOTATION = 'patch.webhook.admission.k8s.io/';
/** The verb whose requestObject is what the client sent: kube-apiserver leaves managedFields in it. */
const RAW_BODY = 'patch';
const PATCH_PREFIX = Buffer.from(PATCH_ANNOTATION);

/** The edits that make of an event what is to be left of it. The event has been checked. */
export function levelCuts(head: BytesHead, { rank, level, managedFields }: Keep): readonly Edit[] {
  const of: Cutting = { bytes: head.bytes, start: head.start, end: head.end, edits: [] };
  const written = level === undefined ? 0 : seek(head, FIELD.level);
  if (written > 0) replace(of, written, valueEnd(of.bytes, written, of.end), `"${level}"`);
  const gone: Member[] = [];
  if (rank < REQUEST) cutBody(of, head, FIELD.requestObject, gone);
  else if (!managedFields && head.verb !== RAW_BODY) cutManagedFields(of, seek(head, FIELD.requestObject));
  if (rank < REQUEST_RESPONSE) cutBody(of, head, FIELD.responseObject, gone);
  else if (!managedFields) cutManagedFields(of, seek(head, FIELD.responseObject));
  if (rank < REQUEST) {
    const annotations = seekFromEnd(head, FIELD.annotations);
    if (annotations > 0) cutPatches(of, annotations, gone);
  }
  if (gone.length > 1) gone.sort((one, other) => one.key - other.key);
  cutMembers(of, gone);
  return of.edits.sort((one, other) => one.start - other.start);
}

function cutBody(of: Cutting, members: Members, field: number, gone: Member[]): void {
  const value = seek(members, field);
  if (value > 0) gone.push({ key: keyBefore(of, value), end: bodyEnd(members, field) });
}

/** Cuts the patches, or adds all annotations to `gone` if there are no others: Go writes no empty ones. */
function cutPatches(of: Cutting, annotations: number, gone: Member[]): void {
  const { bytes, end } = of;
  if (bytes[annotations] !== OPEN_OBJECT) return;
  const patches: Member[] = [];
  let others = 0;
  let behind = annotations;
  let key = first(of, annotations);
  while (key >= 0) {
    behind = valueEnd(bytes, valueAt(of, key), end);
    if (isPrefixed(bytes, key, PATCH_PREFIX)) patches.push({ key, end: behind });
    else others++;
    key = next(of, behind);
  }
  if (patches.length === 0) return;
  if (others > 0) cutMembers(of, patches);
  else gone.push({ key: keyBefore(of, annotations), end: valueEnd(bytes, annotations, end) });
}
