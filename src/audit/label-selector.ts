import { isInt64 } from './int64.ts';

/**
 * Whether kube-apiserver would understand a label selector, given as bytes with one character each. In its words:
 *
 *     selector    = [ requirement { "," requirement } ]
 *     requirement = "!" key | key | key ( "=" | "==" | "!=" | ">" | "<" ) [ value ] | key ( "in" | "notin" ) values
 *     values      = "(" [ value ] { "," [ value ] } ")"
 *
 * White space separates, a NUL ends a word or the whole. `in` and `notin` are keys and values too. Keys and values are
 * those of labels; what a value is compared with by > and < is a number.
 */
export function isLabelSelector(selector: string): boolean {
  return selector === '' || new SelectorReader(selector).reads();
}

const WHITE = ' \t\r\n';
const SYMBOLS = '=!(),><';
const OPERATORS = ['=', '==', '!=', '>', '<', 'in', 'notin'];

/** A word, an operator, a bracket or a comma; "" is the end. */
type Token = string;

class SelectorReader {
  private readonly text: string;
  private at = 0;
  private token: Token = '';

  constructor(text: string) {
    this.text = text;
  }

  reads(): boolean {
    this.next();
    if (this.token === '') return true;
    while (this.requirement()) {
      const behind = this.take();
      if (behind !== ',') return behind === '';
    }
    return false;
  }

  private requirement(): boolean {
    const absent = this.token === '!';
    if (absent) this.next();
    const key = this.take();
    if (!isWord(key) || !isLabelKey(key)) return false;
    if (absent || this.token === '' || this.token === ',') return true;
    const operator = this.take();
    if (!OPERATORS.includes(operator)) return false;
    return operator === 'in' || operator === 'notin' ? this.values() : this.value(operator);
  }

  private value(operator: string): boolean {
    if (this.token !== '' && this.token !== ',' && !isWord(this.token)) return false;
    const value = isWord(this.token) ? this.take() : '';
    return isLabelValue(value) && ((operator !== '>' && operator !== '<') || isInt64(value));
  }

  private values(): boolean {
    if (this.take() !== '(') return false;
    for (;;) {
      if (isWord(this.token) && !isLabelValue(this.take())) return false;
      const behind = this.take();
      if (behind !== ',') return behind === ')';
    }
  }

  /** The token, having gone on to the next. */
  private take(): Token {
    const { token } = this;
    this.next();
    return token;
  }

  private next(): void {
    const { text } = this;
    while (this.at < text.length && WHITE.includes(text[this.at] as string)) this.at++;
    const start = this.at;
    const first = text[start] ?? '\0';
    if (first === '\0') {
      this.at = text.length;
      this.token = '';
    } else if (SYMBOLS.includes(first)) {
      this.at += (first === '=' || first === '!') && text[start + 1] === '=' ? 2 : 1;
      this.token = text.slice(start, this.at);
    } else {
      while (this.at < text.length && !endsWord(text[this.at] as string)) this.at++;
      this.token = text.slice(start, this.at);
    }
    if (text[this.at] === '\0') this.at++;
  }
}

function endsWord(char: string): boolean {
  return char === '\0' || WHITE.includes(char) || SYMBOLS.includes(char);
}

function isWord(token: Token): boolean {
  return token !== '' && !SYMBOLS.includes(token[0] as string);
}

/** `name`, or `domain.of.who.made.it/name`. */
function isLabelKey(key: string): boolean {
  const slash = key.indexOf('/');
  return (slash < 0 || isDomain(key.slice(0, slash))) && isLabelName(key.slice(slash + 1));
}

function isLabelValue(value: string): boolean {
  return value === '' || isLabelName(value);
}

function isLabelName(name: string): boolean {
  if (name.length > 63 || !isAlphanumeric(name, 0) || !isAlphanumeric(name, name.length - 1)) return false;
  for (let i = 0; i < name.length; i++)
    if (!isAlphanumeric(name, i) && !'-_.'.includes(name[i] as string)) return false;
  return true;
}

/** Lower-case labels of letters, digits and inner hyphens, with dots between them. */
function isDomain(domain: string): boolean {
  if (domain.length > 253) return false;
  return domain.split('.').every((label) => {
    if (!isAlphanumeric(label, 0) || !isAlphanumeric(label, label.length - 1)) return false;
    for (let i = 0; i < label.length; i++) if (!isLower(label, i) && label[i] !== '-') return false;
    return true;
  });
}

function isLower(text: string, at: number): boolean {
  return isAlphanumeric(text, at) && (text.charCodeAt(at) < 0x41 || text.charCodeAt(at) > 0x5a);
}

function isAlphanumeric(text: string, at: number): boolean {
  const char = text.charCodeAt(at);
  const lower = char | 0x20;
  return (char >= 0x30 && char <= 0x39) || (lower >= 0x61 && lower <= 0x7a);
}
