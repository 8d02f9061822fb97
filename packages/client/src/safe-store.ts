import type { Clock } from '@tidings/api/clock';
import type { ConversationId, Seq } from '@tidings/api/ids';
import {
  type LocalChange,
  type LocalConversation,
  type LocalEntry,
  type LocalStore,
  LocalStoreFull,
  type OutboxItem,
} from './local-store.ts';
import { MemoryStore } from './memory-store.ts';

const firstRetryMs = 500;
const lastRetryMs = 5_000;

export type Trouble = 'storage-full' | 'storage-refused';

/**
 * A local store that never refuses: while the one beneath has no room, what it should have taken is kept in memory, seen by every
 * read, and written as soon as there is room again. Until then it is not `durable`, and nothing of it counts as delivered (MARK2).
 */
export class SafeStore implements LocalStore {
  readonly #beneath: LocalStore;
  readonly #clock: Clock;
  readonly #changed: (trouble: Trouble | null) => void;
  readonly #unkept: (changes: readonly LocalChange[]) => void;
  #overlay: Overlay | null = null;
  #unreadable = false;
  #turn: Promise<unknown> = Promise.resolve();
  /** While what is beneath is being copied, nothing is put there: it would not be in the copy. */
  #entering: Promise<void> | null = null;
  #retryMs = firstRetryMs;
  #cancelRetry: () => void = () => {};

  /** `changed` hears of trouble, once each time, and of its end; `unkept` of what is kept in memory only, in order. */
  constructor(parts: {
    beneath: LocalStore;
    clock: Clock;
    changed: (trouble: Trouble | null) => void;
    unkept?: ((changes: readonly LocalChange[]) => void) | undefined;
  }) {
    this.#beneath = parts.beneath;
    this.#clock = parts.clock;
    this.#changed = parts.changed;
    this.#unkept = parts.unkept ?? (() => {});
  }

  get durable(): boolean {
    return this.#overlay === null;
  }

  /** Called before anything else. A store that can't even be read is as good as an empty one that has no room. */
  async open(): Promise<void> {
    try {
      await this.#beneath.conversations();
    } catch (error) {
      if (!(error instanceof LocalStoreFull)) throw error;
      this.#unreadable = true;
      await this.#goOnInMemory(error);
    }
  }

  async apply(changes: readonly LocalChange[]): Promise<void> {
    while (!(await this.applyAs(this.durable, changes)));
  }

  /** For changes whose meaning hangs on it: applies nothing, and answers false, when `durable` isn't what they took it for. */
  async applyAs(durable: boolean, changes: readonly LocalChange[]): Promise<boolean> {
    if (this.#entering) await this.#entering;
    if (durable !== this.durable) return false;
    try {
      await (this.#overlay ?? this.#beneath).apply(changes);
      if (!durable) this.#unkept(changes);
      return true;
    } catch (error) {
      if (!(error instanceof LocalStoreFull)) throw error;
      await this.#goOnInMemory(error);
      return false;
    }
  }

  /** Room may be there again: look now. */
  retry(): void {
    if (this.#overlay) void this.#writeBack();
  }

  conversation(id: ConversationId): Promise<LocalConversation | null> {
    return this.#overlay ? this.#overlay.memory.conversation(id) : this.#beneath.conversation(id);
  }

  conversations(): Promise<readonly LocalConversation[]> {
    return this.#overlay ? this.#overlay.memory.conversations() : this.#beneath.conversations();
  }

  async entries(
    conversation: ConversationId,
    first: Seq,
    last: Seq,
    from: 'oldest' | 'newest',
    limit: number,
  ): Promise<readonly LocalEntry[]> {
    const over = await this.#overlay?.memory.entries(conversation, first, last, from, limit);
    const below = this.#unreadable ? [] : await this.#beneath.entries(conversation, first, last, from, limit);
    if (!over?.length) return below;
    const rows = layered(below, over);
    return from === 'oldest' ? rows.slice(0, limit) : rows.slice(-limit);
  }

  async entriesBySend(
    conversation: ConversationId,
    sendKeys: readonly string[],
  ): Promise<readonly LocalEntry[]> {
    const over = await this.#overlay?.memory.entriesBySend(conversation, sendKeys);
    const below = this.#unreadable ? [] : await this.#beneath.entriesBySend(conversation, sendKeys);
    return over?.length ? layered(below, over) : below;
  }

  outbox(): Promise<readonly OutboxItem[]> {
    return this.#overlay ? this.#overlay.memory.outbox() : this.#beneath.outbox();
  }

  async items(keys: readonly string[]): Promise<readonly unknown[]> {
    const below = this.#unreadable ? keys.map(() => undefined) : await this.#beneath.items(keys);
    const over = this.#overlay?.items;
    return over
      ? keys.map((key, index) => (over.has(key) ? (over.get(key) ?? undefined) : below[index]))
      : below;
  }

  async wipe(): Promise<void> {
    this.stop();
    await this.#beneath.wipe();
  }

  /** What is kept in memory only is lost: the log has it, and of sends the user was told. */
  stop(): void {
    this.#cancelRetry();
    this.#overlay = null;
  }

  /** Calls that fail together go on together. */
  #goOnInMemory(error: LocalStoreFull): Promise<void> {
    const turn = this.#turn.then(async () => {
      if (this.#overlay) return;
      const [conversations, outbox] = await Promise.all([
        this.#beneath.conversations().catch(() => []),
        this.#beneath.outbox().catch(() => []),
      ]);
      this.#overlay = await Overlay.over(conversations, outbox);
      this.#retryMs = firstRetryMs;
      this.#retryLater();
      this.#changed(troubleOf(error));
    });
    this.#turn = turn;
    this.#entering = turn.finally(() => {
      this.#entering = null;
    });
    return turn;
  }

  #retryLater(): void {
    this.#cancelRetry = this.#clock.after(this.#retryMs, () => void this.#writeBack());
    this.#retryMs = Math.min(lastRetryMs, this.#retryMs * 2);
  }

  /** What was shown together is stored together. What comes meanwhile goes in another round. */
  #writeBack(): Promise<void> {
    const turn = this.#turn.then(async () => {
      this.#cancelRetry();
      const overlay = this.#overlay;
      if (!overlay) return;
      try {
        while (overlay.journal.length > 0) {
          const written = overlay.journal.length;
          await this.#beneath.apply(overlay.journal.slice(0, written));
          overlay.journal.splice(0, written);
        }
      } catch {
        if (this.#overlay) this.#retryLater();
        return;
      }
      this.#overlay = null;
      this.#unreadable = false;
      this.#changed(null);
    });
    this.#turn = turn;
    return turn;
  }
}

/** What was applied since the store beneath refused: in order, to be written back, and as reads see it. */
class Overlay {
  readonly memory = new MemoryStore();
  readonly journal: LocalChange[] = [];
  /** Values put since, `null` for those removed. */
  readonly items = new Map<string, unknown>();

  static async over(
    conversations: readonly LocalConversation[],
    outbox: readonly OutboxItem[],
  ): Promise<Overlay> {
    const overlay = new Overlay();
    await overlay.memory.apply([
      ...conversations.map((conversation): LocalChange => ({ type: 'put-conversation', conversation })),
      ...outbox.map((item): LocalChange => ({ type: 'put-outbox', item })),
    ]);
    return overlay;
  }

  async apply(changes: readonly LocalChange[]): Promise<void> {
    this.journal.push(...changes);
    for (const change of changes) {
      if (change.type === 'put-items') for (const { key, value } of change.items) this.items.set(key, value);
    }
    await this.memory.apply(changes);
  }
}

/** Rows of the upper layer stand for those beneath at their positions. */
function layered(below: readonly LocalEntry[], over: readonly LocalEntry[]): LocalEntry[] {
  const rows = new Map(below.map((row) => [row.seq, row]));
  for (const row of over) rows.set(row.seq, row);
  return [...rows.values()].sort((a, b) => a.seq - b.seq);
}

function troubleOf(error: LocalStoreFull): Trouble {
  const cause = error.cause as { name?: unknown; inner?: { name?: unknown } } | undefined;
  const names = [cause?.name, cause?.inner?.name];
  return names.some((name) => name === 'QuotaExceededError') || !cause ? 'storage-full' : 'storage-refused';
}
