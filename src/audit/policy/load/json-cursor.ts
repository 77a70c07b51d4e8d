export type JsonKind = 'object' | 'array' | 'string' | 'number' | 'bool' | 'null';

const KINDS: Readonly<Record<string, JsonKind>> = {
  '{': 'object',
  '[': 'array',
  '"': 'string',
  t: 'bool',
  f: 'bool',
  n: 'null',
};

/** Walks the values of a JSON text that was checked (json-syntax.ts). It never descends by itself. */
export class JsonCursor {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
    this.#skipSpace();
  }

  /** Of the value that begins here. */
  peek(): JsonKind {
    return KINDS[this.#text.charAt(this.#at)] ?? 'number';
  }

  /** The value that begins here as it is written; the cursor goes behind it. */
  take(): string {
    const start = this.#at;
    this.#at = this.#valueEnd();
    const text = this.#text.slice(start, this.#at);
    this.#skipSpace();
    return text;
  }

  /** A string or the key of a member; surrogates that are not pairs become U+FFFD. */
  takeString(): string {
    return (JSON.parse(this.take()) as string).toWellFormed();
  }

  /** Over the opening bracket. */
  open(): void {
    this.#skipCharacter();
  }

  /** Before each member or item: false, and the cursor behind the container, if there is none left. */
  more(): boolean {
    const character = this.#text.charAt(this.#at);
    if (character === ',') this.#skipCharacter();
    if (character !== ']' && character !== '}') return true;
    this.#skipCharacter();
    return false;
  }

  /** A member's key; the cursor goes to its value. */
  takeKey(): string {
    const key = this.takeString();
    this.#skipCharacter();
    return key;
  }

  #valueEnd(): number {
    const kind = this.peek();
    if (kind === 'string') return this.#stringEnd(this.#at);
    if (kind === 'object' || kind === 'array') return this.#containerEnd();
    const scalar = /[-+.0-9A-Za-z]+/y;
    scalar.lastIndex = this.#at;
    scalar.test(this.#text);
    return scalar.lastIndex;
  }

  #containerEnd(): number {
    let depth = 0;
    let at = this.#at;
    do {
      const character = this.#text.charAt(at);
      if (character === '"') at = this.#stringEnd(at) - 1;
      else if (character === '{' || character === '[') depth++;
      else if (character === '}' || character === ']') depth--;
      at++;
    } while (depth > 0);
    return at;
  }

  #stringEnd(start: number): number {
    let at = start + 1;
    while (this.#text.charAt(at) !== '"') at += this.#text.charAt(at) === '\\' ? 2 : 1;
    return at + 1;
  }

  #skipCharacter(): void {
    this.#at++;
    this.#skipSpace();
  }

  #skipSpace(): void {
    while (' \t\r\n'.includes(this.#text.charAt(this.#at) || '!')) this.#at++;
  }
}
