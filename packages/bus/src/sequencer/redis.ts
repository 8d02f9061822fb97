import { type ConversationId, type Seq, seq } from '@tidings/api/ids';
import { RedisScript } from '@tidings/redis/script';
import type { Redis } from 'ioredis';
import type { Sequencer } from './port.ts';

const nextScript = new RedisScript<number | null>(new URL('./lua/next.lua', import.meta.url));
const seedScript = new RedisScript<1>(new URL('./lua/seed.lua', import.meta.url));

const hourMs = 3_600_000;

export type RedisSequencerOptions = {
  readonly prefix?: string;
  /** A conversation that rests for so long is forgotten. It costs the next message one read of the log's head. */
  readonly idleMs?: number;
};

/**
 * The sequencer of many processes.
 *
 * | key, behind the prefix | what | lives |
 * |---|---|---|
 * | `<conversation>` | the last position suggested, as a number | `idleMs` after its last use |
 *
 * A Redis that lost it, or holds an older one, suggests positions that are taken: the store's write-once cells refuse them, and
 * the caller seeds. What is down: `unavailable`.
 */
export class RedisSequencer implements Sequencer {
  readonly #redis: Redis;
  readonly #prefix: string;
  readonly #idleMs: number;

  constructor(redis: Redis, { prefix = 'tidings:sequencer:', idleMs = hourMs }: RedisSequencerOptions = {}) {
    this.#redis = redis;
    this.#prefix = prefix;
    this.#idleMs = idleMs;
  }

  async next(conversation: ConversationId, count: number): Promise<Seq | null> {
    const last = await nextScript.run(this.#redis, [this.#prefix + conversation], [count, this.#idleMs]);
    return last === null ? null : seq(last - count + 1);
  }

  async seed(conversation: ConversationId, head: Seq): Promise<void> {
    await seedScript.run(this.#redis, [this.#prefix + conversation], [head, this.#idleMs]);
  }
}
