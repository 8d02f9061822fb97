import type { ConversationId, Seq, UserId } from '@tidings/api/ids';
import type { Profile } from '@tidings/api/user';
import {
  type LocalChange,
  type LocalConversation,
  type LocalEntry,
  LocalStoreFull,
  type OutboxItem,
} from '@tidings/client/local-store';
import Dexie, { liveQuery, type Table } from 'dexie';
import type { Database, OutboxRow } from './database';
import type { DeviceStore, LocalReads } from './device-store';

/** The local store in IndexedDB. Every `apply` is one transaction with strict durability. */
export class DexieStore implements DeviceStore {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  apply(changes: readonly LocalChange[]): Promise<void> {
    if (changes.length === 0) return Promise.resolve();
    const tables = [...new Set(changes.flatMap((change) => this.#tablesOf(change)))];
    return kept(() =>
      this.#db.transaction('rw', tables, async () => {
        for (const change of changes) await this.#applyOne(change);
      }),
    );
  }

  conversation(id: ConversationId): Promise<LocalConversation | null> {
    return kept(async () => (await this.#db.conversations.get(id)) ?? null);
  }

  conversations(): Promise<readonly LocalConversation[]> {
    return kept(() => this.#db.conversations.toArray());
  }

  entries(conversation: ConversationId, first: Seq, last: Seq, from: 'oldest' | 'newest', limit: number) {
    const cells = this.#db.entries
      .where('[conversationId+seq]')
      .between([conversation, first], [conversation, last], true, true);
    return page(cells, from, limit);
  }

  lines(conversation: ConversationId, first: Seq, last: Seq, from: 'oldest' | 'newest', limit: number) {
    const cells = this.#db.entries
      .where('[conversationId+visible+seq]')
      .between([conversation, 1, first], [conversation, 1, last], true, true);
    return page(cells, from, limit);
  }

  entriesBySend(conversation: ConversationId, sendKeys: readonly string[]): Promise<readonly LocalEntry[]> {
    return kept(async () => {
      const keys = sendKeys.map((key) => [conversation, key]);
      const found = await this.#db.entries.where('[conversationId+send]').anyOf(keys).toArray();
      return found.sort((a, b) => a.seq - b.seq);
    });
  }

  outbox(): Promise<readonly OutboxItem[]> {
    return kept(async () => (await this.#db.outbox.orderBy('order').toArray()).map(withoutOrder));
  }

  waiting(conversation: ConversationId): Promise<readonly OutboxItem[]> {
    return kept(async () => {
      const rows = await this.#db.outbox.where('conversationId').equals(conversation).sortBy('order');
      return rows.map(withoutOrder);
    });
  }

  items(keys: readonly string[]): Promise<readonly unknown[]> {
    return kept(async () => (await this.#db.items.bulkGet([...keys])).map((item) => item?.value));
  }

  profiles(users: readonly UserId[]): Promise<readonly (Profile | undefined)[]> {
    return kept(() => this.#db.profiles.bulkGet([...users]));
  }

  live<T>(read: (reads: LocalReads) => Promise<T>, listener: (value: T) => void): () => void {
    // One transaction, so that a send that moves from the outbox into the log is seen in exactly one of them.
    const once = () => this.#db.transaction('r', this.#db.tables, () => read(this));
    const subscription = liveQuery(once).subscribe({
      next: listener,
      // A store that breaks while it is open: what was shown stays, and the next write tells the user.
      error: (error) => console.error('a live read of the local store failed', error),
    });
    return () => subscription.unsubscribe();
  }

  wipe(): Promise<void> {
    return kept(() =>
      this.#db.transaction('rw', this.#db.tables, async () => {
        await Promise.all(this.#db.tables.map((table) => table.clear()));
      }),
    );
  }

  async destroy(): Promise<void> {
    // Another tab that doesn't let go could hold the deletion up for ever: emptied first, whatever comes then.
    await this.wipe();
    await this.#db.delete();
  }

  close(): void {
    this.#db.close();
  }

  #tablesOf(change: LocalChange): Table[] {
    switch (change.type) {
      case 'put-conversation':
        return [this.#db.conversations];
      case 'drop-conversation':
        return [this.#db.conversations, this.#db.entries];
      case 'put-entries':
      case 'drop-entries':
        return [this.#db.entries];
      case 'put-outbox':
      case 'drop-outbox':
        return [this.#db.outbox];
      case 'put-items':
        return [this.#db.items];
      case 'put-profiles':
        return [this.#db.profiles];
    }
  }

  async #applyOne(change: LocalChange): Promise<unknown> {
    const db = this.#db;
    switch (change.type) {
      case 'put-conversation':
        return db.conversations.put(change.conversation);
      case 'drop-conversation':
        await db.entries
          .where('[conversationId+seq]')
          .between([change.id, Dexie.minKey], [change.id, Dexie.maxKey])
          .delete();
        return db.conversations.delete(change.id);
      case 'put-entries':
        return db.entries.bulkPut([...change.entries]);
      case 'drop-entries':
        return db.entries
          .where('[conversationId+seq]')
          .between([change.conversation, change.first], [change.conversation, change.last], true, true)
          .delete();
      case 'put-outbox':
        return this.#putOutbox(change.item);
      case 'drop-outbox':
        return db.outbox
          .where('clientId')
          .anyOf([...change.clientIds])
          .delete();
      case 'put-items':
        await db.items.bulkDelete(change.items.filter((item) => item.value === null).map((item) => item.key));
        return db.items.bulkPut(change.items.filter((item) => item.value !== null));
      case 'put-profiles':
        return db.profiles.bulkPut([...change.profiles]);
    }
  }

  /** What is there already keeps its place in the order. */
  async #putOutbox(item: OutboxItem): Promise<unknown> {
    const [order] = await this.#db.outbox.where('clientId').equals(item.clientId).primaryKeys();
    return this.#db.outbox.put(order === undefined ? item : { ...item, order });
  }
}

function withoutOrder({ order: _, ...item }: OutboxRow): OutboxItem {
  return item;
}

function page<T>(
  cells: Dexie.Collection<T>,
  from: 'oldest' | 'newest',
  limit: number,
): Promise<readonly T[]> {
  return kept(async () => {
    if (from === 'oldest') return cells.limit(limit).toArray();
    return (await cells.reverse().limit(limit).toArray()).reverse();
  });
}

/** What browsers call a storage that has no room, was taken away or never given. */
const refusals: ReadonlySet<string> = new Set([
  'QuotaExceededError',
  'UnknownError',
  'InvalidStateError',
  'SecurityError',
  'OpenFailedError',
  'MissingAPIError',
  'DatabaseClosedError',
  'TimeoutError',
]);

async function kept<T>(work: () => PromiseLike<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (isRefusal(error)) throw new LocalStoreFull(error);
    throw error;
  }
}

function isRefusal(error: unknown): boolean {
  for (
    let cause = error as { name?: unknown; inner?: unknown } | undefined, depth = 0;
    cause && depth < 4;
    depth += 1
  ) {
    if (typeof cause.name === 'string' && refusals.has(cause.name)) return true;
    cause = cause.inner as typeof cause;
  }
  return false;
}
