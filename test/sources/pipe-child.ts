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

let outcomes: Promise<Readonly<Record<string, string>>> | undefined;

/** `passed`, or what went wrong, for each test of pipe-suite.ts. The process is started once. */
export function outcomesInChild(): Promise<Readonly<Record<string, string>>> {
  outcomes ??= (async () => {
    const script = fileURLToPath(new URL('pipe-suite.ts', import.meta.url));
    const child = spawn(process.execPath, ['--no-warnings', script, 'run'], { stdio: ['ignore', 'pipe', 'inherit'] });
    return JSON.parse(await text(child.stdout));
  })();
  return outcomes;
}

/** In the child: runs the tests at the same time, as the test runner would. */
export async function runSuite(suite: Suite): Promise<void> {
  const results = [...bodiesOf(suite)].map(async ([name, body]) => [name, await outcomeOf(body)]);
  process.stdout.write(JSON.stringify(Object.fromEntries(await Promise.all(results))));
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
    notThrowsAsync: (work: () => Promise<void>) => assert.doesNotReject(work),
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
