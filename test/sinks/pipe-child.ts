import assert from 'node:assert/strict';
import type { ExecutionContext, TestFn } from 'ava';
import { testPipes } from './pipe-suite.ts';

/**
 * Runs the pipe tests in the main thread and prints what became of each as JSON. A worker thread of the test runner
 * closes, when it ends, every descriptor that was opened in it; one that a socket has closed before may by then belong
 * to another test.
 */
type Body = (t: ExecutionContext) => Promise<void>;

const bodies = new Map<string, Body>();
testPipes(((name: string, body: Body) => void bodies.set(name, body)) as unknown as TestFn);

const outcomes: Record<string, string> = {};
for (const [name, body] of bodies) {
  const teardowns: (() => void)[] = [];
  const t = {
    is: assert.equal,
    deepEqual: assert.deepEqual,
    true: (value: unknown) => assert.equal(value, true),
    notThrows: assert.doesNotThrow,
    notThrowsAsync: assert.doesNotReject,
    async throwsAsync(
      work: Promise<void> | (() => Promise<void>),
      expected: { instanceOf: object; message?: unknown },
    ) {
      await assert.rejects(work, (error: Error) => {
        assert.equal(error.constructor, expected.instanceOf);
        if (expected.message instanceof RegExp) assert.match(error.message, expected.message);
        else if (expected.message !== undefined) assert.equal(error.message, expected.message);
        return true;
      });
    },
    teardown: (undo: () => void) => teardowns.push(undo),
    log: console.error,
    pass() {},
  };
  try {
    await body(t as unknown as ExecutionContext);
    outcomes[name] = 'passed';
  } catch (error) {
    outcomes[name] = String((error as Error).stack ?? error);
  }
  for (const undo of teardowns.reverse()) undo();
}
console.log(JSON.stringify(outcomes));
