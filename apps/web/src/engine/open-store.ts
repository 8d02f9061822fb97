import type { DeviceId } from '@tidings/api/ids';
import type { Self } from './client';
import { Database } from './database';
import { deviceItem } from './device-item';
import type { DeviceStore } from './device-store';
import { DexieStore } from './dexie-store';

export type OpenedStore = {
  readonly store: DeviceStore;
  /** False when the browser refuses to keep anything: all is gone with the tab, and tabs don't share it. */
  readonly kept: boolean;
};

/**
 * The store of this user on this device; in memory when IndexedDB is missing, forbidden, broken or full. `waits` hears
 * whenever a send that waits was stored for good.
 */
export async function openStore({ userId, deviceId }: Self, waits: () => void): Promise<OpenedStore> {
  const database = new Database(userId);
  try {
    await within(openWithinMs, database.open());
    const store = new DexieStore(database, waits);
    void noteDevice(store, deviceId);
    return { store, kept: true };
  } catch (error) {
    console.warn('IndexedDB is refused, keeping everything in memory', error);
    const { MemoryDeviceStore } = await import('./memory-device-store');
    return { store: new MemoryDeviceStore(), kept: false };
  }
}

/**
 * Some browsers neither open nor refuse: then it counts as refused. Long, for a busy machine takes seconds; who gives up on a store
 * that is there shows an empty list to somebody who has years of messages.
 */
const openWithinMs = 30_000;

function within<T>(ms: number, work: PromiseLike<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`no answer within ${ms} ms`)), ms);
    Promise.resolve(work)
      .then(resolve, reject)
      .finally(() => clearTimeout(timer));
  });
}

async function noteDevice(store: DeviceStore, deviceId: DeviceId): Promise<void> {
  const [known] = await store.items([deviceItem]);
  if (known !== deviceId)
    await store.apply([{ type: 'put-items', items: [{ key: deviceItem, value: deviceId }] }]);
}

const askedKey = 'tidings.asked-to-keep';
const askEveryMs = 7 * 24 * 3_600_000;

/** Asks the browser not to clear this device's messages when its disk gets full; at most once a week, since some show a question. */
export async function askToKeep(now: number): Promise<void> {
  try {
    if (!navigator.storage?.persist || (await navigator.storage.persisted())) return;
    if (now - Number(localStorage.getItem(askedKey) ?? 0) < askEveryMs) return;
    localStorage.setItem(askedKey, String(now));
    await navigator.storage.persist();
  } catch {
    // Without it the browser may clear the cache of the log; the outbox waits at most for the next line.
  }
}
