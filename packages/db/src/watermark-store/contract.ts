import { type ConversationId, seq, type UserId } from '@tidings/api/ids';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { range, someChat, someGroup, someUser } from '../testing/make.ts';
import type { Opening } from '../testing/opening.ts';
import type { MarkTimes, MarkUpdate, WatermarkStore } from './port.ts';

export function describeWatermarkStore(name: string, { open, reopen }: Opening<WatermarkStore>): void {
  describe(`watermark store on ${name}`, () => {
    let store: WatermarkStore;
    beforeAll(async () => {
      store = await open();
    });

    test('MARK1 marks stand where they were raised to, and are zero before', async () => {
      const [chat, other, user] = [someChat(), someChat(), someUser()];
      const stand = await store.advance([mark(chat, user, 5, 3), mark(other, user, 1, 0)]);
      expect(stand).toEqual([
        { conversation: chat, user, delivered: 5, read: 3 },
        { conversation: other, user, delivered: 1, read: 0 },
      ]);
      const unknown = someChat();
      expect(await store.ofUser(user, [unknown, other, chat])).toEqual([
        { conversation: unknown, user, delivered: 0, read: 0 },
        stand[1],
        stand[0],
      ]);
      expect(await store.ofUser(someUser(), [chat])).toMatchObject([{ delivered: 0, read: 0 }]);
    });

    test('MARK1 read raises delivered, and a lower mark changes nothing', async () => {
      const [chat, user] = [someChat(), someUser()];
      expect(await store.advance([mark(chat, user, 2, 7)])).toMatchObject([{ delivered: 7, read: 7 }]);
      expect(await store.advance([mark(chat, user, 4, 4)])).toMatchObject([{ delivered: 7, read: 7 }]);
      expect(await store.advance([mark(chat, user, 9, 0)])).toMatchObject([{ delivered: 9, read: 7 }]);
      expect(await store.advance([mark(chat, user, 0, 0)])).toMatchObject([{ delivered: 9, read: 7 }]);
    });

    test('MARK1 several marks of a member in one call are answered as they follow each other', async () => {
      const [chat, user] = [someChat(), someUser()];
      const stand = await store.advance([
        mark(chat, user, 1, 0),
        mark(chat, user, 3, 2),
        mark(chat, user, 2, 2),
      ]);
      expect(stand.at(-1)).toMatchObject({ delivered: 3, read: 2 });
      expect(await store.ofUser(user, [chat])).toMatchObject([{ delivered: 3, read: 2 }]);
    });

    test('INV5 in whatever order and however concurrently marks come, the highest stand', async () => {
      const someMarks = fc.array(fc.tuple(fc.nat(40), fc.nat(40)), { minLength: 1, maxLength: 20 });
      const property = fc.asyncProperty(someMarks, async (marks) => {
        const [chat, user] = [someChat(), someUser()];
        const answers = await Promise.all(
          marks.map(([delivered, read]) => store.advance([mark(chat, user, delivered, read)])),
        );
        const read = Math.max(...marks.map((pair) => pair[1]));
        const delivered = Math.max(read, ...marks.map((pair) => pair[0]));
        expect(await store.ofUser(user, [chat])).toEqual([{ conversation: chat, user, delivered, read }]);
        for (const [at, [answer]] of answers.entries()) {
          expect(answer?.read).toBeGreaterThanOrEqual(marks[at]?.[1] ?? 0);
          expect(answer?.delivered).toBeGreaterThanOrEqual(Math.max(...(marks[at] ?? [0])));
          expect(answer?.read).toBeLessThanOrEqual(answer?.delivered ?? -1);
        }
      });
      await fc.assert(property, { numRuns: 40 });
    });

    test('MARK7 all members that have marks are listed, per conversation in the order asked', async () => {
      const [group, empty] = [someGroup(), someGroup()];
      const users = range(1, 300).map(someUser);
      await store.advance(users.map((user, at) => mark(group, user, at + 1, at)));
      const [none, members] = await store.ofConversations([empty, group]);
      expect(none).toEqual([]);
      const expected = users.map((user, at) => ({ conversation: group, user, delivered: at + 1, read: at }));
      expect(byUser(members ?? [])).toEqual(byUser(expected));
    });

    test('MARK7 times are those of the first mark that reached the position', async () => {
      const [chat, quick, slow, never] = [someChat(), someUser(), someUser(), someUser()];
      await store.advance([mark(chat, quick, 3, 0, 100), mark(chat, never, 2, 2, 100)]);
      await store.advance([mark(chat, quick, 5, 0, 200), mark(chat, slow, 9, 0, 250)]);
      await store.advance([mark(chat, quick, 5, 4, 300), mark(chat, quick, 8, 8, 400)]);
      const times = async (position: number) => byUser(await store.timesAt(chat, seq(position)));
      const expected = (rows: MarkTimes[]) => byUser(rows);
      expect(await times(3)).toEqual(
        expected([
          { user: quick, deliveredAt: 100, readAt: 300 },
          { user: slow, deliveredAt: 250, readAt: null },
        ]),
      );
      expect(await times(4)).toEqual(
        expected([
          { user: quick, deliveredAt: 200, readAt: 300 },
          { user: slow, deliveredAt: 250, readAt: null },
        ]),
      );
      expect(await times(8)).toEqual(
        expected([
          { user: quick, deliveredAt: 400, readAt: 400 },
          { user: slow, deliveredAt: 250, readAt: null },
        ]),
      );
      expect(await times(10)).toEqual([]);
      expect(await store.timesAt(someChat(), seq(1))).toEqual([]);
    });

    test('MARK7 times agree with a list of all marks, over long histories', async () => {
      const steps = fc.array(fc.tuple(fc.nat(3), fc.nat(3)), { minLength: 100, maxLength: 250 });
      const property = fc.asyncProperty(steps, fc.nat(), async (moves, pick) => {
        const [chat, user] = [someChat(), someUser()];
        const history = historyOf(moves);
        await store.advance(history.map(({ delivered, read, at }) => mark(chat, user, delivered, read, at)));
        const last = history.at(-1)?.delivered ?? 0;
        const position = 1 + (pick % (last + 1));
        const firstAt = (reached: (one: (typeof history)[number]) => boolean) =>
          history.find(reached)?.at ?? null;
        const deliveredAt = firstAt((one) => one.delivered >= position);
        const readAt = firstAt((one) => one.read >= position);
        const expected = deliveredAt === null ? [] : [{ user, deliveredAt, readAt }];
        expect(await store.timesAt(chat, seq(position))).toEqual(expected);
      });
      await fc.assert(property, { numRuns: 30 });
    });

    test('nothing to do is answered', async () => {
      expect(await store.advance([])).toEqual([]);
      expect(await store.ofUser(someUser(), [])).toEqual([]);
      expect(await store.ofConversations([])).toEqual([]);
    });

    test.skipIf(!reopen)(
      'MARK1 marks and times last, and go on growing, through a new connection',
      async () => {
        const [chat, user] = [someChat(), someUser()];
        await store.advance([mark(chat, user, 4, 2, 100)]);
        store = (await reopen?.()) ?? store;
        expect(await store.advance([mark(chat, user, 3, 3, 200)])).toMatchObject([{ delivered: 4, read: 3 }]);
        expect(await store.timesAt(chat, seq(2))).toEqual([{ user, deliveredAt: 100, readAt: 100 }]);
        expect(await store.timesAt(chat, seq(3))).toEqual([{ user, deliveredAt: 100, readAt: 200 }]);
      },
    );
  });
}

function mark(
  conversation: ConversationId,
  user: UserId,
  delivered: number,
  read: number,
  at = 1,
): MarkUpdate {
  return { conversation, user, delivered: seq(delivered), read: seq(read), at };
}

/** Marks that only grow, `read` never above `delivered`, at times 1, 2, 3, … */
function historyOf(moves: readonly (readonly [number, number])[]) {
  let [delivered, read] = [0, 0];
  return moves.map(([more, seen], at) => {
    delivered += more;
    read = Math.min(delivered, read + seen);
    return { delivered, read, at: at + 1 };
  });
}

const byUser = <T extends { readonly user: UserId }>(rows: readonly T[]): T[] =>
  [...rows].sort((a, b) => (a.user < b.user ? -1 : 1));
