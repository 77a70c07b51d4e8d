import type { Clock } from '../core/clock.ts';
import type { DeadLetter } from '../core/dead-letter.ts';
import type { Log } from '../core/log.ts';
import type { Undelivered } from '../delivery/dead-letter.ts';
import { deliveryTo } from '../delivery/delivery.ts';
import { type Books, countDeadLettered } from './books.ts';
import type { Branch } from './branch.ts';
import type { Parts } from './parts.ts';
import type { Configured, PipelinePlan } from './plan.ts';
import { Stage } from './stage.ts';

/** What the parts of a plan are joined with. */
export interface Wiring {
  readonly plan: PipelinePlan;
  readonly parts: Parts;
  readonly books: Books;
  readonly log: Log;
  readonly deadLetter: DeadLetter;
  readonly undelivered?: Undelivered;
  readonly clock?: Clock;
  readonly random?: () => number;
}

/** The stages in front of the fan-out, in the order of the plan. */
export function sharedStages({ plan, parts, books }: Wiring): readonly Stage[] {
  return stagesOf(plan.transforms, parts.transforms, (component) => ({ component, counts: books.shared.counts }));
}

/** A branch for each sink, in the order of the plan. */
export function branchesOf(wiring: Wiring): readonly Branch[] {
  const { plan, parts, books } = wiring;
  return parts.sinks.map(({ sink, transforms }, index) => {
    const { name, delivery, transforms: configured } = plan.sinks[index] as PipelinePlan['sinks'][number];
    const ledger = books.sink(name);
    const { counts } = ledger;
    const component = `sinks.${name}`;
    return {
      ledger,
      stages: stagesOf(configured, transforms, (own) => ({ component: `${component}.${own}`, counts })),
      delivery: deliveryTo(sink, {
        ...wiring,
        ...delivery,
        component,
        onDelivered: (events, bytes) => {
          counts.delivered += events;
          counts.buffered -= events;
          ledger.bytesDelivered += bytes;
        },
        onDeadLettered: (events) => countDeadLettered(counts, events),
      }),
    };
  });
}

function stagesOf(
  configured: readonly Configured<'transform'>[],
  transforms: Parts['transforms'],
  place: (name: string) => Pick<ConstructorParameters<typeof Stage>[0], 'component' | 'counts'>,
): readonly Stage[] {
  return transforms.map((transform, index) => {
    const { name, spec } = configured[index] as Configured<'transform'>;
    return new Stage({ transform, drops: spec.drops, ...place(name) });
  });
}
