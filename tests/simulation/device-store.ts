import type { Clock } from '@tidings/api/clock';
import type { LocalChange, LocalStore } from '@tidings/client/local-store';
import { LocalStoreFull } from '@tidings/client/local-store';
import { MemoryStore } from '@tidings/client/memory-store';
import type { SimProcess } from './process.ts';
import type { SeededRandom } from './random.ts';

/**
 * A device's disk: it outlives the processes that use it. Like IndexedDB it takes one thing after another, each a moment later, and what
 * was not finished when its process died did not happen.
 */
export class DeviceDisk {
  readonly memory = new MemoryStore();
  /** How often a write is refused for want of room. */
  full = 0;
  readonly #clock: Clock;
  readonly #random: SeededRandom;
  readonly #applied: (changes: readonly LocalChange[]) => void;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(parts: {
    clock: Clock;
    random: SeededRandom;
    applied: (changes: readonly LocalChange[]) => void;
  }) {
    this.#clock = parts.clock;
    this.#random = parts.random;
    this.#applied = parts.applied;
  }

  /** The store as one process of the device uses it. */
  openedBy(owner: SimProcess): LocalStore {
    const { memory } = this;
    return new Proxy(memory, {
      get: (_, name) => {
        if (name === 'apply') return (changes: readonly LocalChange[]) => this.#apply(owner, changes);
        const member: unknown = Reflect.get(memory, name);
        if (typeof member !== 'function') return member;
        return (...parameters: unknown[]) => {
          const read = () => (member as (...all: unknown[]) => unknown).apply(memory, parameters);
          return name === 'observe' ? read() : owner.while(this.#inTurn(0.1, async () => read()));
        };
      },
    });
  }

  #apply(owner: SimProcess, changes: readonly LocalChange[]): Promise<void> {
    const write = async () => {
      if (!owner.alive) return;
      if (this.full > 0 && this.#random.chance(this.full)) throw new LocalStoreFull();
      this.#applied(changes);
      await this.memory.apply(changes);
    };
    return owner.while(this.#inTurn(0.5, write));
  }

  #inTurn<T>(slow: number, work: () => Promise<T>): Promise<T> {
    const done = this.#turn.then(async () => {
      if (this.#random.chance(slow)) await this.#moment();
      return work();
    });
    this.#turn = done.catch(() => {});
    return done;
  }

  #moment(): Promise<void> {
    return new Promise((resolve) => {
      this.#clock.after(this.#random.between(1, 6), resolve);
    });
  }
}
