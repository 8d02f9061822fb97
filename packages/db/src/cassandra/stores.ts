import { CassandraAccountStateStore } from '../account-state/cassandra.ts';
import type { AccountStateStore } from '../account-state/port.ts';
import { CassandraLastSeenStore } from '../last-seen/cassandra.ts';
import type { LastSeenStore } from '../last-seen/port.ts';
import { CassandraMessageStore } from '../message-store/cassandra.ts';
import type { MessageStore } from '../message-store/port.ts';
import { CassandraPictures } from '../picture-store/cassandra.ts';
import type { PictureStore } from '../picture-store/port.ts';
import { CassandraWatermarkStore } from '../watermark-store/cassandra.ts';
import type { WatermarkStore } from '../watermark-store/port.ts';
import { type CassandraOptions, CassandraSession } from './session.ts';

/** The stores of one keyspace. Any number of processes may have them open. */
export type CassandraStores = {
  readonly messages: MessageStore;
  readonly watermarks: WatermarkStore;
  readonly accountStates: AccountStateStore;
  /** Durable at once, and a write each time: meant to stand below something that writes behind. */
  readonly lastSeen: LastSeenStore;
  readonly pictures: PictureStore;
  /** Rejects with `unavailable` when Cassandra doesn't answer. */
  ping(): Promise<void>;
  stop(): Promise<void>;
};

/** The keyspace must be there: see `migrate.ts`. Rejects as {@link CassandraSession.open} does. */
export async function openCassandraStores(options: CassandraOptions): Promise<CassandraStores> {
  const session = await CassandraSession.open(options);
  return {
    messages: new CassandraMessageStore(session),
    watermarks: new CassandraWatermarkStore(session),
    accountStates: new CassandraAccountStateStore(session),
    lastSeen: new CassandraLastSeenStore(session),
    pictures: new CassandraPictures(session),
    ping: async () => void (await session.read('SELECT key FROM system.local', [])),
    stop: () => session.stop(),
  };
}
