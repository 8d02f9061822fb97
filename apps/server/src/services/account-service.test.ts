import type { AccountItem } from '@tidings/api/account';
import { accountId, type ConversationId, seq } from '@tidings/api/ids';
import type { Caller } from '@tidings/api/trpc';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { World } from '../testing/world.ts';

let world: World;
let anna: Caller;
let chat: ConversationId;

beforeEach(async () => {
  world = await World.start();
  const [one, other] = await world.people('anna', 'ben');
  anna = one;
  chat = await world.direct(anna, other);
});
afterEach(() => world[Symbol.asyncDispose]());

const put = (items: readonly AccountItem[], caller = anna) =>
  world.do(world.services().accounts.put(caller, items));
const snapshot = (cursor?: string) => world.do(world.services().accounts.snapshot(anna, cursor));
const star = (at: number, value: unknown = at): AccountItem => ({ key: `star:${chat}:${at}`, value });

async function fold(): Promise<Record<string, unknown>> {
  const items: AccountItem[] = [];
  for (let page = await snapshot(); ; page = await snapshot(page.next)) {
    items.push(...page.items);
    if (page.next === undefined) return Object.fromEntries(items.map(({ key, value }) => [key, value]));
  }
}

describe('the account log', () => {
  test('ACCT1 folded is the account’s state: the later put wins, null takes away', async () => {
    await put([star(1), star(2), { key: `pin:${chat}`, value: 5 }]);
    const { seq: position } = await put([star(1, 9), star(2, null)]);
    expect(await snapshot()).toMatchObject({ seq: position });
    const state = await fold();
    expect(state).toMatchObject({ [`star:${chat}:1`]: 9, [`pin:${chat}`]: 5 });
    expect(state).not.toHaveProperty(`star:${chat}:2`);
  });

  test('ACCT1 a snapshot and what comes after equal a fresh fold', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.integer({ min: 1, max: 5 }), fc.option(fc.integer({ min: 0, max: 99 }))), {
          minLength: 1,
          maxLength: 20,
        }),
        fc.nat(20),
        async (puts, cut) => {
          const items = puts.map(([at, value]) => star(at, value));
          for (const item of items.slice(0, cut)) await put([item]);
          const before = await snapshot();
          const state = new Map(before.items.map(({ key, value }) => [key, value]));
          for (const item of items.slice(cut)) await put([item]);
          const log = await world.log(anna, accountId(anna.userId));
          for (const entry of log.filter((each) => each.seq > before.seq)) {
            const { key, value } = JSON.parse(entry.content) as AccountItem;
            if (value === null) state.delete(key);
            else state.set(key, value);
          }
          expect(Object.fromEntries(state)).toEqual(await fold());
        },
      ),
      { numRuns: 20 },
    );
  });

  test('ACCT1 a large one comes in pages', async () => {
    for (let from = 0; from < 2_300; from += 100)
      await put(Array.from({ length: 100 }, (_, at) => star(from + at + 1)));
    expect((await snapshot()).items).toHaveLength(1_000);
    expect(Object.keys(await fold()).filter((key) => key.startsWith('star:'))).toHaveLength(2_300);
  });

  test('ACCT2 takes the keys and values that are listed, and none else', async () => {
    const wrong: AccountItem[] = [
      { key: 'anything', value: 1 },
      { key: `conversation:${chat}`, value: 1 },
      { key: 'profile', value: 1 },
      { key: `pin:${chat}`, value: 'yes' },
      { key: `clear:${chat}`, value: -1 },
    ];
    for (const item of wrong) await expect(put([star(1), item])).rejects.toMatchObject({ code: 'bad-input' });
    await expect(put([])).rejects.toMatchObject({ code: 'bad-input' });
    expect(Object.keys(await fold()).filter((key) => key.startsWith('star:'))).toEqual([]);
  });

  test('ACCT3 reaches the user’s devices in order, and nobody else', async () => {
    const tablet = await world.device(anna.userId);
    const [own, other] = [await world.connect(tablet), await world.connect(await world.person('chloe'))];
    await put([star(1), star(2)]);
    await world.settle();
    const keys = own.of('entry').map(({ entry }) => JSON.parse(entry.content).key as string);
    expect(keys).toEqual([`star:${chat}:1`, `star:${chat}:2`]);
    expect(other.of('entry')).toEqual([]);
    const { accountHead } = await world.do(world.services().sync.heads(tablet, { limit: 1 }));
    expect(accountHead).toBe(own.of('entry').at(-1)?.entry.seq);
    expect(accountHead).toBe(seq(3));
  });
});
