import type { MakeId, Random } from '@tidings/api/clock';

/**
 * A seeded generator (mulberry32): the same seed gives the same run, on every machine. Each concern of a run draws from a stream of its
 * own, so that a change of the code under test leaves the storm around it as it was.
 */
export class SeededRandom {
  #state: number;
  #ids = 0;
  readonly seed: number;
  readonly #name: string;

  constructor(seed: number, name = '') {
    this.seed = seed;
    this.#name = name;
    this.#state = (seed ^ hashOf(name)) >>> 0;
    for (let warmUp = 0; warmUp < 4; warmUp += 1) this.next();
  }

  /** The stream of one concern. Names are letters and digits. */
  stream(name: string): SeededRandom {
    return new SeededRandom(this.seed, `${this.#name}${name}`);
  }

  readonly next: Random = () => {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let t = this.#state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };

  /** Unique within the seed, by the stream's name. */
  readonly makeId: MakeId = () => `${this.#name}-${(this.#ids++).toString(36)}`.padEnd(22, '_');

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

/** FNV-1a. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return hash >>> 0;
}
