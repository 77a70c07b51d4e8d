import type { Desk } from './source.ts';

/** Characters that nobody sees, or that look like those of YAML. They come from web pages and word processors. */
const CHARACTERS: Readonly<Record<string, string>> = {
  '\u00a0': 'a non-breaking space',
  '\u00ad': 'a soft hyphen',
  '\u1680': 'an ogham space',
  '\u2007': 'a figure space',
  '\u2028': 'a line separator',
  '\u2029': 'a paragraph separator',
  '\u202f': 'a narrow non-breaking space',
  '\u205f': 'a mathematical space',
  '\u2060': 'a word joiner',
  '\u3000': 'an ideographic space',
  '\u0085': 'a next-line character',
  '\ufeff': 'a byte order mark',
  '\ufffd': 'a character that is not UTF-8',
  '\u200b': 'a zero-width space',
  '\u200c': 'a zero-width non-joiner',
  '\u200d': 'a zero-width joiner',
};
const SPACES = /[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]/g;
const INVISIBLE =
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u00a0\u00ad\u1680\u2000-\u200f\u2028-\u202f\u205f-\u2069\u3000\ufeff\ufffd]/g;
/** A quote where a value begins or ends, a dash where a list entry begins. */
const TYPOGRAPHIC =
  /(?<=(?:^|[\s:,[{(-]))[\u2018\u201c\u201e\u00ab]|[\u2019\u201d](?=\s*(?:$|[\],}:#]))|^(?<=^\s*)[\u2010-\u2015\u2212]\s/g;

/** Says where such characters stand outside of comments, and gives the text with plain spaces for those that look like one. */
export function checkCharacters(text: string, desk: Desk): string {
  let start = 0;
  for (const line of text.split('\n')) {
    checkLine(line, { start, desk });
    start += line.length + 1;
  }
  return text.replace(SPACES, ' ');
}

function checkLine(line: string, { start, desk }: { readonly start: number; readonly desk: Desk }): void {
  const code = withoutComment(line);
  const first = start === 0 && code.startsWith('\ufeff') ? 1 : 0;
  const found = [...code.slice(first).matchAll(INVISIBLE)].map(({ 0: character, index }) => ({
    character,
    at: index + first,
  }));
  const [one] = found;
  if (one !== undefined) {
    const more = found.length === 1 ? '' : `, ${found.length} such characters in this line`;
    desk.report('invisible-character', spanAt(start + one.at), {
      message: `${nameOf(one.character)}${more}: YAML takes it for a part of the text around it, so the line does not mean what it looks like`,
      instead: one.character.search(SPACES) === 0 ? 'replace it by a plain space' : 'remove it',
    });
  }
  const [quoteOrDash] = code.matchAll(TYPOGRAPHIC);
  if (quoteOrDash === undefined) return;
  const isDash = /^[\u2010-\u2015\u2212]/.test(quoteOrDash[0]);
  desk.report('typographic-character', spanAt(start + quoteOrDash.index), {
    message: `${isDash ? 'this dash begins no list entry' : 'this quote is no quote'} in YAML: it becomes a part of the text`,
    instead: isDash ? 'write a plain hyphen: -' : 'write plain quotes: "..."',
  });
}

/** A line up to the # that begins a comment, as far as one line can tell. */
function withoutComment(line: string): string {
  let open = '';
  for (let at = 0; at < line.length; at++) {
    const character = line.charAt(at);
    if (open !== '') {
      if (open === '"' && character === '\\') at++;
      else if (open === "'" && line.startsWith("''", at)) at++;
      else if (character === open) open = '';
    } else if (
      (character === '"' || character === "'") &&
      /(?:^|[\s,:[{(-])$/.test(line.slice(Math.max(0, at - 1), at))
    ) {
      open = character;
    } else if (character === '#' && (at === 0 || /\s/.test(line.charAt(at - 1)))) return line.slice(0, at);
  }
  return line;
}

function nameOf(character: string): string {
  const code = `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
  const name =
    CHARACTERS[character] ?? (/[\u2000-\u200a]/.test(character) ? 'a typographic space' : 'a control character');
  return `${name} (${code})`;
}

function spanAt(start: number) {
  return { start, end: start + 1 };
}
