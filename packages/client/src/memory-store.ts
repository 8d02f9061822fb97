import type { ClientId, ConversationId, Seq, UserId } from '@tidings/api/ids';
import type { Profile } from '@tidings/api/user';
import type { LocalChange, LocalConversation, LocalEntry, LocalStore, OutboxItem } from './local-store.ts';
import { MemoryLog } from './memory-log.ts';

/**
 * A device that keeps everything in memory: bots, the load generator, tests, and a browser that refuses to keep anything. As
 * durable as its process. How much of the logs it keeps is the engine's to bound (`EngineOptions.budget`).
 */
export class MemoryStore implements LocalStore {
  readonly #conversations = new Map<ConversationId, LocalConversation>();
  readonly #logs = new Map<ConversationId, MemoryLog>();
  readonly #outbox = new Map<ClientId, OutboxItem>();
  readonly #items = new Map<string, unknown>();
  readonly #profiles = new Map<UserId, Profile>();
  readonly #listeners = new Set<(changes: readonly LocalChange[]) => void>();

  async apply(changes: readonly LocalChange[]): Promise<void> {
    for (const change of changes) this.#applyOne(change);
    for (const listener of this.#listeners) listener(changes);
  }

  /** Calls `listener` after each `apply`. The answer ends it. */
  observe(listener: (changes: readonly LocalChange[]) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async conversation(id: ConversationId): Promise<LocalConversation | null> {
    return this.#conversations.get(id) ?? null;
  }

  async conversations(): Promise<readonly LocalConversation[]> {
    return [...this.#conversations.values()];
  }

  async entries(
    conversation: ConversationId,
    first: Seq,
    last: Seq,
    from: 'oldest' | 'newest',
    limit: number,
  ): Promise<readonly LocalEntry[]> {
    return this.#logs.get(conversation)?.slice(first, last, from, limit) ?? [];
  }

  async entriesBySend(
    conversation: ConversationId,
    sendKeys: readonly string[],
  ): Promise<readonly LocalEntry[]> {
    return this.#logs.get(conversation)?.bySend(sendKeys) ?? [];
  }

  async outbox(): Promise<readonly OutboxItem[]> {
    return [...this.#outbox.values()];
  }

  /** Keys of items that begin with `prefix`, in no particular order. */
  itemKeys(prefix: string): readonly string[] {
    return [...this.#items.keys()].filter((key) => key.startsWith(prefix));
  }

  async items(keys: readonly string[]): Promise<readonly unknown[]> {
    return keys.map((key) => this.#items.get(key));
  }

  /** In the order asked; `undefined` where this device knows none. */
  async profiles(users: readonly UserId[]): Promise<readonly (Profile | undefined)[]> {
    return users.map((user) => this.#profiles.get(user));
  }

  async wipe(): Promise<void> {
    for (const table of [this.#conversations, this.#logs, this.#outbox, this.#items, this.#profiles])
      table.clear();
  }

  #applyOne(change: LocalChange): void {
    switch (change.type) {
      case 'put-conversation':
        this.#conversations.set(change.conversation.conversationId, change.conversation);
        return;
      case 'drop-conversation':
        this.#conversations.delete(change.id);
        this.#logs.delete(change.id);
        return;
      case 'put-entries':
        this.#putEntries(change.entries);
        return;
      case 'drop-entries':
        this.#logs.get(change.conversation)?.drop(change.first, change.last);
        return;
      case 'put-outbox':
        this.#outbox.set(change.item.clientId, change.item);
        return;
      case 'drop-outbox':
        for (const client of change.clientIds) this.#outbox.delete(client);
        return;
      case 'put-items':
        for (const { key, value } of change.items) {
          if (value === null) this.#items.delete(key);
          else this.#items.set(key, value);
        }
        return;
      case 'put-profiles':
        for (const profile of change.profiles) this.#profiles.set(profile.userId, profile);
        return;
    }
  }

  #putEntries(entries: readonly LocalEntry[]): void {
    for (let start = 0; start < entries.length; ) {
      const id = (entries[start] as LocalEntry).conversationId;
      let end = start + 1;
      while (entries[end]?.conversationId === id) end += 1;
      this.#logOf(id).putAll(entries.slice(start, end));
      start = end;
    }
  }

  #logOf(id: ConversationId): MemoryLog {
    let log = this.#logs.get(id);
    if (!log) {
      log = new MemoryLog();
      this.#logs.set(id, log);
    }
    return log;
  }
}
