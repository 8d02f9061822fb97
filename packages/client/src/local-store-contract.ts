import type { ClientId, ConversationId, DeviceId, UserId } from '@tidings/api/ids';
import { clientId, deviceId, directId, groupId, seq, userId } from '@tidings/api/ids';
import { describe, expect, test } from 'vitest';
import type { LocalConversation, LocalEntry, LocalStore, OutboxItem } from './local-store.ts';

const anna: UserId = userId('anna-0000');
const ben: UserId = userId('ben-00000');
const device: DeviceId = deviceId('device-anna-00000');
const chat = directId(anna, ben);
const group = groupId('group-000');

/**
 * What every local store must do. `open` gives an empty store; `reopen`, where the adapter outlives its process, closes it and
 * opens the same data again.
 */
export function describeLocalStore(
  name: string,
  adapter: { open(): Promise<LocalStore>; reopen?(store: LocalStore): Promise<LocalStore> },
): void {
  describe(`local store: ${name}`, () => {
    test('SYNC2 a position is held once, and the newest put of it stays', async () => {
      const store = await adapter.open();
      await store.apply([{ type: 'put-entries', entries: [entry(1), entry(2)] }]);
      await store.apply([{ type: 'put-entries', entries: [{ ...entry(2), content: 'edited' }, entry(3)] }]);
      const held = await store.entries(chat, seq(1), seq(9), 'oldest', 10);
      expect(held.map((row) => [row.seq, row.content])).toEqual([
        [1, 'text 1'],
        [2, 'edited'],
        [3, 'text 3'],
      ]);
    });

    test('entries come ascending, limited from the end that is asked for, whatever the order they were put in', async () => {
      const store = await adapter.open();
      for (const at of [5, 1, 4, 2, 3]) await store.apply([{ type: 'put-entries', entries: [entry(at)] }]);
      await store.apply([
        { type: 'put-entries', entries: Array.from({ length: 40 }, (_, index) => entry(60 - index)) },
      ]);
      await store.apply([{ type: 'put-entries', entries: [entry(7, group)] }]);
      const seqs = async (first: number, last: number, from: 'oldest' | 'newest', limit: number) =>
        (await store.entries(chat, seq(first), seq(last), from, limit)).map((row) => row.seq);
      expect(await seqs(1, 5, 'oldest', 10)).toEqual([1, 2, 3, 4, 5]);
      expect(await seqs(2, 9, 'oldest', 2)).toEqual([2, 3]);
      expect(await seqs(2, 22, 'newest', 3)).toEqual([5, 21, 22]);
      expect(await seqs(6, 20, 'newest', 3)).toEqual([]);
      expect(await seqs(0, 1_000, 'newest', 1)).toEqual([60]);
    });

    test('entries are dropped by position, in one conversation only', async () => {
      const store = await adapter.open();
      await store.apply([{ type: 'put-entries', entries: [1, 2, 3, 4].map((at) => entry(at)) }]);
      await store.apply([{ type: 'put-entries', entries: [entry(2, group)] }]);
      await store.apply([{ type: 'drop-entries', conversation: chat, first: seq(2), last: seq(3) }]);
      expect((await store.entries(chat, seq(0), seq(9), 'oldest', 9)).map((row) => row.seq)).toEqual([1, 4]);
      expect(await store.entries(group, seq(0), seq(9), 'oldest', 9)).toHaveLength(1);
      expect(await store.entriesBySend(chat, [entry(2).send, entry(4).send])).toEqual([entry(4)]);
    });

    test('SEND3 the copies of a send are found by its key, ascending, in their conversation only', async () => {
      const store = await adapter.open();
      const copy = (at: number, of: number) => ({
        ...entry(at),
        clientId: entry(of).clientId as ClientId,
        send: entry(of).send,
      });
      await store.apply([
        {
          type: 'put-entries',
          entries: [copy(9, 1), entry(1), copy(5, 1), entry(2), { ...entry(3), send: '' }],
        },
      ]);
      await store.apply([{ type: 'put-entries', entries: [{ ...copy(4, 1), conversationId: group }] }]);
      const found = await store.entriesBySend(chat, [entry(2).send, entry(1).send, 'nobody/nothing/none']);
      expect(found.map((row) => row.seq)).toEqual([1, 2, 5, 9]);
      expect(await store.entriesBySend(chat, [])).toEqual([]);
    });

    test('a conversation is replaced whole, and dropped with its entries', async () => {
      const store = await adapter.open();
      await store.apply([
        { type: 'put-conversation', conversation: conversation(chat) },
        { type: 'put-conversation', conversation: conversation(group) },
        { type: 'put-entries', entries: [entry(1), entry(1, group)] },
      ]);
      const changed = {
        ...conversation(chat),
        unread: 3,
        ranges: [{ first: seq(1), last: seq(1) }],
        last: entry(1),
      };
      await store.apply([{ type: 'put-conversation', conversation: changed }]);
      expect(await store.conversation(chat)).toEqual(changed);
      await store.apply([{ type: 'drop-conversation', id: chat }]);
      expect(await store.conversation(chat)).toBeNull();
      expect(await store.entries(chat, seq(0), seq(9), 'oldest', 9)).toEqual([]);
      expect(await store.conversations()).toEqual([conversation(group)]);
      expect(await store.entries(group, seq(0), seq(9), 'oldest', 9)).toHaveLength(1);
    });

    test('OUT2 the outbox is in the order of first puts: a changed item keeps its place', async () => {
      const store = await adapter.open();
      for (const name of ['first', 'second', 'third'])
        await store.apply([{ type: 'put-outbox', item: item(name) }]);
      const tried: OutboxItem = {
        ...item('first'),
        triedSince: seq(4),
        state: { type: 'sent', seq: seq(5), sentAt: 1 },
      };
      await store.apply([{ type: 'put-outbox', item: tried }]);
      expect(await store.outbox()).toEqual([tried, item('second'), item('third')]);
      await store.apply([
        { type: 'drop-outbox', clientIds: [item('second').clientId, clientId('unknown-0')] },
      ]);
      expect(await store.outbox()).toEqual([tried, item('third')]);
    });

    test('items are read by exact key in the order asked; null removes', async () => {
      const store = await adapter.open();
      const put = (items: { key: string; value: unknown }[]) => store.apply([{ type: 'put-items', items }]);
      await put([
        { key: '~own', value: { seq: 7 } },
        { key: `pin:${chat}`, value: 0 },
        { key: `archive:${chat}`, value: true },
      ]);
      await put([
        { key: `archive:${chat}`, value: null },
        { key: '~own', value: [1] },
      ]);
      expect(await store.items([`archive:${chat}`, `pin:${chat}`, '~own', '~'])).toEqual([
        undefined,
        0,
        [1],
        undefined,
      ]);
    });

    test('OUT3 the changes of one call are there together', async () => {
      const store = await adapter.open();
      await store.apply([{ type: 'put-outbox', item: item('waiting') }]);
      await store.apply([
        { type: 'put-entries', entries: [entry(1)] },
        { type: 'put-conversation', conversation: conversation(chat) },
        { type: 'drop-outbox', clientIds: [item('waiting').clientId] },
        { type: 'put-profiles', profiles: [profile] },
      ]);
      expect([await store.outbox(), await store.entries(chat, seq(1), seq(1), 'oldest', 1)]).toEqual([
        [],
        [entry(1)],
      ]);
    });

    test('concurrent applies all take effect, in the order of the calls', async () => {
      const store = await adapter.open();
      const puts = Array.from({ length: 30 }, (_, index) =>
        store.apply([
          { type: 'put-items', items: [{ key: '~turn', value: index }] },
          { type: 'put-entries', entries: [entry(index + 1)] },
        ]),
      );
      await Promise.all(puts);
      expect(await store.items(['~turn'])).toEqual([29]);
      expect(await store.entries(chat, seq(1), seq(99), 'oldest', 99)).toHaveLength(30);
    });

    test('a wiped store is empty', async () => {
      const store = await adapter.open();
      await store.apply([
        { type: 'put-conversation', conversation: conversation(chat) },
        { type: 'put-entries', entries: [entry(1)] },
        { type: 'put-outbox', item: item('waiting') },
        { type: 'put-items', items: [{ key: '~own', value: 1 }] },
      ]);
      await store.wipe();
      const rest = [
        await store.conversations(),
        await store.outbox(),
        await store.entries(chat, seq(0), seq(9), 'oldest', 9),
      ];
      expect(rest).toEqual([[], [], []]);
      expect(await store.items(['~own'])).toEqual([undefined]);
    });

    test.runIf(adapter.reopen)(
      'OUT1 what was applied is there after reopening, the outbox in its order',
      async () => {
        const store = await adapter.open();
        for (const name of ['zulu-0000', 'alpha-000'])
          await store.apply([{ type: 'put-outbox', item: item(name) }]);
        await store.apply([
          { type: 'put-conversation', conversation: conversation(chat) },
          { type: 'put-entries', entries: [entry(1)] },
          { type: 'put-items', items: [{ key: `draft:${chat}`, value: { text: 'half', at: 1 } }] },
        ]);
        const again = (await adapter.reopen?.(store)) as LocalStore;
        expect(await again.outbox()).toEqual([item('zulu-0000'), item('alpha-000')]);
        expect(await again.conversation(chat)).toEqual(conversation(chat));
        expect(await again.entries(chat, seq(1), seq(1), 'newest', 1)).toEqual([entry(1)]);
        expect(await again.items([`draft:${chat}`])).toEqual([{ text: 'half', at: 1 }]);
      },
    );
  });
}

function entry(at: number, conversationId: ConversationId = chat): LocalEntry {
  const client = clientId(`client-${at}`);
  return {
    conversationId,
    seq: seq(at),
    kind: 'message',
    sender: anna,
    device,
    clientId: client,
    sentAt: 1_000 + at,
    content: `text ${at}`,
    visible: 1,
    send: `${anna}/${device}/${client}`,
  };
}

const item = (name: string): OutboxItem => ({
  clientId: clientId(name.padEnd(8, '-')),
  conversationId: chat,
  kind: 'message',
  content: name,
  createdAt: 5,
  state: { type: 'waiting' },
});

const conversation = (conversationId: ConversationId): LocalConversation => ({
  conversationId,
  kind: conversationId === chat ? 'direct' : 'group',
  head: seq(1),
  joinedSeq: seq(1),
  removedSeq: null,
  role: 'member',
  delivered: seq(1),
  read: seq(0),
  othersDelivered: seq(0),
  othersRead: seq(0),
  headAt: 1_001,
  group: null,
  peer: conversationId === chat ? ben : null,
  ranges: [],
  unread: 0,
  last: null,
  pinnedAt: null,
  mutedUntil: null,
  archived: false,
  clearedSeq: seq(0),
  draft: null,
  activityAt: 1_001,
});

const profile = {
  userId: anna,
  username: 'anna',
  displayName: 'Anna',
  about: '',
  avatarId: null,
  bot: false,
};
