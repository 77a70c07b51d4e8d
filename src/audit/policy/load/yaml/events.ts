/** What a document consists of, in order; `line` is where it begins, from 0. No anchor and no tag are "". */
export type YamlEvent =
  | { readonly type: 'document-start' | 'document-end' | 'stream-end' | 'collection-end' }
  | { readonly type: 'alias'; readonly line: number; readonly anchor: string }
  | { readonly type: 'sequence-start' | 'mapping-start'; readonly line: number; readonly anchor: string }
  | {
      readonly type: 'scalar';
      readonly line: number;
      readonly anchor: string;
      readonly tag: string;
      readonly text: string;
      /** Neither quoted nor a block nor tagged: what it is, its text says. */
      readonly implicit: boolean;
    };

/** Where a value is missing. */
export function emptyScalar(line: number): YamlEvent {
  return { type: 'scalar', line, anchor: '', tag: '', text: '', implicit: true };
}
