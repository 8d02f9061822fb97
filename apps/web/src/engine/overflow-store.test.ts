// First: Dexie takes the global IndexedDB when it is loaded.
import 'fake-indexeddb/auto';
import { secureId } from '@tidings/api/clock';
import { seq, userId } from '@tidings/api/ids';
import type { LocalChange } from '@tidings/client/local-store';
import { expect, test, vi } from 'vitest';
import { Database } from './database';
import { DexieStore } from './dexie-store';
import { MessageWindow } from './message-window';
import { OverflowStore } from './overflow-store';
import { ben, chat, conversation, entry, hold, self, seqsOf, waiting } from './testing/seed';

test('what a full device could not keep shows all the same, and nothing changes when there is room again', async () => {
  const beneath = new DexieStore(new Database(userId(`anna-${secureId()}`)));
  const store = new OverflowStore(beneath);
  await hold(store, [[1, 10]]);
  const engine = { loadOlder: async () => false, loadAround: async () => {} };
  const window = new MessageWindow({ conversation: chat, reads: store, engine, own: self }, { page: 5 });
  window.open();
  const shows = (expected: (number | null)[]) =>
    vi.waitFor(() => expect(seqsOf(window.get().rows)).toEqual(expected), { interval: 5 });
  await shows([6, 7, 8, 9, 10]);

  const unkept: LocalChange[] = [
    { type: 'put-entries', entries: [entry(11), entry(9, { visible: 0, hidden: true })] },
    { type: 'put-conversation', conversation: conversation([[1, 11]], { unread: 1 }) },
    { type: 'put-outbox', item: waiting('later') },
    { type: 'put-items', items: [{ key: `pin:${chat}`, value: 5 }] },
    { type: 'put-profiles', profiles: [profile] },
  ];
  store.overflow(unkept);
  await shows([6, 7, 8, 10, 11, null]);
  expect((await store.conversation(chat))?.unread).toBe(1);
  expect(await store.items([`pin:${chat}`])).toEqual([5]);
  expect(await store.profiles([ben])).toEqual([profile]);
  expect((await beneath.conversation(chat))?.unread).toBe(0);

  store.overflow([
    { type: 'put-entries', entries: [entry(12)] },
    { type: 'put-conversation', conversation: conversation([[1, 12]]) },
  ]);
  await shows([6, 7, 8, 10, 11, 12, null]);

  await store.apply([
    ...unkept,
    { type: 'put-entries', entries: [entry(12)] },
    { type: 'put-conversation', conversation: conversation([[1, 12]]) },
  ]);
  store.drained();
  await shows([6, 7, 8, 10, 11, 12, null]);
  expect(await beneath.entries(chat, seq(12), seq(12), 'oldest', 1)).toHaveLength(1);
  await store.destroy();
});

const profile = { userId: ben, username: 'ben', displayName: 'Ben', about: '', avatarId: null, bot: false };
