import { Command, Option } from 'commander';

interface Io {
  readonly stdout: NodeJS.WriteStream;
  readonly stderr: NodeJS.WriteStream;
}

const policyOption = () => new Option('--policy <file>', 'an audit policy (audit.k8s.io/v1)').makeOptionMandatory();
const versionOption = () =>
  new Option('--kubernetes-version <version>', 'decide like this version, such as 1.33 (default: the newest)');
const formatOption = (...formats: readonly string[]) =>
  new Option('--format <format>', 'how it is printed (default: text)').choices(formats);
const LOGS = 'audit logs, plain or gzip; - is standard input, also when none is named';

/** `kaudit-pipe policy`: the commands around audit policies. `finish` is called with the exit code. */
export function policyCommand(finish: (code: number) => void, io: Io): Command {
  const group = new Command('policy')
    .description('check, explain and test audit policies')
    .configureOutput({ outputError: (message, write) => write(`kaudit-pipe: ${message}`) })
    .exitOverride();

  group
    .command('lint')
    .description('find the mistakes of audit policies')
    .argument('[policies...]', 'audit policies; - is standard input')
    .addOption(formatOption('text', 'json', 'sarif'))
    .action(async (policies: string[], options) => {
      const { lint } = await import('./lint.ts');
      const stdin = policies.includes('-') ? { stdin: process.stdin } : {};
      finish(await lint(policies, options, { ...io, ...stdin }));
    });

  group
    .command('explain')
    .description('print for each event which rule of a policy decides, and why')
    .argument('[files...]', LOGS)
    .addOption(policyOption())
    .addOption(
      new Option('--format <format>', 'how it is printed (default: text on a terminal)').choices(['text', 'json']),
    )
    .addOption(versionOption())
    .action(async (files: string[], options) => {
      const { explain } = await import('./explain.ts');
      finish(await explain(files, options, io));
    });

  group
    .command('coverage')
    .description('count what each rule of a policy does to logs, and what the policy saves')
    .argument('[files...]', LOGS)
    .addOption(policyOption())
    .addOption(formatOption('text', 'json'))
    .option('--top <number>', 'how many users, verbs and resources to name for each rule (default: 3, in json 10)')
    .addOption(versionOption())
    .action(async (files: string[], options) => {
      const { coverage } = await import('./coverage.ts');
      finish(await coverage(files, options, io));
    });

  group
    .command('test')
    .description('check that a policy decides as test files expect')
    .argument('<files...>', 'test files, in YAML')
    .addOption(formatOption('text', 'json'))
    .action(async (files: string[], options) => {
      const { test } = await import('./test.ts');
      finish(await test(files, options, io));
    });
  return group;
}
