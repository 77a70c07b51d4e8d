import { readFileSync } from 'node:fs';
import test from 'ava';
import type { Command } from 'commander';
import { policyCommand } from '../../../src/commands/policy/command.ts';
import { coverage } from '../../../src/commands/policy/coverage.ts';
import { explain } from '../../../src/commands/policy/explain.ts';
import type { PolicyIo } from '../../../src/commands/policy/look-through.ts';
import { test as testPolicies } from '../../../src/commands/policy/test.ts';
import { folder } from './folder.ts';

/**
 * docs/policy-tools.md shows what the tools really print. A `console` block is a command and all that it prints, first
 * what comes on stdout; `…` alone on a line stands for any number of lines. A YAML block whose first line is `# NAME`
 * is a file that lies beside the commands. Other files are named as seen from the root of the repository.
 */
const page = readFileSync(new URL('../../../docs/policy-tools.md', import.meta.url), 'utf8');
const blocks = (language: string) =>
  [...page.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\`$`, 'gm'))].map(([, text]) => text ?? '');
const files = Object.fromEntries(blocks('yaml').map((text) => [/^# (\S+)\n/.exec(text)?.[1] ?? '', text]));
const sessions = blocks('console').map((text) => {
  const [command = '', ...shown] = text.trimEnd().split('\n');
  return { command, shown };
});

test('the page shows a policy, a test file and a session with each tool', (t) => {
  t.deepEqual(Object.keys(files), ['policy.yaml', 'policy-test.yaml']);
  t.deepEqual(
    sessions.map(({ command }) => command.split(' ').slice(0, 4).join(' ')),
    ['explain', 'coverage', 'test'].map((tool) => `$ kaudit-pipe policy ${tool}`),
  );
});

for (const { command, shown } of sessions) {
  test(`prints what the page shows: ${command}`, async (t) => {
    const { path, run } = await folder(t, files);
    const words = command.split(' ').slice(4);
    const args = words.map((word) => (word in files ? path(word) : word));
    const { stdout, stderr } = await run((io) => runTool(command.split(' ')[3] ?? '', args, io));
    const printed = `${stdout}${stderr}`.trimEnd();
    t.regex(printed, patternOf(shown), printed);
  });
}

test('every option is on the page, and every option on the page is one', (t) => {
  const group = policyCommand(() => {}, process);
  const tools = group.commands.filter((command) => ['explain', 'coverage', 'test'].includes(command.name()));
  const options = new Set(tools.flatMap((tool) => tool.options.map(({ long }) => long ?? '')));
  const named = new Set(page.match(/(?<![\w-])--[a-z][a-z-]+/g));
  t.true(options.size >= 4);
  t.deepEqual([...named].sort(), [...options].sort());
});

/** The arguments are read as the program reads them. */
async function runTool(tool: string, args: readonly string[], io: PolicyIo): Promise<number> {
  const command = policyCommand(() => {}, process).commands.find((one) => one.name() === tool) as Command;
  const { operands } = command.parseOptions([...args]);
  const options = command.opts();
  if (tool === 'test') return await testPolicies(operands, options, io);
  const withPolicy = { ...options, policy: String(options.policy) };
  return await (tool === 'explain' ? explain : coverage)(operands, withPolicy, io);
}

function patternOf(lines: readonly string[]): RegExp {
  const parts = lines.map((line) =>
    line === '…' ? '(?:.*\n)*?' : `${line.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&')}\n`,
  );
  const last = lines.at(-1) === '…' ? '[\\s\\S]*' : '';
  return new RegExp(`^${parts.join('').replace(/\n$/, '')}${last}$`);
}
