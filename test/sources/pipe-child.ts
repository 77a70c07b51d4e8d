import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import type { ExecutionContext, TestFn } from 'ava';

/**
 * Runs tests in the main thread of a process of their own, and tells what became of each. A worker thread of the test
 * runner closes, when it ends, every descriptor that was opened in it; one that a socket has closed before may by then
 * belong to another test.
 */
type Suite = (test: TestFn) => void;
type Body = (t: ExecutionContext) => void | Promise<void>;

/** The names of a suite's tests; none of them is run. */
export function namesOf(suite: Suite): readonly string[] {
  return [...bodiesOf(suite).keys()];
}

const outcomes = new Map<string, Promise<Readonly<Record<string, string>>>>();

/**
 * `passed`, or what went wrong, for each test of a suite, by the file that runs it. The process is started once, and
 * ends at the latest with the one that started it.
 */
export function outcomesInChild(suite: string | URL): Promise<Readonly<Record<string, string>>> {
  const script = fileURLToPath(suite);
  const known = outcomes.get(script);
  if (known !== undefined) return known;
  const child = spawn(process.execPath, ['--no-warnings', script, 'run'], { stdio: ['pipe', 'pipe', 'inherit'] });
  const found = text(child.stdout).then((said) => JSON.parse(said));
  outcomes.set(script, found);
  return found;
}

/** In the child: runs the tests at the same time, as the test runner would. */
export async function runSuite(suite: Suite): Promise<void> {
  process.stdin.on('end', () => process.exit(1)).resume();
  const results = [...bodiesOf(suite)].map(async ([name, body]) => [name, await outcomeOf(body)]);
  process.stdout.write(JSON.stringify(Object.fromEntries(await Promise.all(results))));
  process.stdin.removeAllListeners('end').destroy();
}

function bodiesOf(suite: Suite): ReadonlyMap<string, Body> {
  const bodies = new Map<string, Body>();
  suite(((name: string, body: Body) => void bodies.set(name, body)) as unknown as TestFn);
  return bodies;
}

async function outcomeOf(body: Body): Promise<string> {
  const undo: (() => unknown)[] = [];
  const t = {
    is: assert.equal,
    not: assert.notEqual,
    deepEqual: assert.deepEqual,
    true: (value: unknown, message?: string) => assert.equal(value, true, message),
    notThrows: assert.doesNotThrow,
    notThrowsAsync: (work: () => Promise<void>) => assert.doesNotReject(work),
    throwsAsync,
    teardown: (action: () => unknown) => undo.push(action),
    log() {},
    pass() {},
  };
  try {
    await body(t as unknown as ExecutionContext);
    return 'passed';
  } catch (error) {
    return String((error as Error).stack ?? error);
  } finally {
    for (const action of undo.reverse()) await action();
  }
}

async function throwsAsync(
  work: Promise<void> | (() => Promise<void>),
  expected: { readonly instanceOf: object; readonly message?: string | RegExp },
): Promise<void> {
  await assert.rejects(work, (error: Error) => {
    assert.equal(error.constructor, expected.instanceOf);
    if (expected.message instanceof RegExp) assert.match(error.message, expected.message);
    else if (expected.message !== undefined) assert.equal(error.message, expected.message);
    return true;
  });
}
