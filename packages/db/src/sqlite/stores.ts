import type { Clock } from '@tidings/api/clock';
import type { AccountStateStore } from '../account-state/port.ts';
import { sqliteAccountStateStore } from '../account-state/sqlite.ts';
import type { LastSeenStore } from '../last-seen/port.ts';
import { SqliteLastSeenStore } from '../last-seen/sqlite.ts';
import type { MessageStore } from '../message-store/port.ts';
import { sqliteMessageStore } from '../message-store/sqlite.ts';
import type { WatermarkStore } from '../watermark-store/port.ts';
import { sqliteWatermarkStore } from '../watermark-store/sqlite.ts';
import type { Engine } from './engine.ts';
import { inProcessEngine } from './in-process.ts';
import { openWorkerEngine, type WorkerOptions } from './worker-engine.ts';

/** The four stores of `tidings.db`. One process at a time may have the file open. */
export type SqliteStores = {
  readonly messages: MessageStore;
  readonly watermarks: WatermarkStore;
  readonly accountStates: AccountStateStore;
  readonly lastSeen: LastSeenStore;
  /** Finishes what was asked for and writes what was kept back. Idempotent. */
  stop(): Promise<void>;
};

/** Opens (or makes) the file in a thread of its own. Rejects with the reason when it can't be opened. */
export async function openSqliteStores(
  path: string,
  clock: Clock,
  options?: WorkerOptions,
): Promise<SqliteStores> {
  return storesOn(await openWorkerEngine(path, options), clock);
}

/** The same without a thread, for tests and simulations; `:memory:` keeps nothing. */
export function openSqliteStoresInProcess(path: string, clock: Clock): SqliteStores {
  return storesOn(inProcessEngine(path), clock);
}

export function storesOn(engine: Engine, clock: Clock): SqliteStores {
  const lastSeen = new SqliteLastSeenStore(engine, clock);
  return {
    messages: sqliteMessageStore(engine),
    watermarks: sqliteWatermarkStore(engine),
    accountStates: sqliteAccountStateStore(engine),
    lastSeen,
    async stop() {
      await lastSeen.flush();
      await engine.stop();
    },
  };
}
