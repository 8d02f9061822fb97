import type { ConversationId, Seq, UserId } from '@tidings/api/ids';
import type { Profile } from '@tidings/api/user';
import type { LocalChange, LocalConversation, LocalEntry, OutboxItem } from '@tidings/client/local-store';
import { type DeviceStore, type LocalReads, starPrefix, starredSeqs } from './device-store';
import type { MemoryDeviceStore } from './memory-device-store';

/**
 * The device's store as the views see it. When the device has no room left, the engine goes on in memory and says here what it
 * couldn't keep, so that it shows all the same; what is beneath stays beneath. Writes always go beneath: whether they are kept
 * is the engine's to know.
 */
export class OverflowStore implements DeviceStore {
  readonly #beneath: DeviceStore;
  readonly #switched = new Set<() => void>();
  #over: Overflow | null = null;
  #turn: Promise<void> = Promise.resolve();

  constructor(beneath: DeviceStore) {
    this.#beneath = beneath;
  }

  /** Changes that couldn't be kept, in order. */
  overflow(changes: readonly LocalChange[]): void {
    this.#turn = this.#turn.then(async () => {
      const began = this.#over === null;
      this.#over ??= await Overflow.over(this.#beneath);
      await this.#over.put(changes);
      if (began) this.#tellSwitched();
    });
  }

  /** All of it is kept now. */
  drained(): void {
    this.#turn = this.#turn.then(() => {
      if (!this.#over) return;
      this.#over = null;
      this.#tellSwitched();
    });
  }

  live<T>(read: (reads: LocalReads) => Promise<T>, listener: (value: T) => void): () => void {
    // Over both layers a read is no single transaction, but nothing is written beneath meanwhile.
    const start = () =>
      this.#over ? this.#over.memory.live(() => read(this), listener) : this.#beneath.live(read, listener);
    let end = start();
    const restart = () => {
      end();
      end = start();
    };
    this.#switched.add(restart);
    return () => {
      this.#switched.delete(restart);
      end();
    };
  }

  conversation(id: ConversationId): Promise<LocalConversation | null> {
    return (this.#over?.memory ?? this.#beneath).conversation(id);
  }

  conversations(): Promise<readonly LocalConversation[]> {
    return (this.#over?.memory ?? this.#beneath).conversations();
  }

  outbox(): Promise<readonly OutboxItem[]> {
    return (this.#over?.memory ?? this.#beneath).outbox();
  }

  waiting(conversation: ConversationId): Promise<readonly OutboxItem[]> {
    return (this.#over?.memory ?? this.#beneath).waiting(conversation);
  }

  lines(...query: Parameters<DeviceStore['lines']>): Promise<readonly LocalEntry[]> {
    return this.#layered(query, (store) => store.lines(...query));
  }

  entries(...query: Parameters<DeviceStore['entries']>): Promise<readonly LocalEntry[]> {
    return this.#layered(query, (store) => store.entries(...query));
  }

  entriesBySend(conversation: ConversationId, keys: readonly string[]): Promise<readonly LocalEntry[]> {
    return this.#beneath.entriesBySend(conversation, keys);
  }

  async items(keys: readonly string[]): Promise<readonly unknown[]> {
    const below = await this.#beneath.items(keys);
    const over = this.#over?.items;
    return over
      ? keys.map((key, index) => (over.has(key) ? (over.get(key) ?? undefined) : below[index]))
      : below;
  }

  async starred(conversation: ConversationId): Promise<readonly Seq[]> {
    const below = await this.#beneath.starred(conversation);
    const prefix = starPrefix(conversation);
    const over = [...(this.#over?.items ?? [])].filter(([key]) => key.startsWith(prefix));
    if (over.length === 0) return below;
    const keys = new Set(below.map((seq) => `${prefix}${seq}`));
    for (const [key, value] of over) {
      if (value === null || value === undefined) keys.delete(key);
      else keys.add(key);
    }
    return starredSeqs(conversation, [...keys]);
  }

  async profiles(users: readonly UserId[]): Promise<readonly (Profile | undefined)[]> {
    const below = await this.#beneath.profiles(users);
    const over = await this.#over?.memory.profiles(users);
    return over ? below.map((profile, index) => over[index] ?? profile) : below;
  }

  apply(changes: readonly LocalChange[]): Promise<void> {
    return this.#beneath.apply(changes);
  }

  wipe(): Promise<void> {
    this.drained();
    return this.#beneath.wipe();
  }

  destroy(): Promise<void> {
    this.drained();
    return this.#beneath.destroy();
  }

  close(): void {
    this.#beneath.close();
  }

  /** Rows of the upper layer stand for those beneath at their positions, also when they don't show any more. */
  async #layered(
    query: Query,
    read: (store: DeviceStore) => Promise<readonly LocalEntry[]>,
  ): Promise<readonly LocalEntry[]> {
    const over = this.#over;
    const below = await read(this.#beneath);
    if (!over) return below;
    const [conversation, first, last, from, limit] = query;
    const rows = new Map<Seq, LocalEntry>(below.map((row) => [row.seq, row]));
    for (const row of await over.memory.entries(conversation, first, last, from, over.size))
      rows.delete(row.seq);
    for (const row of await read(over.memory)) rows.set(row.seq, row);
    const sorted = [...rows.values()].sort((a, b) => a.seq - b.seq);
    return from === 'oldest' ? sorted.slice(0, limit) : sorted.slice(-limit);
  }

  #tellSwitched(): void {
    for (const restart of [...this.#switched]) restart();
  }
}

type Query = readonly [ConversationId, Seq, Seq, 'oldest' | 'newest', number];

/** The upper layer: small tables whole, since changes to them make no sense without what was there before. */
class Overflow {
  readonly memory: MemoryDeviceStore;
  /** Values put since, null for those removed. */
  readonly items = new Map<string, unknown>();
  size = 0;

  private constructor(memory: MemoryDeviceStore) {
    this.memory = memory;
  }

  static async over(beneath: LocalReads): Promise<Overflow> {
    const [conversations, outbox, { MemoryDeviceStore }] = await Promise.all([
      beneath.conversations(),
      beneath.outbox(),
      import('./memory-device-store'),
    ]);
    const overflow = new Overflow(new MemoryDeviceStore());
    await overflow.memory.apply([
      ...conversations.map((conversation): LocalChange => ({ type: 'put-conversation', conversation })),
      ...outbox.map((item): LocalChange => ({ type: 'put-outbox', item })),
    ]);
    return overflow;
  }

  put(changes: readonly LocalChange[]): Promise<void> {
    for (const change of changes) {
      if (change.type === 'put-items') for (const { key, value } of change.items) this.items.set(key, value);
      if (change.type === 'put-entries') this.size += change.entries.length;
    }
    return this.memory.apply(changes);
  }
}
