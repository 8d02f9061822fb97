import type { SignedIn } from '@tidings/api/auth';
import { systemClock } from '@tidings/api/clock';
import { isDeviceId, type UserId, userId } from '@tidings/api/ids';
import { paths } from '@tidings/api/protocol';
import { flushOverHttp } from '@tidings/client/http-flush';
import { type Database, openDatabaseIfThere } from '../engine/database';
import { deviceItem } from '../engine/device-item';
import { DexieStore } from '../engine/dexie-store';

export type FlushParts = {
  readonly fetch: typeof fetch;
  readonly openDatabase: (user: UserId) => Promise<Database | null>;
};

const browser: FlushParts = { fetch: (...args) => fetch(...args), openDatabase: openDatabaseIfThere };

/**
 * Sends what waits in the outbox of whoever is signed in, page or no page. The cookie says who that is: another user's outbox
 * on this device stays as it is. Rejects when something is left that another attempt may send.
 */
export async function flushOutbox({ fetch, openDatabase }: FlushParts = browser): Promise<void> {
  const response = await fetch(`${paths.auth}/session`, { cache: 'no-store' });
  if (response.status === 401) return;
  if (!response.ok) throw new Error(`the session could not be asked for: ${response.status}`);
  const session = (await response.json()) as SignedIn;
  const database = await openDatabase(userId(session.userId));
  if (!database) return;
  try {
    const store = new DexieStore(database);
    const [device] = await store.items([deviceItem]);
    if (isDeviceId(device))
      await flushOverHttp({ store, url: paths.rpc, deviceId: device, clock: systemClock, fetch });
  } finally {
    database.close();
  }
}
