import { existsSync, readFileSync } from 'node:fs';
import { Command, CommanderError, Option } from 'commander';
import { policyCommand } from './commands/policy/command.ts';
import { suggest } from './config/suggest.ts';
import { messageOf } from './core/errors.ts';
import { logTo } from './core/log.ts';

/** What each command shares: where it prints, what it knows of its surroundings. */
const io = { env: process.env, stdout: process.stdout, stderr: process.stderr };

const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
  version: string;
};

const configOption = () =>
  new Option('-c, --config <path>', 'a pipeline file, or a folder of them; repeatable').argParser(
    (path, paths: readonly string[] = []) => [...paths, path],
  );
const dataDirOption = () =>
  new Option('--data-dir <path>', 'the folder for rejected records (default: KAUDIT_DATA_DIR, else by user)');
const graceOption = () =>
  new Option('--grace <duration>', 'how long a stop waits for what is in flight').default('30s');

function program(finish: (code: number) => void): Command {
  const root = new Command('kaudit-pipe')
    .configureOutput({ outputError: (message) => logTo(io.stderr).error(oneLine(message)) })
    .helpCommand('help [command]', 'print this, or the help of a command')
    .description('Reads Kubernetes audit logs and delivers the events that matter, without losing one.')
    .version(version, '-V, --version')
    .argument('[files...]', 'audit logs, plain or gzip; - is standard input, also when none is named')
    .option('--all', 'pass every event on')
    .option('--codes <list>', "keep these response codes: 403, 401-403, 4xx, '>400' (the default)")
    .option('--preset <name>', 'keep by a ready-made rule: denied or podsec')
    .option('--stages <list>', 'look at these stages only, such as ResponseComplete,Panic')
    .option('-o, --output <file>', 'write to this file, which is replaced, instead of standard output')
    .option(
      '--rejects <file>',
      'append what is no audit event to this file (default: rejects.ndjson in the data folder)',
    )
    .addOption(
      new Option('--format <format>', 'how events are written (default: text on a terminal)').choices(['json', 'text']),
    )
    .addOption(configOption())
    .addOption(dataDirOption())
    .addOption(graceOption())
    .addHelpText('after', EXAMPLES)
    .enablePositionalOptions()
    .hook('preSubcommand', refuseLost)
    .action(async (files: string[], options) => {
      if (options.config === undefined) refuseMistaken(files, root);
      const { runFiles, runPipelines } = await import('./commands/run.ts');
      if (options.config === undefined) {
        finish(await runFiles({ ...options, files }, io));
      } else {
        const { components } = await import('./components.ts');
        finish(await runPipelines({ ...options, files }, { ...io, components }));
      }
    });

  root
    .command('run')
    .description('run pipeline files until their inputs end or a signal comes')
    .addOption(configOption())
    .addOption(dataDirOption())
    .addOption(graceOption())
    .argument('[paths...]', 'pipeline files, or folders of them, as with -c')
    .action(async (paths: string[], options) => {
      const config = [...(options.config ?? []), ...paths];
      const { runPipelines } = await import('./commands/run.ts');
      const { components } = await import('./components.ts');
      finish(await runPipelines({ ...options, config }, { ...io, components }));
    });

  root
    .command('check')
    .description('print every problem of pipeline files, or what they mean')
    .addOption(configOption())
    .argument('[paths...]', 'pipeline files, or folders of them, as with -c')
    .action(async (paths: string[], options) => {
      const { check } = await import('./commands/check.ts');
      const { components } = await import('./components.ts');
      finish(await check([...(options.config ?? []), ...paths], { ...io, components }));
    });

  root
    .command('components')
    .description('list the component types, or print the options of some')
    .argument('[types...]')
    .action(async (types: string[]) => {
      const command = await import('./commands/components.ts');
      const { components } = await import('./components.ts');
      finish(command.components(types, { ...io, components }));
    });

  root
    .command('schema')
    .description('print the JSON Schema of a pipeline file, for editors')
    .action(async () => {
      const { schema } = await import('./commands/schema.ts');
      const { components } = await import('./components.ts');
      finish(schema({ ...io, components }));
    });
  root.addCommand(policyCommand(finish, io));
  return root;
}

/** Options in front of a command are not the command's: refuses what would have no effect. */
function refuseLost(root: Command, command: Command): void {
  const lost = root.options.find((option) => root.getOptionValueSource(option.attributeName()) === 'cli');
  if (lost === undefined) return;
  const { long, flags } = lost;
  const known = command.options.some((option) => option.long === long);
  const behind = `kaudit-pipe ${command.name()} ${flags.replace(/^-\w, /, '')}`;
  const remedy = known ? `write it behind, ${behind}` : 'leave it out';
  root.error(`${long} in front of ${command.name()} has no effect: ${remedy}`, { exitCode: 2 });
}

/** Refuses, before anything is opened, what is hardly meant as the name of a log. */
function refuseMistaken(files: readonly string[], root: Command): void {
  const [first] = files;
  if (first === undefined) return;
  const command = existsSync(first) ? undefined : suggest(first, ['help', ...root.commands.map((one) => one.name())]);
  if (command !== undefined) {
    root.error(`cannot open ${first}: no such file, did you mean the command "${command}"?`, { exitCode: 2 });
  }
  const pipeline = files.find((file) => /\.ya?ml$/i.test(file));
  if (pipeline !== undefined) {
    root.error(`${pipeline} looks like a pipeline file: run it with -c ${pipeline}`, { exitCode: 2 });
  }
}

const EXAMPLES = `
Examples:
  cat audit.log | kaudit-pipe                       the requests that were refused, as they were logged
  kaudit-pipe --preset denied audit.log *.log.gz    401, 403 and what the authorizer forbade, from files
  kaudit-pipe --all --output out.ndjson audit.log   every event, checked
  kaudit-pipe -c pipelines/minimal.yaml             a pipeline file

Exit codes: 0 done, 1 something was not delivered, 2 wrong usage or configuration, 130 and 143 interrupted.`;

/** The argument parser's messages, in the form of all others: `error: unknown option '--code'\n(Did you mean --codes?)` */
function oneLine(message: string): string {
  return message
    .trim()
    .replace(/^error: /, '')
    .replace(/\n\(Did you mean (.*)\?\)$/s, ', did you mean $1?')
    .replace(/\.$/, '');
}

/** 0 done, 1 something was not delivered, 2 usage or configuration, 130 and 143 interrupted. */
async function main(): Promise<number> {
  let code = 0;
  const root = program((result) => {
    code = result;
  });
  for (const command of [root, ...root.commands]) command.exitOverride();
  try {
    await root.parseAsync();
    return code;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    logTo(io.stderr).error(messageOf(error));
    return 1;
  }
}

process.exit(await main());
