import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import test, { type ExecutionContext } from 'ava';

const program = fileURLToPath(new URL('../src/cli.ts', import.meta.url));
const PIPELINE = 'source: { type: files, paths: [empty.log] }\nsinks: [{ type: stdout }]\n';

/** Runs the program beside a pipeline file and an empty log, with nothing on standard input. */
function run(t: ExecutionContext, ...args: readonly string[]) {
  const folder = mkdtempSync(join(tmpdir(), 'kaudit-cli-'));
  t.teardown(() => rmSync(folder, { recursive: true, force: true }));
  writeFileSync(join(folder, 'p.yaml'), PIPELINE);
  writeFileSync(join(folder, 'empty.log'), '');
  const env = { PATH: process.env.PATH, HOME: folder, KAUDIT_DATA_DIR: join(folder, 'data') };
  return new Promise<{ readonly exit: unknown; readonly stdout: string; readonly stderr: string }>((resolve) => {
    const command = ['--no-warnings', program, ...args];
    const child = execFile(process.execPath, command, { cwd: folder, env }, (error, stdout, stderr) => {
      resolve({ exit: error === null ? 0 : error.code, stdout, stderr });
    });
    child.stdin?.end();
  });
}

/** The error of a command line that is not understood: one line, or several, with the prefix on each. */
const wrong: readonly (readonly [args: readonly string[], ...lines: readonly string[]])[] = [
  [['--code', '403'], "unknown option '--code', did you mean --codes?"],
  [['--format', 'xml'], "option '--format <format>' argument 'xml' is invalid. Allowed choices are json, text"],
  [
    ['--codes', '4xx,,'],
    '--codes: cannot read "" as status codes: write 403, 401-403, 4xx, >400, >=400, <500, or several with commas between them',
  ],
  [
    ['--preset', 'deny', '--stages', 'x'],
    '--preset: must be one of denied, podsec',
    '--stages: must be one of RequestReceived, ResponseStarted, ResponseComplete, Panic',
  ],
  [['check'], 'name a pipeline file or a folder of them: kaudit-pipe check FILE'],
  [['schema', 'x'], "too many arguments for 'schema'. Expected 0 arguments but got 1: x"],
  [
    ['--grace', '1s', 'run', 'p.yaml'],
    '--grace in front of run has no effect: write it behind, kaudit-pipe run --grace <duration>',
  ],
  [
    ['-c', 'p.yaml', 'check'],
    '--config in front of check has no effect: write it behind, kaudit-pipe check --config <path>',
  ],
  [['--codes', '403', 'check', 'p.yaml'], '--codes in front of check has no effect: leave it out'],
];

for (const [args, ...lines] of wrong) {
  test(`refuses: kaudit-pipe ${args.join(' ')}`, async (t) => {
    const { exit, stdout, stderr } = await run(t, ...args);
    t.is(exit, 2);
    t.is(stdout, '');
    t.deepEqual(
      stderr.trimEnd().split('\n'),
      lines.map((line) => `kaudit-pipe: error: ${line}`),
    );
  });
}

test('help and version go to standard output and are no error', async (t) => {
  for (const [option, pattern] of [
    ['--help', /^Usage: kaudit-pipe \[options\] \[command\] \[files\.\.\.\]\n[\s\S]*\nExit codes: 0 done, /],
    ['--version', /^\d+\.\d+\.\d+\n$/],
  ] as const) {
    const { exit, stdout, stderr } = await run(t, option);
    t.is(exit, 0);
    t.regex(stdout, pattern);
    t.is(stderr, '');
  }
});

test('a pipeline file is named by an option or by itself, and the options of run stand behind it', async (t) => {
  for (const args of [
    ['run', 'p.yaml', '--grace', '1s'],
    ['run', '-c', 'p.yaml'],
  ]) {
    const { exit, stderr } = await run(t, ...args);
    t.is(exit, 0, stderr);
    t.regex(stderr, /^kaudit-pipe: every event: read 0 /);
  }
});

test('commands get their arguments', async (t) => {
  t.regex((await run(t, 'check', 'p.yaml')).stdout, /^# p\.yaml\nname: p\n/);
  t.regex((await run(t, 'components', 'parse')).stdout, /^transform parse: /);
});
