import { readFile } from 'node:fs/promises';
import { lintPolicy } from '../../audit/policy/lint/lint.ts';
import { countOf, jsonReport, type LintedFile, summary, textReport } from '../../audit/policy/lint/report.ts';
import { sarifReport } from '../../audit/policy/lint/sarif.ts';
import { didYouMean, suggest } from '../../config/suggest.ts';
import { explainReadError } from '../../core/system-errors.ts';

const LINT_FORMATS = ['text', 'json', 'sarif'] as const;

/**
 * `kaudit-pipe policy lint POLICY...`: every mistake of these audit policies on stdout; `-` is standard input. 0 if none
 * is an error, 1 if one is, 2 if a file cannot be read or the command is not understood.
 */
export async function lint(
  paths: readonly string[],
  { format = 'text' }: { readonly format?: string },
  io: {
    readonly stdin?: AsyncIterable<Uint8Array | string>;
    readonly stdout: NodeJS.WritableStream;
    readonly stderr: NodeJS.WritableStream;
  },
): Promise<number> {
  if (paths.length === 0) return refuse('nothing to look at, name an audit policy');
  if (!LINT_FORMATS.some((known) => known === format)) {
    return refuse(`there is no format "${format}"${didYouMean(format, LINT_FORMATS)}`);
  }
  const files: LintedFile[] = [];
  let unreadable = 0;
  for (const file of paths) {
    const content = await contentOf(file, io.stdin ?? []).catch((error: unknown) => {
      io.stderr.write(`cannot read ${file}: ${explainReadError(error)}\n`);
    });
    if (content === undefined) unreadable++;
    else files.push({ file, findings: lintPolicy(content, { suggest }) });
  }
  io.stdout.write(REPORTS[format as (typeof LINT_FORMATS)[number]](files));
  if (format === 'text') io.stderr.write(summary(files));
  if (unreadable > 0) return 2;
  return files.some(({ findings }) => countOf(findings, 'error') > 0) ? 1 : 0;

  function refuse(message: string): number {
    io.stderr.write(`${message}\n`);
    return 2;
  }
}

const REPORTS: Readonly<Record<(typeof LINT_FORMATS)[number], (files: readonly LintedFile[]) => string>> = {
  text: textReport,
  json: jsonReport,
  sarif: sarifReport,
};

type Input = AsyncIterable<Uint8Array | string> | Iterable<Uint8Array>;

async function contentOf(file: string, stdin: Input): Promise<Uint8Array> {
  if (file !== '-') return await readFile(file);
  const chunks: Buffer[] = [];
  for await (const chunk of stdin) chunks.push(Buffer.from(chunk as Uint8Array));
  return Buffer.concat(chunks);
}
