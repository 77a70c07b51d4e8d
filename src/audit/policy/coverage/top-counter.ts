/** How often a value was counted. */
export interface Counted {
  readonly value: string;
  readonly events: number;
}

/** Longer values are counted by their beginning: their senders choose how long they are. */
const MAX_LENGTH = 200;

/**
 * Counts values and keeps those that are frequent, in memory that does not grow with how many there are: a summary of
 * frequent items after Misra and Gries. While there are at most twice `capacity` different values every count is exact.
 * Beyond that the smaller ones are let go: then a count may be too low by up to `error`, never too high, and whatever
 * was counted more often than `error` is still there.
 */
export class TopCounter {
  private readonly capacity: number;
  private readonly counts = new Map<string, number>();
  private lost = 0;

  constructor(capacity: number) {
    this.capacity = capacity;
  }

  get error(): number {
    return this.lost;
  }

  add(text: string): void {
    const value = text.length > MAX_LENGTH ? shortened(text) : text;
    const count = this.counts.get(value);
    if (count === undefined && this.counts.size >= 2 * this.capacity) this.shrink();
    this.counts.set(value, (count ?? 0) + 1);
  }

  /** The most frequent ones; those that are as frequent as another in the order of their letters. */
  top(count: number): readonly Counted[] {
    return [...this.counts]
      .map(([value, events]) => ({ value, events }))
      .sort((a, b) => b.events - a.events || (a.value < b.value ? -1 : 1))
      .slice(0, count);
  }

  private shrink(): void {
    const cut = [...this.counts.values()].sort((a, b) => b - a)[this.capacity] as number;
    for (const [value, count] of this.counts) {
      if (count > cut) this.counts.set(value, count - cut);
      else this.counts.delete(value);
    }
    this.lost += cut;
  }
}

/** Through bytes, as a slice of a string keeps the whole of it in memory. */
function shortened(text: string): string {
  return `${Buffer.from(text.slice(0, MAX_LENGTH)).toString()}…`;
}
