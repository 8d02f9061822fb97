import { setTimeout as pause } from 'node:timers/promises';
import type { ConversationId } from '@tidings/api/ids';
import { expect, test } from 'vitest';
import { checkHistory } from '../invariants/check.ts';
import { SeededRandom } from '../simulation/random.ts';
import { City } from './city.ts';

/** `NEMESIS_ROUNDS=200 NEMESIS_SEED=7 npx vitest run --project nemesis`: longer, or again. */
const rounds = Number(process.env.NEMESIS_ROUNDS ?? 8);
const seed = Number(process.env.NEMESIS_SEED ?? Date.now() % 1_000_000);

test.each(['SIGKILL', 'SIGTERM'] as const)(
  'INV1 INV2 INV3 %s under load and a restart, many rounds: nothing acknowledged is lost or doubled',
  async (signal) => {
    console.log(`nemesis: ${signal}, seed ${seed}, ${rounds} rounds`);
    const random = new SeededRandom(seed);
    await using city = await City.found(6);
    const load = new Load(city, random);
    for (let round = 0; round < rounds; round += 1) {
      await pause(random.between(150, 900));
      await city.kill(signal);
      await city.startAgain();
    }
    const sent = await load.stop();
    await expect.poll(() => city.isAtRest(), { timeout: 60_000, interval: 100 }).toBe(true);
    const history = await city.history();
    expect(checkHistory(history)).toEqual([]);
    expect(history.sends.length).toBe(sent);
    expect(new Set(history.acknowledgements.map(({ clientId }) => clientId)).size).toBe(sent);
  },
);

/** Everybody writes to all their conversations, as fast as their outboxes take it, with small rests. */
class Load {
  readonly #writers: readonly Promise<number>[];
  #stopped = false;

  constructor(city: City, random: SeededRandom) {
    this.#writers = city.residents.map(async ({ citizen, engine, store }, at) => {
      const conversations = city.conversations.get(citizen) as readonly ConversationId[];
      let sent = 0;
      for (; !this.#stopped; sent += 1) {
        const conversation = random.pick(conversations);
        await engine.send(conversation, { type: 'text', text: `${at}.${sent}` });
        await pause(random.between(1, 12));
        const row = await store.conversation(conversation);
        if (row && random.chance(0.3)) engine.markRead(conversation, row.head);
      }
      return sent;
    });
  }

  async stop(): Promise<number> {
    this.#stopped = true;
    const counts = await Promise.all(this.#writers);
    return counts.reduce((sum, count) => sum + count, 0);
  }
}
