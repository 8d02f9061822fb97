import type { AccountItem } from '@tidings/api/account';
import type { ClientId, ConversationId, Seq, UserId } from '@tidings/api/ids';
import type { Profile } from '@tidings/api/user';
import type { LocalConversation, LocalEntry, OutboxItem } from '@tidings/client/local-store';
import Dexie, { type Table } from 'dexie';

/**
 * The IndexedDB of one user on this device, shared by all tabs and the service worker.
 *
 * - `conversations`  one row each, small: the chat list is one read of the whole table
 * - `entries`        the cache of the logs; `[conversationId+visible+seq]` is what a window of messages reads,
 *                    `[conversationId+send]` finds the copies of one send
 * - `outbox`         in the order in which items were put (`order` counts up by itself); truth until it is sent
 * - `items`          the fold of the account log, and the engine's own (keys that begin with `~`)
 * - `profiles`       people, as last heard of
 */
export class Database extends Dexie {
  readonly conversations!: Table<LocalConversation, ConversationId>;
  readonly entries!: Table<LocalEntry, [ConversationId, Seq]>;
  readonly outbox!: Table<OutboxRow, number>;
  readonly items!: Table<AccountItem, string>;
  readonly profiles!: Table<Profile, UserId>;

  constructor(user: UserId, options?: ConstructorParameters<typeof Dexie>[1]) {
    super(databaseName(user), { chromeTransactionDurability: 'strict', cache: 'disabled', ...options });
    this.version(1).stores({
      conversations: '&conversationId',
      entries: '&[conversationId+seq], [conversationId+visible+seq], [conversationId+send]',
      outbox: '++order, &clientId, conversationId',
      items: '&key',
      profiles: '&userId',
    });
  }
}

export type OutboxRow = OutboxItem & { readonly order?: number; readonly clientId: ClientId };

export const databaseName = (user: UserId): string => `tidings-${user}`;

/** For the service worker, which must not make a database that the page would then take for its own. */
export async function openDatabaseIfThere(user: UserId): Promise<Database | null> {
  if (!(await Dexie.exists(databaseName(user)))) return null;
  const database = new Database(user);
  await database.open();
  return database;
}
