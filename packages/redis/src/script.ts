import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Redis } from 'ioredis';
import { answered } from './connection.ts';

type Argument = string | number;

/** A Lua script in a file of its own, which Redis runs as one step. It is sent whole only when Redis doesn't know it (after a restart). */
export class RedisScript<Answer> {
  readonly #source: string;
  readonly #sha: string;

  constructor(file: URL) {
    this.#source = readFileSync(file, 'utf8');
    this.#sha = createHash('sha1').update(this.#source).digest('hex');
  }

  /** Scripts that are run in the same tick travel together. Rejects with `unavailable`. */
  run(redis: Redis, keys: readonly string[], args: readonly Argument[]): Promise<Answer> {
    return answered(this.#run(redis, keys, args)) as Promise<Answer>;
  }

  async #run(redis: Redis, keys: readonly string[], args: readonly Argument[]): Promise<unknown> {
    try {
      return await redis.evalsha(this.#sha, keys.length, ...keys, ...args);
    } catch (error) {
      if (!String(error).includes('NOSCRIPT')) throw error;
      return redis.eval(this.#source, keys.length, ...keys, ...args);
    }
  }
}
