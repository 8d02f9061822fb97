import { TidingsError } from '@tidings/api/errors';
import { Redis } from 'ioredis';

export type RedisTrouble = (error: unknown) => void;

/** Longer than any command of ours takes while Redis is well. */
const commandTimeoutMs = 2_000;
/** A connection on which nothing comes back for this long is dead, whatever TCP believes. */
const socketTimeoutMs = 4_000;
const connectTimeoutMs = 2_000;
const reconnectMs = { first: 20, most: 1_000 } as const;

/**
 * A connection to one of the cluster's Redis. Everything in there is a hint, so a command is better refused than late:
 * - without a connection commands fail at once (no offline queue), and so does what was under way when it broke: nothing is sent
 *   a second time, since nobody knows whether it was done;
 * - a command that isn't answered within 2 s fails, and a silent connection is replaced;
 * - it reconnects for ever, at least once a second. Subscriptions are not renewed by the driver, which can't tell when that fails.
 *
 * Rejects with `unavailable` when Redis can't be reached now. Close it with {@link closeRedis}.
 */
export async function connectRedis(url: string, onTrouble: RedisTrouble): Promise<Redis> {
  const redis = new Redis(url, {
    lazyConnect: true,
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
    autoResubscribe: false,
    commandTimeout: commandTimeoutMs,
    socketTimeout: socketTimeoutMs,
    connectTimeout: connectTimeoutMs,
    retryStrategy: (attempt) => Math.min(reconnectMs.first * 2 ** attempt, reconnectMs.most),
  });
  redis.on('error', onTrouble);
  try {
    await redis.connect();
    return redis;
  } catch (error) {
    redis.disconnect();
    throw unavailable(error);
  }
}

/** Lets what is under way finish, if Redis answers. */
export async function closeRedis(redis: Redis): Promise<void> {
  try {
    await redis.quit();
  } catch {
    redis.disconnect();
  }
}

/** What the ports promise: a Redis that is down, slow, loading, full or a replica by now is `unavailable`. */
export async function answered<T>(command: Promise<T>): Promise<T> {
  try {
    return await command;
  } catch (error) {
    throw unavailable(error);
  }
}

const unavailable = (cause: unknown) => new TidingsError('unavailable', 'Redis', { cause });
