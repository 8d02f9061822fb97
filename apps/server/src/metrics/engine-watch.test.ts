import { TidingsError } from '@tidings/api/errors';
import { ManualClock } from '@tidings/bus/testing/manual-clock';
import { Registry } from 'prom-client';
import { beforeEach, describe, expect, test } from 'vitest';
import type { Logger } from '../services/parts.ts';
import { EngineWatch } from './engine-watch.ts';

class Store {
  readonly #words = new Map([['a', 1]]);
  error: Error | null = null;

  async get(key: string): Promise<number | undefined> {
    if (this.error) throw this.error;
    return this.#words.get(key);
  }

  size(): number {
    return this.#words.size;
  }
}

let clock: ManualClock;
let registry: Registry;
let said: string[];
let store: Store;
let watched: Store;

beforeEach(() => {
  clock = new ManualClock();
  registry = new Registry();
  said = [];
  const say = (level: string) => (fields: object) =>
    said.push(`${level} ${(fields as { engine: string }).engine}`);
  const logger: Logger = { debug: say('debug'), info: say('info'), warn: say('warn'), error: say('error') };
  store = new Store();
  watched = new EngineWatch({ registry, logger, clock }).port('oracle', 'store', store);
});

const count = async (name: string): Promise<number> =>
  Number(new RegExp(`^${name}\\S* (\\d+)$`, 'm').exec(await registry.metrics())?.[1] ?? 0);
const failing = async (code: 'unavailable' | 'not-found') => {
  store.error = new TidingsError(code);
  await expect(watched.get('a')).rejects.toThrow(code);
};
const answering = async () => {
  store.error = null;
  expect(await watched.get('a')).toBe(1);
};

describe('a watched port', () => {
  test('answers as it did, and is timed', async () => {
    expect(await watched.get('a')).toBe(1);
    expect(watched.size()).toBe(1);
    expect(await count('tidings_engine_seconds_count')).toBe(1);
    expect(await count('tidings_engine_errors_total')).toBe(0);
    expect(said).toEqual([]);
  });

  test('says once that its engine is down, and once that it is back', async () => {
    for (let call = 0; call < 5; call += 1) await failing('unavailable');
    expect(said).toEqual(['error oracle']);
    expect(await count('tidings_engine_errors_total')).toBe(5);
    expect(await count('tidings_engine_up')).toBe(0);
    await clock.pass(1_000);
    for (let call = 0; call < 5; call += 1) await answering();
    expect(said).toEqual(['error oracle', 'info oracle']);
    expect(await count('tidings_engine_up')).toBe(1);
  });

  test('of an engine that fails now and then says so once', async () => {
    for (let call = 0; call < 5; call += 1) {
      await failing('unavailable');
      await clock.pass(100);
      await answering();
    }
    expect(said).toEqual(['error oracle']);
  });

  test('that refuses what was asked is not down', async () => {
    await failing('not-found');
    expect(said).toEqual([]);
    expect(await count('tidings_engine_errors_total')).toBe(0);
  });
});
