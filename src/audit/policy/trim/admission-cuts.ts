import type { Edit } from '../../../core/event.ts';
import { OPEN_OBJECT } from '../../json-bytes.ts';
import { findMember, valueEnd } from '../../json-scan.ts';
import { type Cutting, cutMembers, first, isNamed, type Member, next, valueAt } from './cutting.ts';
import { cutManagedFields } from './managed-fields.ts';
import { REQUEST } from './ranks.ts';

const REQUEST_MEMBER = Buffer.from('request');
/** What an AdmissionReview holds of objects; the rest is metadata. */
const BODIES = ['object', 'oldObject', 'options'].map((name) => Buffer.from(name));

/** The edits that make of an AdmissionReview what is to be left of it. The record has been checked. */
export function admissionCuts(
  { chunk, start, end }: { readonly chunk: Buffer; readonly start: number; readonly end: number },
  { rank, managedFields }: { readonly rank: number; readonly managedFields: boolean },
): readonly Edit[] {
  const of: Cutting = { bytes: chunk, start, end, edits: [] };
  const request = findMember(chunk, start, end, REQUEST_MEMBER);
  let key = request < 0 || chunk[request] !== OPEN_OBJECT ? -1 : first(of, request);
  const gone: Member[] = [];
  while (key >= 0) {
    const name = key;
    const value = valueAt(of, name);
    const behind = valueEnd(chunk, value, end);
    if (BODIES.some((body) => isNamed(chunk, name, body))) {
      if (rank < REQUEST) gone.push({ key: name, end: behind });
      else if (!managedFields) cutManagedFields(of, value);
    }
    key = next(of, behind);
  }
  cutMembers(of, gone);
  return of.edits;
}
