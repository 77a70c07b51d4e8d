import { breakText, CODE, isBlank, isBlankOrEnd, isBreak, isBreakOrEnd } from './characters.ts';
import { YamlError } from './error.ts';
import type { Source } from './source.ts';

const MARKED_CHARACTERS = 500;

/** A place in a YAML text; lines and columns count from 0, columns in characters. */
export class Cursor {
  line = 0;
  column = 0;
  #at = 0;
  #surrogates = 0;
  readonly #text: string;
  readonly #limit: number;
  readonly #problem: string;
  readonly #markedEnd: number;

  constructor(source: Source) {
    this.#text = source.text;
    this.#limit = source.limit;
    this.#problem = source.problem;
    this.#markedEnd = source.text.startsWith('\ufeff') ? MARKED_CHARACTERS : 0;
    this.require(1);
  }

  get at(): number {
    return this.#at;
  }

  /** Characters before this place. */
  get index(): number {
    return this.#at - this.#surrogates;
  }

  /** The code unit that many places ahead, at most three; CODE.END behind the text. */
  code(ahead = 0): number {
    return this.#text.charCodeAt(this.#at + ahead);
  }

  /** From an earlier `at` to here. */
  textFrom(start: number): string {
    return this.#text.slice(start, this.#at);
  }

  /** Over characters that are no line breaks. */
  skip(count = 1): void {
    for (let done = 0; done < count; done++) {
      if ((this.code() & 0xfc00) === 0xd800) {
        this.#at++;
        this.#surrogates++;
      }
      this.#at++;
      this.column++;
    }
    this.require(1);
  }

  /** Over characters that are not marked in the table, which has the first 128 and ends the run at all others. */
  skipRun(table: Uint8Array): void {
    const start = this.#at;
    while (table[this.#text.charCodeAt(this.#at)] === 0) this.#at++;
    this.column += this.#at - start;
    this.require(1);
  }

  /** Over a line break, if there is one; what it means inside a scalar. */
  skipBreak(): string {
    const code = this.code();
    if (!isBreak(code)) return '';
    this.#at += code === CODE.CARRIAGE_RETURN && this.code(1) === CODE.LINE_FEED ? 2 : 1;
    this.column = 0;
    this.line++;
    this.require(1);
    return breakText(code);
  }

  /** The end of the text counts as a line of its own, unless a break is the last thing before it. */
  beginLine(): void {
    if (this.column === 0) return;
    this.column = 0;
    this.line++;
  }

  /**
   * Over a second byte order mark at the beginning of the text. Where there is one, upstream takes the first character
   * of every line nearby for it.
   */
  skipMark(): void {
    if (this.column === 0 && this.#at < this.#markedEnd) this.skip();
  }

  skipBlanks(): void {
    while (isBlank(this.code())) this.skip();
  }

  skipComment(): void {
    if (this.code() !== CODE.HASH) return;
    while (!isBreakOrEnd(this.code())) this.skip();
  }

  /** `---` or `...` at the beginning of a line. */
  atDocumentIndicator(): boolean {
    return this.atIndicator(CODE.DASH) || this.atIndicator(CODE.DOT);
  }

  atIndicator(code: number): boolean {
    return (
      this.column === 0 &&
      this.code() === code &&
      this.code(1) === code &&
      this.code(2) === code &&
      isBlankOrEnd(this.code(3))
    );
  }

  /** Of what is wrong here: the line is counted from 1, but 0 stands for the first. */
  error(problem: string): YamlError {
    return new YamlError(problem, this.line === 0 ? 0 : this.line + 1);
  }

  /** That so many characters can be read from here. */
  require(count: number): void {
    if (this.#at + count > this.#limit) throw new YamlError(this.#problem);
  }
}
