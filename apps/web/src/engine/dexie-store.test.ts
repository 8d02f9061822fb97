import { groupId, userId } from '@tidings/api/ids';
import { LocalStoreFull } from '@tidings/client/local-store';
import { describeLocalStore } from '@tidings/client/local-store-contract';
import { IDBFactory, IDBKeyRange } from 'fake-indexeddb';
import { describe, expect, test, vi } from 'vitest';
import { Database } from './database';
import { DexieStore } from './dexie-store';

const user = userId('anna-0000');

function openStore(indexedDB = new IDBFactory()): DexieStore & { factory: IDBFactory } {
  const store = new DexieStore(new Database(user, { indexedDB, IDBKeyRange }));
  return Object.assign(store, { factory: indexedDB });
}

describeLocalStore('dexie', {
  open: async () => openStore(),
  reopen: async (store) => {
    const { factory } = store as ReturnType<typeof openStore>;
    (store as DexieStore).close();
    return openStore(factory);
  },
});

describe('dexie store', () => {
  test('stars are found by their conversation, the newest first', async () => {
    const store = openStore();
    const [chat, other] = [groupId('rowing-0'), groupId('rowing-01')];
    const items = [9, 120, 30].map((at) => ({ key: `star:${chat}:${at}`, value: 1 }));
    await store.apply([{ type: 'put-items', items: [...items, { key: `star:${other}:5`, value: 1 }] }]);
    expect(await store.starred(chat)).toEqual([120, 30, 9]);
  });

  test('a full disk rejects with LocalStoreFull, and what was there stays', async () => {
    const store = openStore();
    await store.apply([{ type: 'put-items', items: [{ key: '~own', value: 1 }] }]);
    const { IDBObjectStore } = await import('fake-indexeddb');
    const put = vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(() => {
      throw new DOMException('no room', 'QuotaExceededError');
    });
    const applied = store.apply([{ type: 'put-items', items: [{ key: '~own', value: 2 }] }]);
    await expect(applied).rejects.toBeInstanceOf(LocalStoreFull);
    put.mockRestore();
    expect(await store.items(['~own'])).toEqual([1]);
  });

  test('a browser without IndexedDB rejects with LocalStoreFull', async () => {
    const refused = {
      open: () => {
        throw new DOMException('not here', 'SecurityError');
      },
    } as unknown as IDBFactory;
    await expect(openStore(refused).conversations()).rejects.toBeInstanceOf(LocalStoreFull);
  });
});
