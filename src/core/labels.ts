import type { Labels } from './event.ts';

/** Of an event that no transform has labelled. */
export const NO_LABELS: Labels = Object.freeze({});

/** Both together; where a label is in both, the added one. */
export function mergeLabels(labels: Labels, added: Labels): Labels {
  return labels === NO_LABELS ? added : { ...labels, ...added };
}
