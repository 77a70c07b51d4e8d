import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import test, { type ExecutionContext } from 'ava';

/** The bin in a package of its own, with a program that shows what reaches it. */
const PROGRAM = `
const [what, value] = process.argv.slice(2);
const stay = setInterval(() => {}, 1000);
const say = (text) => process.stdout.write(text + '\\n');
if (what === 'exit') process.exit(Number(value));
if (what === 'end') clearInterval(stay);
if (what === 'die') process.kill(process.pid, value);
if (what === 'echo') process.stdin.pipe(process.stdout).on('error', () => {}), clearInterval(stay);
if (what === 'tell') {
  const marks = Object.keys(process.env).filter((name) => /KAUDIT|CHANNEL/.test(name));
  say(JSON.stringify({ args: process.argv.slice(2), options: process.execArgv, version: process.version, marks }));
  clearInterval(stay);
}
if (what === 'listen') {
  const heard = [];
  for (const signal of ['SIGHUP', 'SIGINT', 'SIGUSR1', 'SIGUSR2']) process.on(signal, () => say(heard[heard.push(signal) - 1]));
  process.on('SIGTERM', () => { say('heard ' + heard.join(' ')); process.exit(7); });
  say('ready ' + process.pid + ' ' + process.ppid + ' .');
}
`;
const TOO_NEW = '99.0.0';
const limits = {
  env: { PATH: ['/usr/bin', '/bin', process.env.PATH].join(delimiter) },
  timeout: 20_000,
  killSignal: 'SIGKILL',
} as const;

test('--version and -V are answered without the program', async (t) => {
  const bin = makePackage(t, { built: false });
  t.deepEqual(await run([bin, '--version']), { exit: 0, stdout: '1.2.3\n', stderr: '' });
  t.deepEqual(await run([bin, '-V']), { exit: 0, stdout: '1.2.3\n', stderr: '' });
});

test('--version with anything beside it is left to the program', async (t) => {
  const bin = makePackage(t);
  const { stdout } = await run([bin, 'tell', '--version']);
  t.deepEqual(JSON.parse(stdout).args, ['tell', '--version']);
});

test('a program that is not built is named, with the remedy', async (t) => {
  const { exit, stderr } = await run([makePackage(t, { built: false }), 'tell']);
  t.is(exit, 2);
  t.regex(stderr, /^kaudit-pipe is not built, \/.*\/dist\/cli\.js is missing: run `npm run build` in \/.*\n$/);
});

test('a Node.js that is too old is named, with the version needed', async (t) => {
  const bin = makePackage(t, { needs: TOO_NEW });
  const { exit, stderr } = await run([bin, 'tell']);
  t.is(exit, 2);
  t.is(
    stderr,
    `kaudit-pipe needs Node.js 99.0 or newer; this is ${process.version} (${process.execPath}): put a newer one first on PATH\n`,
  );
  t.is((await run([bin, '--version'])).exit, 0, 'the version is known all the same');
});

test('a private Node.js that was not downloaded can be mended, as the message says', async (t) => {
  const bin = makePackage(t, { needs: TOO_NEW, privateNode: 'not downloaded' });
  const { exit, stderr } = await run([bin, 'tell']);
  t.is(exit, 2);
  t.regex(stderr, /or run `npm rebuild node` in \/.* to download \/.*\/node_modules\/node\/bin\/node\n$/);
});

test('a private Node.js that is too old itself is not started', async (t) => {
  const bin = makePackage(t, { needs: '99.1.0', privateNode: 'present' });
  const { exit, stderr } = await run([bin, 'tell']);
  t.is(exit, 2);
  t.regex(stderr, /needs Node\.js 99\.1 or newer; .* is too old as well/);
});

for (const [name, options] of [
  ['itself', {}],
  ['the private Node.js', { needs: TOO_NEW, privateNode: 'present' }],
  ['a private Node.js further up', { needs: TOO_NEW, privateNode: 'hoisted' }],
] as const) {
  test(`${name}: hands over arguments, options of Node.js and a clean environment`, async (t) => {
    const { exit, stdout } = await run(['--no-warnings', makePackage(t, options), 'tell', 'a b', '--x=*']);
    t.is(exit, 0);
    t.deepEqual(JSON.parse(stdout), {
      args: ['tell', 'a b', '--x=*'],
      options: ['--no-warnings'],
      version: process.version,
      marks: [],
    });
  });

  test(`${name}: passes standard input and output through`, async (t) => {
    const input = 'line\n'.repeat(100_000);
    const { stdout } = await run([makePackage(t, options), 'echo'], input);
    t.true(stdout === input);
  });

  test(`${name}: ends with the program's exit code, or by its signal`, async (t) => {
    const bin = makePackage(t, options);
    t.is((await run([bin, 'exit', '0'])).exit, 0);
    t.is((await run([bin, 'exit', '130'])).exit, 130);
    t.is((await run([bin, 'end'])).exit, 0, 'nothing of the bin keeps the program alive');
    t.is((await run([bin, 'die', 'SIGTERM'])).exit, 'SIGTERM');
    t.is((await run([bin, 'die', 'SIGKILL'])).exit, 'SIGKILL');
  });

  test(`${name}: each signal reaches the program once`, async (t) => {
    const listener = listen([process.execPath, makePackage(t, options), 'listen']);
    await listener.until('ready');
    for (const signal of ['SIGHUP', 'SIGINT', 'SIGUSR2', 'SIGINT', 'SIGUSR1'] as const) {
      const before = listener.count(signal);
      listener.child.kill(signal);
      await listener.until(signal, before + 1);
    }
    listener.child.kill('SIGTERM');
    t.is(await listener.exit, 7);
    t.regex(listener.text(), /heard SIGHUP SIGINT SIGUSR2 SIGINT SIGUSR1\n/);
  });
}

test('the program is gone when the bin is killed', async (t) => {
  const listener = listen([process.execPath, makePackage(t, { needs: TOO_NEW, privateNode: 'present' }), 'listen']);
  const [, program, parent] = (await listener.until('ready')).split(' ');
  t.is(parent, String(listener.child.pid));
  t.not(program, parent);
  listener.child.kill('SIGKILL');
  t.is(await listener.exit, 'SIGKILL', 'its output is closed, so the program that shared it has ended');
});

test('a Ctrl-C at the terminal reaches the program once', async (t) => {
  if (!['/usr/bin/script', '/bin/script'].some((path) => existsSync(path))) {
    t.log('skipped: script(1), which makes a terminal, is not installed');
    t.pass();
    return;
  }
  const bin = makePackage(t, { needs: TOO_NEW, privateNode: 'present' });
  const command = `exec '${process.execPath}' '${bin}' listen`;
  const listener = listen(['script', '--quiet', '--return', '--command', command, '/dev/null']);
  const [, , parent] = (await listener.until('ready')).split(' ');
  listener.child.stdin?.write('\x03');
  await listener.until('SIGINT');
  process.kill(Number(parent), 'SIGTERM');
  t.is(await listener.exit, 7);
  t.regex(listener.text(), /heard SIGINT\n/);
});

test('an old Node.js runs the program under the private one', async (t) => {
  const old = [process.env.KAUDIT_OLD_NODE, '/usr/bin/node', '/usr/local/bin/node'].find((path) => isOld(path));
  if (old === undefined) {
    t.log('skipped: no Node.js older than 22 in KAUDIT_OLD_NODE, /usr/bin or /usr/local/bin');
    t.pass();
    return;
  }
  const needs = '22.20.0';
  const alone = await run([makePackage(t, { needs }), 'tell'], '', old);
  t.is(alone.exit, 2);
  t.regex(alone.stderr, new RegExp(`needs Node\\.js 22\\.20 or newer; this is v\\d+\\.\\d+\\.\\d+ \\(${old}\\)`));
  const bin = makePackage(t, { needs, privateNode: 'present' });
  t.is(JSON.parse((await run([bin, 'tell'], '', old)).stdout).version, process.version);
  t.is((await run([bin, 'exit', '3'], '', old)).exit, 3);
});

interface PackageOptions {
  readonly built?: boolean;
  readonly needs?: string;
  readonly privateNode?: 'present' | 'hoisted' | 'not downloaded';
}

/** Makes a folder like that of an installed package, and gives the path of a link to its bin. */
function makePackage(
  t: ExecutionContext,
  { built = true, needs = '18.0.0', privateNode }: PackageOptions = {},
): string {
  const top = mkdtempSync(join(tmpdir(), 'kaudit-bin-'));
  t.teardown(() => rmSync(top, { recursive: true, force: true }));
  const folder = join(top, 'node_modules', 'kaudit-pipe');
  mkdirSync(join(folder, 'dist'), { recursive: true });
  cpSync(fileURLToPath(new URL('../bin', import.meta.url)), join(folder, 'bin'), { recursive: true });
  writeJson(join(folder, 'package.json'), { version: '1.2.3', type: 'module', engines: { node: `>=${needs}` } });
  if (built) writeFileSync(join(folder, 'dist', 'cli.js'), PROGRAM);
  if (privateNode !== undefined) {
    const node = join(privateNode === 'hoisted' ? top : folder, 'node_modules', 'node');
    mkdirSync(join(node, 'bin'), { recursive: true });
    writeJson(join(node, 'package.json'), { name: 'node', version: TOO_NEW });
    if (privateNode !== 'not downloaded') symlinkSync(process.execPath, join(node, 'bin', 'node'));
  }
  const link = join(top, 'kaudit-pipe');
  symlinkSync(join(folder, 'bin', 'kaudit-pipe.js'), link);
  chmodSync(link, 0o755);
  return link;
}

function writeJson(path: string, value: unknown): void {
  writeFileSync(path, JSON.stringify(value));
}

function isOld(path: string | undefined): path is string {
  if (path === undefined || !existsSync(path)) return false;
  const major = /^v(\d+)/.exec(spawnSync(path, ['--version'], { encoding: 'utf8' }).stdout)?.[1];
  return Number(major) >= 18 && Number(major) < 22;
}

interface Listener {
  readonly child: ChildProcess;
  /** The exit code or signal, once the output is closed too. */
  readonly exit: Promise<number | string | null>;
  text(): string;
  count(word: string): number;
  /** Resolves with the rest of the output from the first occurrence, once there are as many. */
  until(word: string, times?: number): Promise<string>;
}

/** Starts a command away from the terminal the tests may run at. */
function listen([command = '', ...args]: readonly string[]): Listener {
  const child = spawn(command, args, { ...limits, detached: true });
  let text = '';
  let look = (): void => {};
  child.stdout.setEncoding('utf8').on('data', (part: string) => {
    text += part.replaceAll('\r', '');
    look();
  });
  const count = (word: string): number => text.split(new RegExp(`${word}\\b.*\\n`)).length - 1;
  const exit = new Promise<number | string | null>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => resolve(code ?? signal));
  });
  return {
    child,
    exit,
    text: () => text,
    count,
    until: (word, times = 1) =>
      new Promise((resolve, reject) => {
        look = () => count(word) >= times && resolve(text.slice(text.indexOf(word)));
        look();
        exit.then((code) => reject(new Error(`ended with ${code} before "${word}": ${text}`)), reject);
      }),
  };
}

async function run(
  args: readonly string[],
  input = '',
  node = process.execPath,
): Promise<{ exit: number | string | null; stdout: string; stderr: string }> {
  const child = spawn(node, args, limits);
  child.stdin.on('error', () => {});
  child.stdin.end(input);
  const texts = [child.stdout, child.stderr].map(async (stream) =>
    (await stream.setEncoding('utf8').toArray()).join(''),
  );
  const exit = new Promise<number | string | null>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => resolve(code ?? signal));
  });
  const [stdout = '', stderr = ''] = await Promise.all(texts);
  return { exit: await exit, stdout, stderr };
}
