import type { Cursor } from './cursor.ts';

interface SimpleKey {
  /** Number of the token that it begins with. */
  readonly token: number;
  readonly line: number;
  readonly column: number;
  readonly index: number;
  /** It stands where only a key can be, so a missing `:` is an error. */
  readonly required: boolean;
  possible: boolean;
}

const NO_KEY = { token: 0, line: 0, column: 0, index: 0, required: false, possible: false } as const;
const MAX_LENGTH = 1024;

/** Where a key without `?` may have begun: at most one per level of brackets, each on one line and not too long. */
export class SimpleKeys {
  readonly #cursor: Cursor;
  readonly #levels: SimpleKey[] = [NO_KEY];
  readonly #levelOf = new Map<number, number>();

  constructor(cursor: Cursor) {
    this.#cursor = cursor;
  }

  /** Whether the token of this number may turn out to begin a key: it cannot be taken yet. */
  mayBegin(token: number): boolean {
    const level = this.#levelOf.get(token);
    const key = level === undefined ? undefined : this.#levels[level];
    return key !== undefined && this.#isValid(key);
  }

  save(token: number, required: boolean): void {
    this.remove();
    const { line, column, index } = this.#cursor;
    this.#levels[this.#levels.length - 1] = { token, line, column, index, required, possible: true };
    this.#levelOf.set(token, this.#levels.length - 1);
  }

  /** None can begin any more where it may have. */
  remove(): void {
    const key = this.#key;
    if (!key.possible) return;
    if (key.required) throw this.#missing();
    key.possible = false;
    this.#levelOf.delete(key.token);
  }

  /** The key that a `:` here belongs to. */
  take(): { readonly token: number; readonly line: number; readonly column: number } | undefined {
    const key = this.#key;
    if (!this.#isValid(key)) return undefined;
    key.possible = false;
    this.#levelOf.delete(key.token);
    return key;
  }

  /** An opening bracket, the token of this number. */
  open(token: number): void {
    this.#levels.push({ ...NO_KEY, token });
  }

  /**
   * A closing bracket. If nothing in between could be a key, the bracket's own number is forgotten with its level: an
   * empty `[]` or `{}` is then handed out before a `:` behind it is seen.
   */
  close(): void {
    this.#levelOf.delete(this.#key.token);
    this.#levels.pop();
  }

  get #key(): SimpleKey {
    const key = this.#levels.at(-1);
    if (key === undefined) throw new Error('no level');
    return key;
  }

  #isValid(key: SimpleKey): boolean {
    if (!key.possible) return false;
    if (key.line >= this.#cursor.line && key.index + MAX_LENGTH >= this.#cursor.index) return true;
    if (key.required) throw this.#missing();
    key.possible = false;
    return false;
  }

  #missing() {
    return this.#cursor.error("could not find expected ':'");
  }
}
