import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { explainReadError } from '../core/system-errors.ts';

/**
 * What may stand in a string of a pipeline file: `${NAME}` from the environment, `${NAME:-default}` where it is unset or
 * empty, `${file:PATH}` for a secret (without one newline at its end). `$${` is a literal `${`. Nothing nests.
 */
export interface Interpolated {
  /** What the program gets. */
  readonly text: string;
  /** What `check` prints: secrets as `***`, in a form that reads back. */
  readonly shown: string;
  readonly secrets: readonly string[];
  readonly problems: readonly string[];
}

export interface Surroundings {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Where the path of a secret starts if it is relative. */
  readonly directory: string;
}

export async function interpolate(source: string, surroundings: Surroundings): Promise<Interpolated> {
  let text = '';
  let shown = '';
  const secrets: string[] = [];
  const problems: string[] = [];
  let end = 0;
  for (const found of source.matchAll(PLACEHOLDER)) {
    const before = source.slice(end, found.index);
    end = found.index + found[0].length;
    const value = await replacementOf(found, surroundings);
    if ('problem' in value) {
      problems.push(value.problem);
      continue;
    }
    text += before + value.text;
    shown += before + (value.secret ? '***' : value.text);
    if (value.secret) secrets.push(value.text);
  }
  const rest = source.slice(end);
  return { text: text + rest, shown: (shown + rest).split('${').join('$${'), secrets, problems };
}

const PLACEHOLDER = /\$\$\{|\$\{([^}]*)(\}?)/g;
const VARIABLE = /^([A-Za-z_][A-Za-z0-9_]*)(?::-(.*))?$/s;

type Replacement = { readonly text: string; readonly secret: boolean } | { readonly problem: string };

async function replacementOf(
  [written, inside = '', brace]: RegExpMatchArray,
  { env, directory }: Surroundings,
): Promise<Replacement> {
  if (written === '$${') return { text: '${', secret: false };
  if (brace !== '}')
    return { problem: `${JSON.stringify(written)} has no closing brace, write $\${ for a literal \${` };
  if (inside.startsWith('file:')) return secretFrom(resolve(directory, inside.slice('file:'.length)));
  const [, name, fallback] = VARIABLE.exec(inside) ?? [];
  if (name === undefined || fallback?.includes('${')) {
    return {
      problem: `${JSON.stringify(written)} cannot be read, write \${NAME}, \${NAME:-default} or \${file:PATH}, or $\${ for a literal \${`,
    };
  }
  const value = env[name];
  if (fallback !== undefined) return { text: value === undefined || value === '' ? fallback : value, secret: false };
  if (value !== undefined) return { text: value, secret: false };
  return { problem: `environment variable ${name} is not set, set it or write \${${name}:-default}` };
}

async function secretFrom(path: string): Promise<Replacement> {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(await readFile(path));
    return { text: text.replace(/\r?\n$/, ''), secret: true };
  } catch (error) {
    const reason = error instanceof TypeError ? 'it is not UTF-8 text' : explainReadError(error);
    return { problem: `cannot read the secret in ${path}: ${reason}` };
  }
}
