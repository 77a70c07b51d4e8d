import { YamlError } from './error.ts';
import { emptyScalar, type YamlEvent } from './events.ts';
import type { Scanner } from './scanner.ts';
import { Tags } from './tags.ts';
import type { Token, TokenType } from './tokens.ts';

type State = () => YamlEvent;

/**
 * The grammar of YAML 1.1 over the scanner's tokens. Open collections are on a stack of its own, so that depth costs
 * no call stack. Lines in its errors count from 0: they name the line before the one that is meant, as upstream does.
 */
export class Parser {
  readonly #scanner: Scanner;
  readonly #tags = new Tags();
  /** What to go on with when the node at hand is complete. */
  readonly #states: State[] = [];
  #state: State;

  constructor(scanner: Scanner) {
    this.#scanner = scanner;
    scanner.skip();
    this.#state = this.#firstDocument;
  }

  next(): YamlEvent {
    return this.#state();
  }

  readonly #firstDocument = (): YamlEvent => {
    const { type } = this.#scanner.peek();
    const explicit = type === 'version-directive' || type === 'tag-directive' || type === 'document-start';
    if (explicit || type === 'stream-end') return this.#document();
    this.#tags.setDefaults();
    this.#states.push(this.#documentEnd);
    this.#state = this.#blockNode;
    return { type: 'document-start' };
  };

  readonly #document = (): YamlEvent => {
    while (this.#scanner.peek().type === 'document-end') this.#scanner.skip();
    if (this.#scanner.peek().type === 'stream-end') return { type: 'stream-end' };
    this.#tags.readDirectives(this.#scanner);
    const start = this.#scanner.peek();
    if (start.type !== 'document-start') throw new YamlError('did not find expected <document start>', start.line);
    this.#states.push(this.#documentEnd);
    this.#state = this.#documentContent;
    this.#scanner.skip();
    return { type: 'document-start' };
  };

  readonly #documentContent = (): YamlEvent => {
    const { type, line } = this.#scanner.peek();
    const none: readonly TokenType[] = [
      'version-directive',
      'tag-directive',
      'document-start',
      'document-end',
      'stream-end',
    ];
    if (!none.includes(type)) return this.#blockNode();
    this.#leave();
    return emptyScalar(line);
  };

  readonly #documentEnd = (): YamlEvent => {
    if (this.#scanner.peek().type === 'document-end') this.#scanner.skip();
    this.#tags.clear();
    this.#state = this.#document;
    return { type: 'document-end' };
  };

  readonly #blockNode = (): YamlEvent => this.#node('block');

  readonly #blockSequence = (): YamlEvent => {
    const token = this.#scanner.peek();
    if (token.type === 'block-end') return this.#endCollection();
    if (token.type !== 'block-entry') throw new YamlError("did not find expected '-' indicator", token.line);
    this.#scanner.skip();
    return this.#nodeUnless(['block-entry', 'block-end'], this.#blockSequence, 'block', token.line);
  };

  /** Entries at the column of the key they belong to; it has no end of its own. */
  readonly #indentlessSequence = (): YamlEvent => {
    const token = this.#scanner.peek();
    if (token.type !== 'block-entry') {
      this.#leave();
      return { type: 'collection-end' };
    }
    this.#scanner.skip();
    const ends: readonly TokenType[] = ['block-entry', 'key', 'value', 'block-end'];
    return this.#nodeUnless(ends, this.#indentlessSequence, 'block', token.line);
  };

  readonly #blockKey = (): YamlEvent => {
    const token = this.#scanner.peek();
    if (token.type === 'block-end') return this.#endCollection();
    if (token.type !== 'key') throw new YamlError('did not find expected key', token.line);
    this.#scanner.skip();
    return this.#nodeUnless(['key', 'value', 'block-end'], this.#blockValue, 'value', token.line);
  };

  readonly #blockValue = (): YamlEvent => {
    const token = this.#scanner.peek();
    this.#state = this.#blockKey;
    if (token.type !== 'value') return emptyScalar(token.line);
    this.#scanner.skip();
    return this.#nodeUnless(['key', 'value', 'block-end'], this.#blockKey, 'value', token.line);
  };

  readonly #flowSequenceStart = (): YamlEvent => this.#flowSequenceEntry(this.#scanner.peek());

  readonly #flowSequence = (): YamlEvent => {
    const token = this.#scanner.peek();
    if (token.type === 'flow-sequence-end') return this.#endCollection();
    if (token.type !== 'flow-entry') throw new YamlError("did not find expected ',' or ']'", token.line);
    this.#scanner.skip();
    return this.#flowSequenceEntry(this.#scanner.peek());
  };

  #flowSequenceEntry(token: Token): YamlEvent {
    if (token.type === 'flow-sequence-end') return this.#endCollection();
    if (token.type !== 'key') return this.#nodeThen(this.#flowSequence, 'flow');
    this.#state = this.#pairKey;
    this.#scanner.skip();
    return { type: 'mapping-start', line: token.line, anchor: '' };
  }

  /** A mapping of one pair, written as an entry of a sequence: `[a: b]`. */
  readonly #pairKey = (): YamlEvent => {
    const token = this.#scanner.peek();
    const ends: readonly TokenType[] = ['value', 'flow-entry', 'flow-sequence-end'];
    if (!ends.includes(token.type)) return this.#nodeThen(this.#pairValue, 'flow');
    this.#scanner.skip();
    this.#state = this.#pairValue;
    return emptyScalar(token.line);
  };

  readonly #pairValue = (): YamlEvent => {
    const token = this.#scanner.peek();
    this.#state = this.#pairEnd;
    if (token.type !== 'value') return emptyScalar(token.line);
    this.#scanner.skip();
    return this.#nodeUnless(['flow-entry', 'flow-sequence-end'], this.#pairEnd, 'flow', token.line);
  };

  readonly #pairEnd = (): YamlEvent => {
    this.#scanner.peek();
    this.#state = this.#flowSequence;
    return { type: 'collection-end' };
  };

  readonly #flowMappingStart = (): YamlEvent => this.#flowMappingEntry(this.#scanner.peek());

  readonly #flowMapping = (): YamlEvent => {
    const token = this.#scanner.peek();
    if (token.type === 'flow-mapping-end') return this.#endCollection();
    if (token.type !== 'flow-entry') throw new YamlError("did not find expected ',' or '}'", token.line);
    this.#scanner.skip();
    return this.#flowMappingEntry(this.#scanner.peek());
  };

  #flowMappingEntry(token: Token): YamlEvent {
    if (token.type === 'flow-mapping-end') return this.#endCollection();
    if (token.type !== 'key') return this.#nodeThen(this.#flowNoValue, 'flow');
    this.#scanner.skip();
    const ends: readonly TokenType[] = ['value', 'flow-entry', 'flow-mapping-end'];
    return this.#nodeUnless(ends, this.#flowValue, 'flow');
  }

  readonly #flowValue = (): YamlEvent => {
    const token = this.#scanner.peek();
    this.#state = this.#flowMapping;
    if (token.type !== 'value') return emptyScalar(token.line);
    this.#scanner.skip();
    return this.#nodeUnless(['flow-entry', 'flow-mapping-end'], this.#flowMapping, 'flow');
  };

  readonly #flowNoValue = (): YamlEvent => {
    this.#state = this.#flowMapping;
    return emptyScalar(this.#scanner.peek().line);
  };

  /** A node, then `after`; where one of these tokens stands instead, an empty scalar at `line` or at that token. */
  #nodeUnless(ends: readonly TokenType[], after: State, place: Place, line?: number): YamlEvent {
    const token = this.#scanner.peek();
    if (!ends.includes(token.type)) return this.#nodeThen(after, place);
    this.#state = after;
    return emptyScalar(line ?? token.line);
  }

  #nodeThen(after: State, place: Place): YamlEvent {
    this.#states.push(after);
    return this.#node(place);
  }

  #node(place: Place): YamlEvent {
    const first = this.#scanner.peek();
    if (first.type === 'alias') {
      this.#leave();
      this.#scanner.skip();
      return { type: 'alias', line: first.line, anchor: first.text };
    }
    const { anchor, tag } = this.#tags.readProperties(this.#scanner);
    const token = this.#scanner.peek();
    const { line } = first;
    if (place === 'value' && token.type === 'block-entry') {
      this.#state = this.#indentlessSequence;
      return { type: 'sequence-start', line, anchor };
    }
    if (token.type === 'scalar') {
      this.#leave();
      this.#scanner.skip();
      const implicit = (tag === '' && token.plain) || tag === '!';
      return { type: 'scalar', line, anchor, tag, text: token.text, implicit };
    }
    const collection = this.#collection(token.type, place);
    if (collection !== undefined) {
      this.#scanner.skip();
      this.#state = collection.state;
      return { type: collection.type, line, anchor };
    }
    if (anchor === '' && tag === '') throw new YamlError('did not find expected node content', token.line);
    this.#leave();
    return { type: 'scalar', line, anchor, tag, text: '', implicit: tag === '' };
  }

  #collection(type: TokenType, place: Place) {
    if (type === 'flow-sequence-start') return { type: 'sequence-start', state: this.#flowSequenceStart } as const;
    if (type === 'flow-mapping-start') return { type: 'mapping-start', state: this.#flowMappingStart } as const;
    if (place === 'flow') return undefined;
    if (type === 'block-sequence-start') return { type: 'sequence-start', state: this.#blockSequence } as const;
    if (type === 'block-mapping-start') return { type: 'mapping-start', state: this.#blockKey } as const;
    return undefined;
  }

  #endCollection(): YamlEvent {
    this.#scanner.skip();
    this.#leave();
    return { type: 'collection-end' };
  }

  #leave(): void {
    this.#state = this.#states.pop() ?? this.#documentEnd;
  }
}

/** `value`: entries of a sequence may stand at the key's own column. */
type Place = 'block' | 'value' | 'flow';
