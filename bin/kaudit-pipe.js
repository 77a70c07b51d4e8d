#!/usr/bin/env node
// Runs on any Node.js that knows ES modules, so that an old one can say what is needed: plain syntax, nothing newer
// than Node.js 18. With a Node.js that is new enough it only loads the program. With an older one it runs itself again
// under the Node.js that npm installed beside the program. Between the two processes:
// - the ipc channel carries no messages; when it closes, the parent is gone, and the child ends at once,
// - MARK tells the child that it is one, and is taken out of the environment before the program starts.
import { spawn } from 'node:child_process';
import { accessSync, constants, existsSync, readFileSync } from 'node:fs';
import module, { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const MARK = 'KAUDIT_PIPE_CHILD';
const self = fileURLToPath(import.meta.url);
const root = dirname(dirname(self));
const manifest = readJson(join(root, 'package.json'));
const needed = /\d+\.\d+/.exec(manifest.engines.node)[0];

const isChild = process.env[MARK] !== undefined;
delete process.env[MARK];

if (process.argv.length === 3 && (process.argv[2] === '--version' || process.argv[2] === '-V')) {
  process.stdout.write(`${manifest.version}\n`);
} else if (isChild) {
  endWithParent();
  load();
} else if (isEnough(process.versions.node)) {
  load();
} else {
  runPrivateNode();
}

function load() {
  const program = join(root, 'dist', 'cli.js');
  if (existsSync(program)) {
    cacheCompiledCode();
    void import(pathToFileURL(program).href);
  } else refuse(`kaudit-pipe is not built, ${program} is missing: run \`npm run build\` in ${root}`);
}

// Saves a quarter of the start-up time from the second start on. Kept with the program, where only those who may change
// the program can write; in a temporary folder, anybody could leave code for root to run.
function cacheCompiledCode() {
  if (module.enableCompileCache !== undefined) module.enableCompileCache(join(root, 'dist', '.cache'));
}

function endWithParent() {
  const die = () => process.kill(process.pid, 'SIGKILL');
  if (!process.connected) die();
  process.on('disconnect', die);
  process.channel.unref();
}

function runPrivateNode() {
  const found = findPrivateNode();
  if (found.path === undefined) {
    const have = `this is ${process.version} (${process.execPath})`;
    refuse(`kaudit-pipe needs Node.js ${needed} or newer; ${have}: ${found.remedy}`);
    return;
  }
  const env = Object.assign({}, process.env);
  env[MARK] = '1';
  const child = spawn(found.path, process.execArgv.concat(self, process.argv.slice(2)), {
    env,
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
  });
  child.on('error', (error) => refuse(`cannot run ${found.path}: ${error.message}`));
  child.on('exit', endLike);
  const relay = (signal) => child.kill(signal);
  for (const signal of ['SIGTERM', 'SIGHUP', 'SIGUSR1', 'SIGUSR2']) process.on(signal, relay);
  process.on('SIGINT', relayInterrupt(relay));
}

/** With a terminal the child has the first Ctrl-C already: a second one would cut its orderly stop short. */
function relayInterrupt(relay) {
  let isFirst = true;
  return (signal) => {
    if (!isFirst || !hasTerminal()) relay(signal);
    isFirst = false;
  };
}

function hasTerminal() {
  try {
    // Columns after the name in brackets: state, parent, group, session, terminal (0: none), the terminal's group.
    const stat = readFileSync('/proc/self/stat', 'latin1');
    const columns = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return columns[4] !== '0' && columns[5] === columns[2];
  } catch (_) {
    return process.stdin.isTTY === true || process.stderr.isTTY === true;
  }
}

function endLike(code, signal) {
  if (signal === null) process.exit(code);
  process.removeAllListeners(signal);
  process.kill(process.pid, signal);
}

/** The `node` package as this program's dependencies are found: in its own node_modules, or in one further up. */
function findPrivateNode() {
  let folder;
  try {
    folder = dirname(createRequire(self).resolve('node/package.json'));
  } catch (_) {
    return { remedy: 'put a newer one first on PATH' };
  }
  const path = join(folder, 'bin', 'node');
  if (!isEnough(readJson(join(folder, 'package.json')).version)) {
    return { remedy: `the one in ${folder} is too old as well, put a newer one first on PATH` };
  }
  try {
    accessSync(path, constants.X_OK);
  } catch (_) {
    return { remedy: `put a newer one first on PATH, or run \`npm rebuild node\` in ${root} to download ${path}` };
  }
  return { path };
}

function isEnough(version) {
  const [have, want] = [version, needed].map((text) => text.split('.').map(Number));
  return have[0] > want[0] || (have[0] === want[0] && have[1] >= want[1]);
}

function readJson(path) {
  return JSON.parse(readFileSync(path, 'utf8'));
}

function refuse(message) {
  process.stderr.write(`${message}\n`);
  process.exitCode = 2;
}
