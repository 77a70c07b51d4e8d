import type { Token } from './tokens.ts';

/** Tokens that were scanned and not yet taken. They are numbered from 0 in the order in which they are taken. */
export class TokenQueue {
  readonly #tokens: Token[] = [];
  #head = 0;
  #taken = 0;

  get isEmpty(): boolean {
    return this.#head === this.#tokens.length;
  }

  get head(): Token {
    const head = this.#tokens[this.#head];
    if (head === undefined) throw new Error('no token');
    return head;
  }

  /** How many were taken: the number of the head. */
  get taken(): number {
    return this.#taken;
  }

  /** The number of the next one to be pushed. */
  get added(): number {
    return this.#taken + this.#tokens.length - this.#head;
  }

  push(token: Token): void {
    this.#tokens.push(token);
  }

  /** Counted from the head. A negative position is the end: also where a key goes whose token was taken too early. */
  insert(token: Token, position: number): void {
    if (position < 0) this.#tokens.push(token);
    else this.#tokens.splice(this.#head + position, 0, token);
  }

  take(): void {
    this.#taken++;
    this.#head++;
    if (this.#head < this.#tokens.length) return;
    this.#tokens.length = 0;
    this.#head = 0;
  }
}
