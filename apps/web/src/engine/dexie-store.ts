import type { ConversationId, Seq, UserId } from '@tidings/api/ids';
import type { Profile } from '@tidings/api/user';
import {
  type LocalChange,
  type LocalConversation,
  type LocalEntry,
  LocalStoreFull,
  type OutboxItem,
} from '@tidings/client/local-store';
import Dexie, { type Collection, liveQuery, type PromiseExtended, type Table } from 'dexie';
import type { Database, OutboxRow } from './database';
import { type DeviceStore, type LocalReads, starPrefix, starredSeqs } from './device-store';

/** The local store in IndexedDB. Every `apply` is one transaction with strict durability. */
export class DexieStore implements DeviceStore {
  readonly #db: Database;
  readonly #waits: () => void;

  /** `waits` hears whenever a send that waits was stored. */
  constructor(db: Database, waits: () => void = () => {}) {
    this.#db = db;
    this.#waits = waits;
  }

  async apply(changes: readonly LocalChange[]): Promise<void> {
    if (changes.length === 0) return;
    const tables = [...new Set(changes.flatMap((change) => this.#tablesOf(change)))];
    const all = async () => {
      for (const change of changes) await this.#applyOne(change);
    };
    await kept(() => this.#db.transaction('rw', tables, all));
    if (changes.some((change) => change.type === 'put-outbox' && change.item.state.type === 'waiting'))
      this.#waits();
  }

  conversation(id: ConversationId): Promise<LocalConversation | null> {
    return kept(() => this.#db.conversations.get(id).then((found) => found ?? null));
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
    const keys = sendKeys.map((key) => [conversation, key]);
    return kept(() => this.#db.entries.where('[conversationId+send]').anyOf(keys).sortBy('seq'));
  }

  outbox(): Promise<readonly OutboxItem[]> {
    return kept(() =>
      this.#db.outbox
        .orderBy('order')
        .toArray()
        .then((rows) => rows.map(withoutOrder)),
    );
  }

  waiting(conversation: ConversationId): Promise<readonly OutboxItem[]> {
    const rows = this.#db.outbox.where('conversationId').equals(conversation);
    return kept(() => rows.sortBy('order').then((sorted) => sorted.map(withoutOrder)));
  }

  items(keys: readonly string[]): Promise<readonly unknown[]> {
    return kept(() => this.#db.items.bulkGet([...keys]).then((items) => items.map((item) => item?.value)));
  }

  starred(conversation: ConversationId): Promise<readonly Seq[]> {
    const stars = () => this.#db.items.where('key').startsWith(starPrefix(conversation)).primaryKeys();
    return kept(() => stars().then((keys) => starredSeqs(conversation, keys)));
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

function page<T>(cells: Collection<T>, from: 'oldest' | 'newest', limit: number): Promise<readonly T[]> {
  if (from === 'oldest') return kept(() => cells.limit(limit).toArray());
  return kept(() =>
    cells
      .reverse()
      .limit(limit)
      .toArray()
      .then((rows) => rows.reverse()),
  );
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

/** No `async` here: inside a transaction only Dexie's own promises keep it open from one request to the next. */
function kept<T>(work: () => PromiseExtended<T>): PromiseExtended<T> {
  return work().catch((error: unknown) => {
    throw isRefusal(error) ? new LocalStoreFull(error) : error;
  });
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
