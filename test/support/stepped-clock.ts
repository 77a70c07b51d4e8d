import type { Clock } from '../../src/core/clock.ts';
import { settled } from '../contracts/testing.ts';

/** Time for code that has one timer at most: it jumps from one to the next, however long the work in between takes. */
export class SteppedClock implements Clock {
  private timer: { readonly ms: number; readonly callback: () => void } | undefined;

  get waiting(): boolean {
    return this.timer !== undefined;
  }

  now(): number {
    return 0;
  }

  after(ms: number, callback: () => void): () => void {
    const timer = { ms, callback };
    this.timer = timer;
    return () => {
      if (this.timer === timer) this.timer = undefined;
    };
  }

  /** Lets the timer fire; returns how long it was to take. */
  fire(): number {
    if (this.timer === undefined) throw new Error('nobody waits for this clock');
    const { ms, callback } = this.timer;
    this.timer = undefined;
    callback();
    return ms;
  }

  /** Lets so many timers fire, each as soon as there is one; resolves, when there is one more, with their lengths. */
  async steps(count: number): Promise<readonly number[]> {
    const lengths: number[] = [];
    for (let i = 0; i < count; i++) {
      lengths.push(this.fire());
      while (!this.waiting) await settled();
    }
    return lengths;
  }
}
