/** What the scanner makes of a YAML text, and what the parser reads. */
export type TokenType =
  | 'stream-start'
  | 'stream-end'
  | 'version-directive'
  | 'tag-directive'
  | 'document-start'
  | 'document-end'
  | 'block-sequence-start'
  | 'block-mapping-start'
  | 'block-end'
  | 'flow-sequence-start'
  | 'flow-sequence-end'
  | 'flow-mapping-start'
  | 'flow-mapping-end'
  | 'block-entry'
  | 'flow-entry'
  | 'key'
  | 'value'
  | 'alias'
  | 'anchor'
  | 'tag'
  | 'scalar';

export interface Token {
  readonly type: TokenType;
  /** Where it begins, from 0. */
  readonly line: number;
  /** A scalar's text, an anchor's or alias's name, a tag's or tag directive's handle, a version. */
  readonly text: string;
  /** What follows a tag's handle; what a tag directive's handle stands for. */
  readonly suffix: string;
  /** Of a scalar: neither quoted nor a block. */
  readonly plain: boolean;
}

export function token(type: TokenType, line: number, text = '', suffix = ''): Token {
  return { type, line, text, suffix, plain: false };
}
