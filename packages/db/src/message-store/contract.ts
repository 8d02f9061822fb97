import { secureId } from '@tidings/api/clock';
import { type ConversationId, clientId, seq } from '@tidings/api/ids';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { entriesAt, entryAt, positions, range, someChat, someGroup, someUser } from '../testing/make.ts';
import type { Opening } from '../testing/opening.ts';
import { bucketSize, type MessageStore, type Span } from './port.ts';

export function describeMessageStore(name: string, { open, reopen }: Opening<MessageStore>): void {
  describe(`message store on ${name}`, () => {
    let store: MessageStore;
    beforeAll(async () => {
      store = await open();
    });

    const whole = (conversation: ConversationId): Span => span(conversation, 1, 2 ** 40);
    const readAll = async (conversation: ConversationId) =>
      (await store.read([whole(conversation)]))[0] ?? [];

    describe('append', () => {
      test('LOG1 a written entry is read back as it was, with nothing added', async () => {
        const chat = someChat();
        const entries = [
          entryAt(chat, 1, { content: 'ä 😀 \u0000 "quoted" \\ \n' }),
          entryAt(chat, 2, { kind: 'reaction', target: seq(1), content: '👍' }),
          { conversationId: chat, seq: seq(3), kind: 'void', sender: someUser(), sentAt: 0, content: '' },
          entryAt(chat, 4, {
            kind: 'a-later-kind',
            sentAt: 4_102_444_800_000,
            content: 'x'.repeat(96 * 1024),
          }),
        ];
        expect(await store.append(entries)).toEqual(['written', 'written', 'written', 'written']);
        expect(await readAll(chat)).toStrictEqual(entries);
      });

      test('LOG1 a taken cell keeps its first entry', async () => {
        const chat = someChat();
        const first = entryAt(chat, 1);
        await store.append([first]);
        expect(await store.append([entryAt(chat, 1, { content: 'late' })])).toEqual(['taken']);
        expect(await store.append([first])).toEqual(['taken']);
        expect(await readAll(chat)).toEqual([first]);
      });

      test('LOG1 of concurrent writers of a cell exactly one wins, and is what everybody reads', async () => {
        const chat = someChat();
        const rivals = range(1, 20).map((n) => entryAt(chat, 7, { content: `rival ${n}` }));
        const outcomes = await Promise.all(rivals.map((entry) => store.append([entry])));
        const winners = rivals.filter((_, at) => outcomes[at]?.[0] === 'written');
        expect(winners).toHaveLength(1);
        expect(await readAll(chat)).toEqual(winners);
      });

      test('LOG1 a cell above the largest position of 32 bits is a cell like others', async () => {
        const chat = someChat();
        await store.append(entriesAt(chat, 2 ** 40));
        expect(await store.heads([chat])).toMatchObject([{ seq: 2 ** 40 }]);
        expect(await store.append(entriesAt(chat, 2 ** 40))).toEqual(['taken']);
      });

      test('LOG8 behind a taken cell nothing of the same call and conversation is written', async () => {
        const [chat, other] = [someChat(), someChat()];
        await store.append(entriesAt(chat, 2));
        const mixed = [
          ...entriesAt(chat, 1),
          ...entriesAt(other, 1),
          ...entriesAt(chat, 2, 3),
          ...entriesAt(other, 2),
        ];
        expect(await store.append(mixed)).toEqual(['written', 'written', 'taken', 'taken', 'written']);
        expect(positions(await readAll(chat))).toEqual([1, 2]);
        expect(positions(await readAll(other))).toEqual([1, 2]);
      });

      test('holes may stay and may be filled later', async () => {
        const chat = someChat();
        await store.append(entriesAt(chat, 5));
        await store.append(entriesAt(chat, 2, 3));
        expect(positions(await readAll(chat))).toEqual([2, 3, 5]);
        expect(await store.append(entriesAt(chat, 4))).toEqual(['written']);
        expect(positions(await readAll(chat))).toEqual([2, 3, 4, 5]);
      });

      test('a large batch over many conversations', async () => {
        const chats = range(1, 40).map(someChat);
        const entries = range(1, 25).flatMap((position) => chats.map((chat) => entryAt(chat, position)));
        expect(new Set(await store.append(entries))).toEqual(new Set(['written']));
        const pages = await store.read(chats.map(whole));
        expect(pages.map(positions)).toEqual(chats.map(() => range(1, 25)));
      });

      test('nothing to do is answered', async () => {
        expect(await store.append([])).toEqual([]);
        expect(await store.read([])).toEqual([]);
        expect(await store.heads([])).toEqual([]);
        expect(await store.countUnread([], 10)).toEqual([]);
      });

      test.skipIf(!reopen)('LOG2 what was answered is there through a new connection', async () => {
        const chats = range(1, 20).map(someChat);
        const entries = chats.flatMap((chat) => entriesAt(chat, 1, 2, 3));
        await Promise.all(entries.map((entry) => store.append([entry])));
        await store.redact(chats[0] as ConversationId, seq(2));
        store = (await reopen?.()) ?? store;
        const pages = await store.read(chats.map(whole));
        expect(pages.slice(1).flat()).toEqual(entries.slice(3));
        expect(pages[0]?.[1]).toMatchObject({ content: '', deleted: true });
      });
    });

    describe('read', () => {
      test('LOG6 spans are cut from the end that they name, ascending, in the order asked', async () => {
        const [chat, other, unknown] = [someChat(), someGroup(), someChat()];
        await store.append([...entriesAt(chat, ...range(1, 30)), ...entriesAt(other, ...range(1, 3))]);
        const pages = await store.read([
          { ...span(chat, 5, 20), limit: 3 },
          { ...span(chat, 5, 20), from: 'newest', limit: 3 },
          span(chat, 29, 99),
          span(unknown, 1, 99),
          { ...span(other, 1, 99), from: 'newest' },
          span(chat, 9, 8),
          span(chat, 0, 1),
        ]);
        const expected = [[5, 6, 7], [18, 19, 20], [29, 30], [], [1, 2, 3], [], [1]];
        expect(pages.map(positions)).toEqual(expected);
        expect(pages[4]?.[0]?.conversationId).toBe(other);
      });

      test('LOG6 any span gives what an array of the log would', async () => {
        const chat = someChat();
        const written = range(bucketSize - 60, bucketSize + 60).filter((position) => position % 7 !== 0);
        await store.append(entriesAt(chat, ...written));
        const anySpan = fc.record({
          first: fc.integer({ min: bucketSize - 70, max: bucketSize + 70 }),
          length: fc.integer({ min: 0, max: 140 }),
          from: fc.constantFrom('oldest' as const, 'newest' as const),
          limit: fc.integer({ min: 1, max: 200 }),
        });
        const property = fc.asyncProperty(anySpan, async ({ first, length, from, limit }) => {
          const inside = written.filter((position) => position >= first && position <= first + length);
          const expected = from === 'oldest' ? inside.slice(0, limit) : inside.slice(-limit);
          const [page] = await store.read([{ ...span(chat, first, first + length), from, limit }]);
          expect(positions(page ?? [])).toEqual(expected);
        });
        await fc.assert(property, { numRuns: 60 });
      });

      test('heads are the highest written cells, whatever lies below, and zeros where nothing is', async () => {
        const [chat, holey, unknown] = [someChat(), someChat(), someChat()];
        await store.append([...entriesAt(chat, 1, 2), entryAt(holey, 9, { sentAt: 77 })]);
        await store.append(entriesAt(holey, 4));
        expect(await store.heads([unknown, holey, chat])).toEqual([
          { seq: 0, sentAt: 0 },
          { seq: 9, sentAt: 77 },
          { seq: 2, sentAt: 1_700_000_000_002 },
        ]);
      });
    });

    describe('effects', () => {
      test('INV11 are the entries about a range of positions, ascending, at most so many', async () => {
        const [chat, other] = [someChat(), someChat()];
        const about = (conversation: ConversationId, position: number, target: number) =>
          entryAt(conversation, position, { kind: 'edit', target: seq(target) });
        await store.append([
          ...entriesAt(chat, 1, 2, 3),
          about(chat, 4, 3),
          about(chat, 5, 1),
          about(chat, 6, 2),
        ]);
        await store.append([...entriesAt(other, 1), about(other, 2, 1)]);
        const effects = async (first: number, last: number, limit: number) =>
          positions(await store.effects(chat, seq(first), seq(last), limit));
        expect(await effects(1, 3, 10)).toEqual([4, 5, 6]);
        expect(await effects(2, 3, 10)).toEqual([4, 6]);
        expect(await effects(1, 3, 2)).toEqual([4, 5]);
        expect(await effects(4, 9, 10)).toEqual([]);
        expect((await store.effects(other, seq(1), seq(1), 1))[0]).toEqual(
          expect.objectContaining({ target: 1 }),
        );
        expect(await store.effects(someChat(), seq(1), seq(9), 10)).toEqual([]);
      });
    });

    describe('countUnread', () => {
      test('INV6 counts messages of others that are not deleted', async () => {
        const chat = someChat();
        const [reader, peer] = [someUser(), someUser()];
        await store.append([
          entryAt(chat, 1, { sender: peer }),
          entryAt(chat, 2, { sender: reader }),
          entryAt(chat, 3, { sender: peer }),
          entryAt(chat, 4, { sender: peer, kind: 'reaction', target: seq(2) }),
          entryAt(chat, 5, { sender: peer, kind: 'void' }),
          entryAt(chat, 6, { sender: peer }),
          entryAt(chat, 8, { sender: peer }),
        ]);
        await store.redact(chat, seq(3));
        const count = async (after: number, upTo: number, by = reader) =>
          (
            await store.countUnread(
              [{ conversation: chat, reader: by, after: seq(after), upTo: seq(upTo) }],
              100,
            )
          )[0];
        expect(await count(0, 8)).toBe(3);
        expect(await count(1, 8)).toBe(2);
        expect(await count(1, 7)).toBe(1);
        expect(await count(8, 8)).toBe(0);
        expect(await count(0, 8, peer)).toBe(1);
      });

      test('INV6 stops at the cap, for each query by itself', async () => {
        const [chat, short] = [someChat(), someChat()];
        await store.append([...entriesAt(chat, ...range(1, 60)), ...entriesAt(short, 1, 2)]);
        const query = { reader: someUser(), after: seq(0), upTo: seq(99) };
        const queries = [
          { ...query, conversation: chat },
          { ...query, conversation: short },
          { ...query, conversation: someChat() },
          { ...query, conversation: chat, after: seq(55) },
        ];
        expect(await store.countUnread(queries, 50)).toEqual([50, 2, 0, 5]);
      });
    });

    describe('redact', () => {
      test('LOG7 erases the content for ever, and only that', async () => {
        const chat = someChat();
        const [first, second] = entriesAt(chat, 1, 2);
        await store.append([first, second].flatMap((entry) => entry ?? []));
        await store.redact(chat, seq(1));
        await store.redact(chat, seq(1));
        const expected = [{ ...first, content: '', deleted: true }, second];
        expect(await readAll(chat)).toStrictEqual(expected);
        expect(await store.append([entryAt(chat, 1, { content: 'again' })])).toEqual(['taken']);
        expect(await readAll(chat)).toStrictEqual(expected);
        expect(await store.heads([chat])).toMatchObject([{ seq: 2 }]);
      });

      test('LOG7 an effect that is redacted is found without its content', async () => {
        const chat = someChat();
        await store.append([
          entryAt(chat, 1),
          entryAt(chat, 2, { kind: 'edit', target: seq(1), content: 'secret' }),
        ]);
        await store.redact(chat, seq(2));
        expect(await store.effects(chat, seq(1), seq(1), 9)).toMatchObject([
          { seq: 2, content: '', deleted: true },
        ]);
      });

      test('LOG7 an empty cell stays empty', async () => {
        const [chat, unknown] = [someChat(), someChat()];
        await store.append(entriesAt(chat, 1));
        await store.redact(chat, seq(2));
        await store.redact(unknown, seq(1));
        expect(positions(await readAll(chat))).toEqual([1]);
        expect(await store.append(entriesAt(unknown, 1))).toEqual(['written']);
      });
    });

    describe('dropBuckets', () => {
      test('LOG9 drops whole buckets at or below the position; the rest and the head stay', async () => {
        const [chat, other] = [someChat(), someChat()];
        const kept = [2 * bucketSize, 2 * bucketSize + 5];
        const gone = [1, 2, bucketSize - 1, bucketSize, 2 * bucketSize - 1];
        await store.append(entriesAt(chat, ...gone, ...kept));
        await store.append(entriesAt(other, 1));
        await store.dropBuckets(chat, seq(bucketSize - 2));
        expect(positions(await readAll(chat))).toEqual([...gone, ...kept]);
        await store.dropBuckets(chat, seq(bucketSize - 1));
        expect(positions(await readAll(chat))).toEqual([...gone.slice(3), ...kept]);
        await store.dropBuckets(chat, seq(2 * bucketSize + 5));
        expect(positions(await readAll(chat))).toEqual(kept);
        expect(await store.heads([chat])).toMatchObject([{ seq: 2 * bucketSize + 5 }]);
        expect(positions(await readAll(other))).toEqual([1]);
      });

      test('LOG9 the head is known when everything was dropped, also afterwards', async () => {
        const chat = someChat();
        await store.append([entryAt(chat, 3), entryAt(chat, bucketSize - 1, { sentAt: 4_321 })]);
        await store.dropBuckets(chat, seq(bucketSize - 1));
        expect(await readAll(chat)).toEqual([]);
        expect(await store.heads([chat])).toEqual([{ seq: bucketSize - 1, sentAt: 4_321 }]);
        await store.append([entryAt(chat, bucketSize, { sentAt: 5_000 })]);
        expect(await store.heads([chat])).toEqual([{ seq: bucketSize, sentAt: 5_000 }]);
        const unread = { conversation: chat, reader: someUser(), after: seq(0), upTo: seq(bucketSize) };
        expect(await store.countUnread([unread], 10)).toEqual([1]);
      });

      test('LOG9 again, or where nothing is, nothing happens', async () => {
        const chat = someChat();
        await store.dropBuckets(chat, seq(3 * bucketSize));
        await store.append(entriesAt(chat, 1));
        await store.dropBuckets(chat, seq(bucketSize - 1));
        await store.dropBuckets(chat, seq(bucketSize - 1));
        expect(await store.heads([chat])).toMatchObject([{ seq: 1 }]);
      });
    });

    test('LOG1 under contention each writer finds its own entries once, in its order, and nothing is lost', async () => {
      const chat = someGroup();
      const writers = range(1, 6).map((n) => `${secureId()}${n}`);
      await Promise.all(
        writers.map(async (writer) => {
          let head = 0;
          for (const n of range(1, 15)) {
            const entry = entryAt(chat, 0, { clientId: clientId(`${writer}-${n}`) });
            do head += 1;
            while ((await store.append([{ ...entry, seq: seq(head) }]))[0] === 'taken');
          }
        }),
      );
      const log = await readAll(chat);
      expect(positions(log)).toEqual(range(1, 90));
      for (const writer of writers) {
        const own = log.map((entry) => entry.clientId as string).filter((id) => id.startsWith(writer));
        expect(own).toEqual(range(1, 15).map((n) => `${writer}-${n}`));
      }
    });
  });
}

const span = (conversation: ConversationId, first: number, last: number): Span => ({
  conversation,
  first: seq(first),
  last: seq(last),
  from: 'oldest',
  limit: 10_000,
});
