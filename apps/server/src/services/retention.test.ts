import { type ConversationId, seq } from '@tidings/api/ids';
import type { Caller } from '@tidings/api/trpc';
import { ManualClock } from '@tidings/bus/testing/manual-clock';
import { bucketSize } from '@tidings/db/message-store/port';
import { entryAt } from '@tidings/db/testing/make';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { World } from '../testing/world.ts';
import { Retention } from './retention.ts';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
let world: World;
let anna: Caller;
let ben: Caller;
let chat: ConversationId;

async function write(first: number, last: number, ageMs = 0) {
  const sentAt = world.clock.now() - ageMs;
  for (let at = first; at <= last; at += 1_000) {
    const positions = Array.from({ length: Math.min(1_000, last - at + 1) }, (_, index) => at + index);
    await world.ports.messages.append(
      positions.map((position) => entryAt(chat, position, { sentAt, sender: anna.userId })),
    );
  }
}
const mark = (caller: Caller, upTo: number) =>
  world.do(
    world.services().receipts.mark(caller, [{ conversationId: chat, delivered: seq(upTo), read: seq(0) }]),
  );
const sweep = () => world.do(new Retention(world.ports).sweep());
async function oldest(): Promise<number | undefined> {
  const span = { conversation: chat, first: seq(1), last: seq(2 ** 40), from: 'oldest', limit: 1 } as const;
  return (await world.ports.messages.read([span]))[0]?.[0]?.seq;
}

describe('LOG9 delete-after-delivery', () => {
  beforeEach(async () => {
    world = await World.start({ server: { retention: 'delete-after-delivery' } });
    [anna, ben] = await world.people('anna', 'ben');
    chat = await world.direct(anna, ben);
  });
  afterEach(() => world[Symbol.asyncDispose]());

  test('LOG9 drops the whole buckets that every member has, and nothing else', async () => {
    await write(1, bucketSize * 2 + 100);
    await mark(anna, bucketSize * 2 + 100);
    await sweep();
    expect(await oldest()).toBe(1);
    await mark(ben, bucketSize - 2);
    await sweep();
    expect(await oldest()).toBe(1);
    await mark(ben, bucketSize + 50);
    await sweep();
    expect(await oldest()).toBe(bucketSize);
    const { heads } = await world.do(world.services().sync.heads(ben, { limit: 1 }));
    expect(heads[0]?.head).toBe(bucketSize * 2 + 100);
  });

  test('LOG9 drops the whole buckets that are older than 30 days, whoever has them', async () => {
    await write(1, bucketSize * 2 - 1, 31 * dayMs);
    await write(bucketSize * 2, bucketSize * 3 + 100, 29 * dayMs);
    await sweep();
    expect(await oldest()).toBe(bucketSize * 2);
  });

  test('LOG9 what is gone is left out of what is read', async () => {
    await write(1, bucketSize + 1, 31 * dayMs);
    await sweep();
    expect((await world.log(ben, chat)).map((entry) => entry.seq)).toEqual([bucketSize, bucketSize + 1]);
    expect(await world.sent(ben, chat)).toBe(bucketSize + 2);
  });
});

test('LOG9 the sweep comes every hour, also after one that failed, until it is stopped', async () => {
  const clock = new ManualClock();
  const list = vi.fn(async (): Promise<ConversationId[]> => []);
  list.mockRejectedValueOnce(new Error('down'));
  const warn = vi.fn();
  const retention = new Retention({ clock, logger: { warn }, conversations: { list } } as never);
  retention.run();
  await clock.pass(hourMs - 1);
  expect(list).not.toHaveBeenCalled();
  await clock.pass(hourMs * 2 + 1);
  expect([list.mock.calls.length, warn.mock.calls.length]).toEqual([3, 1]);
  retention.stop();
  await clock.pass(hourMs * 5);
  expect(list).toHaveBeenCalledTimes(3);
});
