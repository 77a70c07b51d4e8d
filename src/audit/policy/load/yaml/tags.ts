import { YamlError } from './error.ts';
import type { Scanner } from './scanner.ts';
import type { Token } from './tokens.ts';

const DEFAULTS = [
  ['!', '!'],
  ['!!', 'tag:yaml.org,2002:'],
] as const;

/** What the handles of tags stand for in a document: `%TAG` directives, and what every document has. */
export class Tags {
  readonly #prefixes = new Map<string, string>();

  /** The directives before a document. */
  readDirectives(scanner: Scanner): void {
    let versioned = false;
    for (;;) {
      const token = scanner.peek();
      if (token.type === 'version-directive') {
        if (versioned) throw new YamlError('found duplicate %YAML directive', token.line);
        if (token.text !== '1.1') throw new YamlError('found incompatible YAML document', token.line);
        versioned = true;
      } else if (token.type === 'tag-directive') {
        if (this.#prefixes.has(token.text)) throw new YamlError('found duplicate %TAG directive', token.line);
        this.#prefixes.set(token.text, token.suffix);
      } else {
        break;
      }
      scanner.skip();
    }
    this.setDefaults();
  }

  setDefaults(): void {
    for (const [handle, prefix] of DEFAULTS) {
      if (!this.#prefixes.has(handle)) this.#prefixes.set(handle, prefix);
    }
  }

  clear(): void {
    this.#prefixes.clear();
  }

  /** What may stand before a node, in any order: an anchor, and a tag, which is made whole. */
  readProperties(scanner: Scanner): { readonly anchor: string; readonly tag: string } {
    let anchor = '';
    let tag: Token | undefined;
    for (;;) {
      const token = scanner.peek();
      if (token.type === 'anchor' && anchor === '') anchor = token.text;
      else if (token.type === 'tag' && tag === undefined) tag = token;
      else return { anchor, tag: tag === undefined ? '' : this.#resolve(tag) };
      scanner.skip();
    }
  }

  #resolve(tag: Token): string {
    if (tag.text === '') return tag.suffix;
    const prefix = this.#prefixes.get(tag.text);
    if (prefix === undefined) throw new YamlError('found undefined tag handle', tag.line);
    return prefix + tag.suffix;
  }
}
