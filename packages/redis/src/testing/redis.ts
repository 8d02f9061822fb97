import { secureId, systemClock, wait } from '@tidings/api/clock';
import type { Redis } from 'ioredis';
import { afterAll, inject } from 'vitest';
import { closeRedis, connectRedis } from '../connection.ts';
import { tcpProxy } from './tcp-proxy.ts';

/** Real time goes by. */
export const pass = (ms: number): Promise<void> => wait(systemClock, ms);

/** A Redis of the cluster, for the tests of a file: keys of their own, gone afterwards, and connections that are closed. */
export function redisOfTests(role: 'coordination' | 'cache' = 'coordination') {
  const prefix = `test-${secureId()}:`;
  const url = inject('engines').redis[role];
  const opened: Redis[] = [];
  async function connect(address = url): Promise<Redis> {
    const redis = await connectRedis(address, () => {});
    opened.push(redis);
    return redis;
  }
  /** A connection whose line the test can cut or hold. */
  async function connectThroughProxy() {
    const { hostname, port } = new URL(url);
    const proxy = await tcpProxy({ host: hostname, port: Number(port) });
    const through = new URL(url);
    through.host = `127.0.0.1:${proxy.port}`;
    return { proxy, redis: await connect(through.href) };
  }
  const keys = async (redis: Redis): Promise<string[]> => {
    const found: string[] = [];
    for await (const some of redis.scanStream({ match: `${prefix}*`, count: 10_000 })) found.push(...some);
    return found;
  };
  /** What FLUSHALL does, to the keys of these tests only. */
  async function forgetEverything(): Promise<void> {
    const redis = await connect();
    const found = await keys(redis);
    if (found.length > 0) await redis.unlink(...found);
  }
  afterAll(async () => {
    await forgetEverything();
    await Promise.all(opened.map(closeRedis));
  });
  return { prefix, connect, connectThroughProxy, keys, forgetEverything };
}

/** Ends a connection from the server's side. */
export async function cut(redis: Redis, through: Redis): Promise<void> {
  const id = await redis.client('ID');
  await through.client('KILL', 'ID', id);
}
