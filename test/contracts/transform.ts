import { isDeepStrictEqual } from 'node:util';
import type { TestFn } from 'ava';
import { parse } from 'yaml';
import type { z } from 'zod';
import { eventOf } from '../../src/audit/bytes-event.ts';
import type { ComponentContext, ComponentSpec, Transform } from '../../src/core/component.ts';
import type { AuditEvent } from '../../src/core/event.ts';

/** One configuration of a transform, and events that it passes, drops, changes or splits. */
export interface TransformCase<S extends z.ZodType> {
  readonly spec: ComponentSpec<'transform', S>;
  readonly config: z.input<S>;
  /** One JSON object each. */
  readonly events: readonly string[];
}

/** A context for components under test; what they log is thrown away. */
export function testContext(pipeline = 'test'): ComponentContext {
  const log = { info() {}, warn() {}, error() {} };
  return { pipeline, dataDir: '/nonexistent', maxEventBytes: 16 * 1024 * 1024, log };
}

/** What every transform owes to the pipeline; its own test adds only what is special about it. */
export function testTransform<S extends z.ZodType>(test: TestFn, { spec, config, events }: TransformCase<S>): void {
  const make = (): Transform => spec.create(spec.config.parse(config), testContext());
  const outcome = (transform: Transform, events: readonly AuditEvent[]): string[] =>
    events.map((event) => describeOutcome(event, attempt(transform, event)));

  test(`${spec.type}: makes the same of the same events, in every instance`, (t) => {
    const inputs = events.map((event) => eventOf(event));
    t.deepEqual(outcome(make(), inputs), outcome(make(), inputs));
  });

  test(`${spec.type}: leaves the bytes of the events it is given alone`, (t) => {
    const inputs = events.map((event) => eventOf(event));
    outcome(make(), inputs);
    t.deepEqual(
      inputs.map((event) => event.raw.toString()),
      [...events],
    );
  });

  test(`${spec.type}: hands on an event it did not change as the same object`, (t) => {
    const transform = make();
    for (const text of events) {
      const event = eventOf(text);
      const result = attempt(transform, event);
      const same = [result]
        .flat()
        .filter((other) => other instanceof Object && 'raw' in other && event.raw.equals(other.raw))
        .filter((other) => isDeepStrictEqual((other as AuditEvent).labels, event.labels));
      for (const other of same) t.is(other, event);
    }
    t.pass();
  });

  test(`${spec.type}: can be closed without having been opened, and twice`, async (t) => {
    const transform = make();
    await transform.close?.();
    await transform.open?.();
    await transform.close?.();
    await transform.close?.();
    t.pass();
  });

  test(`${spec.type}: its example is a valid configuration of it`, (t) => {
    const { type, ...options } = parse(spec.example);
    t.is(type, spec.type);
    t.true(spec.config.safeParse(options).success);
  });
}

type Outcome = ReturnType<Transform['apply']> | Error;

function attempt(transform: Transform, event: AuditEvent): Outcome {
  try {
    return transform.apply(event);
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

function describeOutcome(event: AuditEvent, outcome: Outcome): string {
  if (outcome === undefined) return 'dropped';
  if (outcome === event) return 'passed';
  if (outcome instanceof Error) return `refused: ${outcome.message}`;
  return [outcome]
    .flat()
    .map((made) => ('raw' in made ? made.raw.toString() : ''))
    .join('\n');
}
