import type { AuditEvent } from '../../core/event.ts';
import { attributesOf } from './attributes.ts';
import { TopCounter } from './coverage/top-counter.ts';
import { compilePolicy, type Matcher } from './match/compile.ts';
import type { MatchOptions } from './match.ts';
import type { Attributes, Policy } from './policy.ts';
import { UNRESTORED } from './trim/unrestored.ts';
import { outcomeOf, trim } from './trim.ts';

/** Events and their bytes, a newline behind each as in a log. */
export interface Amounts {
  readonly events: number;
  readonly bytesIn: number;
  /** What the policy leaves of them. */
  readonly written: number;
  readonly bytesOut: number;
  /** Of those that are not written, the ones whose stage is omitted. */
  readonly stageDropped: number;
  /** Of the written ones, those that lack what the policy asks for: they were recorded at a lower level, or cut. */
  readonly unrestored: number;
}

/** What one rule decided, and of whom, what and which objects it was asked most. */
export interface Tally extends Amounts {
  readonly users: TopCounter;
  readonly verbs: TopCounter;
  readonly resources: TopCounter;
}

/** How many values are counted in all counters together, before the less frequent are let go. */
const MAX_VALUES = 400_000;
const CAPACITY = { least: 16, most: 2000 };

/** Finds out what each rule of a policy does to a log. Its memory depends on the number of rules, not on the events. */
export class Coverage {
  /** By rule. */
  readonly rules: readonly Tally[];
  /** What no rule matched. */
  readonly unmatched: Tally;
  private readonly match: Matcher;
  private readonly tallies: readonly RunningTally[];
  private readonly rest: RunningTally;

  constructor(policy: Policy, options: MatchOptions = {}) {
    const rules = policy.rules ?? [];
    const share = Math.floor(MAX_VALUES / (2 * 3 * (rules.length + 1)));
    const capacity = Math.min(CAPACITY.most, Math.max(CAPACITY.least, share));
    this.tallies = rules.map(() => new RunningTally(capacity));
    this.rest = new RunningTally(capacity);
    this.rules = this.tallies;
    this.unmatched = this.rest;
    this.match = compilePolicy(policy, options);
  }

  /** The event has to be whole. Throws an EventError where it is not. */
  add(event: AuditEvent): void {
    const attributes = attributesOf(event);
    const decision = this.match(attributes);
    const left = trim(event, decision);
    const tally = this.tallies[decision.rule] ?? this.rest;
    tally.count(event, left);
    if (left === undefined && outcomeOf(event, decision) === 'drop-stage') tally.stageDropped++;
    tally.users.add(userOf(attributes));
    tally.verbs.add(attributes.verb);
    tally.resources.add(targetOf(attributes));
  }

  /** Everything together. */
  get total(): Amounts {
    const sum = { events: 0, bytesIn: 0, written: 0, bytesOut: 0, stageDropped: 0, unrestored: 0 };
    for (const tally of [...this.rules, this.unmatched]) {
      for (const key of Object.keys(sum) as (keyof Amounts)[]) sum[key] += tally[key];
    }
    return sum;
  }
}

class RunningTally implements Tally {
  events = 0;
  bytesIn = 0;
  written = 0;
  bytesOut = 0;
  stageDropped = 0;
  unrestored = 0;
  readonly users: TopCounter;
  readonly verbs: TopCounter;
  readonly resources: TopCounter;

  constructor(capacity: number) {
    this.users = new TopCounter(capacity);
    this.verbs = new TopCounter(capacity);
    this.resources = new TopCounter(capacity);
  }

  count(event: AuditEvent, left: AuditEvent | undefined): void {
    this.events++;
    this.bytesIn += event.size + 1;
    if (left === undefined) return;
    this.written++;
    this.bytesOut += left.size + 1;
    if (left.labels[UNRESTORED] !== undefined) this.unrestored++;
  }
}

function userOf({ user }: Attributes): string {
  return user ? (user.username ?? '') : '(nobody)';
}

/** `deployments.apps/scale`, `pods`; the path where the request is about none. */
export function targetOf({ isResourceRequest, path, resource, apiGroup, subresource }: Attributes): string {
  if (!isResourceRequest) return path;
  const named = apiGroup === '' ? resource : `${resource}.${apiGroup}`;
  return subresource === '' ? named : `${named}/${subresource}`;
}
