import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, dirname, extname, join, resolve } from 'node:path';
import type { ComponentSpec } from '../core/component.ts';
import { ConfigError, type Problem } from '../core/errors.ts';
import { explainReadError } from '../core/system-errors.ts';
import type { PipelinePlan } from '../pipeline/plan.ts';
import { planFrom } from './build-plan.ts';
import { type Finding, pathText } from './findings.ts';

export interface LoadOptions {
  readonly components: readonly ComponentSpec[];
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** A pipeline file that is in order. */
export interface LoadedFile {
  readonly file: string;
  readonly plan: PipelinePlan;
  /** What the file says, with `${...}` replaced but secrets as `***`. */
  readonly shown: unknown;
}

/**
 * The plans of these files and of every `.yaml`, `.yml` and `.json` in these directories. Throws one ConfigError with
 * every problem of every file, in the order of the files and their lines. Nothing is started.
 */
export async function loadPlans(paths: readonly string[], options: LoadOptions): Promise<PipelinePlan[]> {
  return (await loadFiles(paths, options)).map(({ plan }) => plan);
}

/** The plan of a pipeline that is not in a file, checked in the same way. `${...}` is left as it is. */
export function planOf(
  value: unknown,
  { components, origin = 'built-in' }: Pick<LoadOptions, 'components'> & { readonly origin?: string },
): PipelinePlan {
  const { plan, findings } = planFrom({ value, components, directory: process.cwd(), defaultName: origin });
  if (plan !== undefined) return plan;
  throw new ConfigError(findings.map(({ path, message }) => ({ file: origin, path: pathText(path), message })));
}

export async function loadFiles(paths: readonly string[], options: LoadOptions): Promise<LoadedFile[]> {
  const problems: Problem[] = [];
  const loaded: LoadedFile[] = [];
  const owners = new Map<string, string>();
  for (const file of await filesOf(paths, problems)) {
    const found: Problem[] = [];
    const one = await loadFile(file, { ...options, problems: found, owners });
    if (one !== undefined) loaded.push(one);
    problems.push(...found.sort(byPlace));
  }
  if (problems.length > 0) throw new ConfigError(problems);
  return loaded;
}

async function loadFile(
  file: string,
  {
    components,
    env,
    problems,
    owners,
  }: LoadOptions & { readonly problems: Problem[]; readonly owners: Map<string, string> },
): Promise<LoadedFile | undefined> {
  const text = await readText(file, problems);
  if (text === undefined) return undefined;
  const { readDocument } = await import('./document.ts');
  const directory = dirname(resolve(file));
  const document = await readDocument(text, { env, directory });
  for (const { path, ...rest } of document.findings) problems.push({ file, path: pathText(path), ...rest });
  if (document.value === undefined) return undefined;

  const defaultName = basename(file, extname(file));
  const { plan, findings } = planFrom({ value: document.value, components, directory, defaultName });
  const reported = new Set(document.findings.map(({ path }) => pathText(path)));
  const report = ({ path, at, message }: Finding) => {
    if (reported.has(pathText(path))) return;
    const place = document.place({ path, at, message });
    problems.push({ file, ...place, path: pathText(path), message: withoutSecrets(message, document.secrets) });
  };
  findings.forEach(report);
  if (plan === undefined) return undefined;
  const owner = owners.get(plan.name);
  if (owner !== undefined) {
    const message = `"${plan.name}" is the name of the pipeline in ${owner} too, give one of them another`;
    report({ path: ['name'], at: 'value', message });
  }
  owners.set(plan.name, file);
  return { file, plan, shown: document.shown };
}

async function readText(file: string, problems: Problem[]): Promise<string | undefined> {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(await readFile(file));
  } catch (error) {
    const message = error instanceof TypeError ? 'is not UTF-8 text' : `cannot be read: ${explainReadError(error)}`;
    problems.push({ file, path: '', message });
    return undefined;
  }
}

/** Files as they are named; of a directory those with a known ending, sorted. One that is named twice is read once. */
async function filesOf(paths: readonly string[], problems: Problem[]): Promise<readonly string[]> {
  const files = new Map<string, string>();
  for (const path of paths) {
    for (const file of await expand(path, problems)) if (!files.has(resolve(file))) files.set(resolve(file), file);
  }
  return [...files.values()];
}

async function expand(path: string, problems: Problem[]): Promise<readonly string[]> {
  try {
    if (!(await stat(path)).isDirectory()) return [path];
    const names = (await readdir(path)).filter((name) => /^[^.].*\.(ya?ml|json)$/.test(name)).sort();
    if (names.length === 0) problems.push({ file: path, path: '', message: 'holds no .yaml, .yml or .json file' });
    return names.map((name) => join(path, name));
  } catch (error) {
    problems.push({ file: path, path: '', message: `cannot be read: ${explainReadError(error)}` });
    return [];
  }
}

function withoutSecrets(message: string, secrets: readonly string[]): string {
  let masked = message;
  for (const secret of secrets.toSorted((a, b) => b.length - a.length)) {
    if (secret === '') continue;
    masked = masked.replaceAll(secret, '***').replaceAll(JSON.stringify(secret).slice(1, -1), '***');
  }
  return masked;
}

function byPlace(a: Problem, b: Problem): number {
  return (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0);
}
