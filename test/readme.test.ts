import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { text as readText } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import test from 'ava';

/**
 * The README shows what the program really does. A fenced `console` block is a session: a line that begins with `$ ` is a
 * command, what follows is what it prints on both outputs. `…` alone on a line stands for any number of lines, elsewhere
 * for any part of a line. A YAML block whose first line is `# NAME.yaml` lies beside the commands under that name.
 */
const root = fileURLToPath(new URL('..', import.meta.url));
const readme = readFileSync(join(root, 'README.md'), 'utf8');
const deadlineMs = 30_000;

interface Step {
  readonly command: string;
  /** The lines shown below the command. */
  readonly shown: string;
}

const sessions = blocksOf(readme, 'console').filter((block) => block.startsWith('$ '));

test('the README shows sessions to run', (t) => {
  t.true(sessions.length >= 5);
});

for (const session of sessions) {
  test(`prints what the README shows: ${session.slice(2, session.indexOf('\n'))}`, async (t) => {
    const top = mkdtempSync(join(tmpdir(), 'kaudit-readme-'));
    try {
      for (const { command, shown } of stepsOf(session)) {
        const printed = await run(command, top);
        t.regex(printed, patternOf(shown), `$ ${command}\n--- printed ---\n${printed}`);
      }
    } finally {
      rmSync(top, { recursive: true });
    }
  });
}

test('every option of the program is in the README or the docs, and every option in the README is one', async (t) => {
  const top = mkdtempSync(join(tmpdir(), 'kaudit-readme-'));
  try {
    const helps = await helpsOf('kaudit-pipe', top);
    const commands = commandsIn(helps[0] ?? '');
    t.true(commands.length >= 4);
    const options = new Set(helps.flatMap((text) => optionsListed(text)));
    t.true(options.size >= 12);

    const pages = [readme, ...pagesIn('docs').map((page) => readFileSync(page, 'utf8'))];
    const documented = new Set(pages.flatMap((page) => optionsIn(page)));
    t.deepEqual(
      [...options].filter((option) => !documented.has(option)),
      [],
      'not documented',
    );
    t.deepEqual(
      optionsIn(readme).filter((option) => !options.has(option)),
      [],
      'not known to the program',
    );
    for (const name of commands) t.true(readme.includes(`\`${name}\``), name);
  } finally {
    rmSync(top, { recursive: true });
  }
});

test('an ellipsis stands for a part of a line, or for lines', (t) => {
  t.regex('a b c\n', patternOf('a…c\n'));
  t.notRegex('a b\nx c\n', patternOf('a…c\n'));
  t.regex('first\n1\n2\nlast (.*)\n', patternOf('first\n…\nlast (.*)\n'));
  t.notRegex('first\nlast\nmore\n', patternOf('first\n…\nlast\n'));
  t.notRegex('first\n', patternOf(''));
});

function blocksOf(page: string, language: string): string[] {
  const blocks = page.matchAll(new RegExp(`^\`\`\`${language}\n(?<text>[\\s\\S]*?)^\`\`\`$`, 'gm'));
  return [...blocks].map(({ groups }) => groups?.text ?? '');
}

function stepsOf(session: string): Step[] {
  const parts = session.split(/^\$ /m).slice(1);
  return parts.map((part) => {
    const end = part.indexOf('\n');
    return { command: part.slice(0, end), shown: part.slice(end + 1) };
  });
}

function patternOf(shown: string): RegExp {
  const lines = shown.split('\n').slice(0, -1);
  const patterns = lines.map((line) => {
    return line === '…' ? '(?:.*\\n)*' : `${line.split('…').map(escaped).join('.*')}\\n`;
  });
  return new RegExp(`^${patterns.join('')}$`);
}

function escaped(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}

/** Runs a line of shell in a folder of its own, with the program on PATH; returns what it prints, in order. */
function run(command: string, top: string): Promise<string> {
  const work = prepare(top);
  const child = spawn('/bin/sh', ['-c', `{ ${asInstalled(command)}\n} 2>&1`], {
    cwd: work,
    env: {
      PATH: [join(top, 'bin'), dirname(process.execPath), '/usr/bin', '/bin'].join(delimiter),
      HOME: top,
      KAUDIT_DATA_DIR: join(top, 'data'),
    },
    stdio: ['ignore', 'pipe', 'inherit'],
    timeout: deadlineMs,
    killSignal: 'SIGKILL',
  });
  return readText(child.stdout);
}

/** Commands of one session share the folder. */
function prepare(top: string): string {
  const work = join(top, 'work');
  if (mkdirSync(work, { recursive: true }) === undefined) return work;
  mkdirSync(join(top, 'bin'));
  symlinkSync(join(root, 'bin', 'kaudit-pipe.js'), join(top, 'bin', 'kaudit-pipe'));
  symlinkSync(join(root, 'samples'), join(work, 'samples'));
  for (const block of blocksOf(readme, 'yaml')) {
    const name = /^# (?<name>[\w.-]+\.yaml)\n/.exec(block)?.groups?.name;
    if (name !== undefined) writeFileSync(join(work, name), block);
  }
  return work;
}

/** `npm ci && npm start` as the line that npm would run, without the installation and the build. */
function asInstalled(command: string): string {
  const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const start = scripts.start.replace(/^npm run --silent build && node bin\/kaudit-pipe\.js /, 'kaudit-pipe ');
  return command.replace('npm ci && npm start', start);
}

/** The long options that a help text lists, not those it mentions. */
/** What a command prints with --help, and its own commands after it. */
async function helpsOf(command: string, folder: string): Promise<string[]> {
  const help = await run(`${command} --help`, folder);
  const names = commandsIn(help).filter((name) => name !== 'help');
  const helps = await Promise.all(names.map((name) => helpsOf(`${command} ${name}`, folder)));
  return [help, ...helps.flat()];
}

function commandsIn(help: string): string[] {
  const listed = /\nCommands:\n(?<lines>[\s\S]*?)\n(\n|$)/.exec(help)?.groups?.lines ?? '';
  return [...listed.matchAll(/^ {2}([a-z]+) /gm)].map(([, name]) => name ?? '');
}

function optionsListed(help: string): string[] {
  return [...help.matchAll(/^ {2}(?:-\w, )?(--[a-z-]+)/gm)].map(([, option]) => option ?? '');
}

function optionsIn(page: string): string[] {
  return [...page.matchAll(/(?<![\w-])--[a-z][a-z-]+/g)].map(([option]) => option);
}

function pagesIn(folder: string): string[] {
  const entries = readdirSync(join(root, folder), { recursive: true, withFileTypes: true });
  return entries.filter(({ name }) => name.endsWith('.md')).map((entry) => join(entry.parentPath, entry.name));
}
