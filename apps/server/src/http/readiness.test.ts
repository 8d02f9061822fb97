import { ManualClock } from '@tidings/bus/testing/manual-clock';
import { beforeEach, describe, expect, test } from 'vitest';
import { Readiness } from './readiness.ts';

let clock: ManualClock;
let asked: number;
let answer: () => Promise<unknown>;
let readiness: Readiness;

beforeEach(() => {
  clock = new ManualClock();
  asked = 0;
  answer = async () => 'pong';
  readiness = new Readiness(clock, {
    oracle: () => {
      asked += 1;
      return answer();
    },
  });
});

describe('a process', () => {
  test('is ready when every engine that it needs answers', async () => {
    expect(await readiness.state()).toEqual({ status: 'ready', engines: { oracle: 'up' } });
  });

  test('waits for one that refuses', async () => {
    answer = () => Promise.reject(new Error('no'));
    expect(await readiness.state()).toEqual({ status: 'waiting', engines: { oracle: 'down' } });
    answer = async () => 'pong';
    await clock.pass(1_000);
    expect((await readiness.state()).status).toBe('ready');
  });

  test('waits for one that is silent, and says so itself', async () => {
    answer = () => new Promise(() => {});
    const state = readiness.state();
    await clock.pass(2_000);
    expect((await state).status).toBe('waiting');
  });

  test('asks once a second, however often it is asked', async () => {
    await Promise.all([readiness.state(), readiness.state()]);
    await readiness.state();
    expect(asked).toBe(1);
    await clock.pass(1_000);
    await readiness.state();
    expect(asked).toBe(2);
  });

  test('that drains takes no more, whatever the engines say', async () => {
    readiness.drain();
    expect((await readiness.state()).status).toBe('draining');
  });

  test('that needs nobody is ready', async () => {
    expect(await new Readiness(clock).state()).toEqual({ status: 'ready', engines: {} });
  });
});
