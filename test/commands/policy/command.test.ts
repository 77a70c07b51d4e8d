import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import test from 'ava';
import { Command, CommanderError } from 'commander';
import { policyCommand } from '../../../src/commands/policy/command.ts';
import { eventLine, folder, POLICY } from './folder.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));

function program(finish: (code: number) => void, said: string[] = []): Command {
  const { stdout, stderr } = process;
  const group = policyCommand(finish, { stdout, stderr });
  for (const command of [group, ...group.commands]) {
    command.configureOutput({ writeErr: (text) => said.push(text), writeOut: (text) => said.push(text) });
  }
  return new Command('kaudit-pipe').exitOverride().enablePositionalOptions().option('--format <x>').addCommand(group);
}

test('has the four tools, each with a description', (t) => {
  const group = program(() => {}).commands[0];
  const tools = group?.commands.filter((command) => command.name() !== 'help') ?? [];
  t.deepEqual(
    tools.map((command) => command.name()),
    ['lint', 'explain', 'coverage', 'test'],
  );
  for (const tool of tools) t.regex(tool.description(), /^[a-z].{20,}[^.]$/);
});

const WRONG: Readonly<Record<string, readonly string[]>> = {
  "required option '--policy <file>' not specified": ['explain', 'a.log'],
  "unknown command 'explan'": ['explan'],
  'Allowed choices are text, json, sarif': ['lint', '--format', 'xml', 'p.yaml'],
  'Allowed choices are text, json.': ['coverage', '--policy', 'p', '--format', 'sarif'],
  "missing required argument 'files'": ['test'],
  "unknown option '--tops'": ['coverage', '--policy', 'p', '--tops', '3'],
};

for (const [message, args] of Object.entries(WRONG)) {
  test(`refuses "policy ${args.join(' ')}": ${message}`, async (t) => {
    const said: string[] = [];
    const wrong = program(() => t.fail(), said).parseAsync(['policy', ...args], { from: 'user' });
    const error = await t.throwsAsync(wrong, { instanceOf: CommanderError });
    t.not(error.exitCode, 0);
    t.true(said.join('').startsWith(`kaudit-pipe: error: `), said.join(''));
    t.true(said.join('').includes(message), said.join(''));
  });
}

test('gives the exit code and the options of the tool to whom they belong', async (t) => {
  const { path } = await folder(t, {
    'policy.yaml': POLICY,
    'a.log': `${eventLine({ verb: 'get' })}torn\n`,
    'a.yaml': 'policy: policy.yaml\ncases: [{ name: a, request: { verb: get, uri: / }, expect: { drop: true } }]\n',
  });
  const main = `
    import { Command } from 'commander';
    import { policyCommand } from ${JSON.stringify(new URL('../../../src/commands/policy/command.ts', import.meta.url).href)};
    let code;
    const root = new Command('kaudit-pipe').addCommand(policyCommand((result) => { code = result; }, process));
    await root.parseAsync(process.argv.slice(1), { from: 'user' });
    process.exit(code);
  `;
  const run = (...args: readonly string[]) =>
    spawnSync(process.execPath, ['--input-type=module', '-e', main, 'policy', ...args], {
      input: POLICY.replace('Metadata', 'metadata'),
      cwd: root,
      encoding: 'utf8',
    });
  const policy = ['--policy', path('policy.yaml')];
  const explained = run('explain', ...policy, '--format', 'text', path('a.log'));
  t.is(explained.status, 1, explained.stderr);
  t.regex(explained.stdout, /:1 get "" by nobody/);
  t.is(run('coverage', ...policy, '--format', 'json', '--top', '1', path('a.log')).status, 1);
  t.is(run('test', path('a.yaml')).status, 1);
  t.is(run('lint', '--format', 'json', path('nix.yaml')).status, 2);
  t.regex(run('lint', '-').stdout, /^-:6:\d+ error /m);
  const old = run('explain', ...policy, '--kubernetes-version', 'old', path('a.log'));
  t.is(old.status, 2);
  t.regex(old.stderr, /^--kubernetes-version: "old"/);
});
