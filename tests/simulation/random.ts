import type { MakeId, Random } from '@tidings/api/clock';

/** A seeded generator (mulberry32): the same seed gives the same run, on every machine. */
export class SeededRandom {
  #state: number;
  #ids = 0;
  readonly seed: number;

  constructor(seed: number) {
    this.seed = seed;
    this.#state = seed >>> 0;
  }

  readonly next: Random = () => {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let t = this.#state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };

  /** Unique within the seed, and across seeds. */
  readonly makeId: MakeId = () => `s${this.seed.toString(36)}-${(this.#ids++).toString(36)}`.padEnd(22, '_');

  /** An integer in [low, high]. */
  between(low: number, high: number): number {
    return low + Math.floor(this.next() * (high - low + 1));
  }

  chance(probability: number): boolean {
    return this.next() < probability;
  }

  pick<T>(items: readonly T[]): T {
    return items[Math.floor(this.next() * items.length)] as T;
  }
}
