import type { Clock } from '@tidings/api/clock';
import type { Entry } from '@tidings/api/entry';
import type { ConversationId, Seq } from '@tidings/api/ids';
import { type Digested, digest, keptKey, storedKept, syncedKey } from './digest.ts';
import { type ConversationNews, type Held, type Self, usualSynced } from './draft.ts';
import { foldKept } from './effects.ts';
import type { LocalChange, LocalConversation } from './local-store.ts';
import { type News, sortNews } from './news.ts';
import { type Kept, nothingKept } from './rows.ts';
import type { SafeStore } from './safe-store.ts';

/** Pushed entries that are kept for a conversation until its head is known. */
const maxStrangers = 200;
/** Entries and heads that one apply takes in. */
const batchSize = 4_000;
/** About half a minute. */
const mostAttempts = 20;

export interface InboxListener {
  /** The store has it now. `foreign`: others than this user wrote something of it. */
  changed(held: Held, digested: Omit<Digested, 'held' | 'changes'>): void;
  /** An entry or a mark came for a conversation of which this device knows nothing. */
  unknown(conversations: readonly ConversationId[]): void;
}

/**
 * The one way into the local store for what is known of conversations. News queue up; whatever has queued while the store was
 * busy becomes one `apply`. What the engine has in memory changes only when the store has answered, so after a failure the same
 * news are worked in again.
 */
export class Inbox {
  readonly #store: SafeStore;
  readonly #self: Self;
  readonly #clock: Clock;
  readonly #report: (error: unknown) => void;
  readonly #conversations = new Map<ConversationId, Held>();
  readonly #strangers = new Map<ConversationId, Entry[]>();
  readonly #queue: { readonly news: News; readonly done: () => void }[] = [];
  #listener: InboxListener | null = null;
  #working: Promise<void> | null = null;
  #stopped = false;
  #wake: () => void = () => {};

  /** `report` gets what should never happen. */
  constructor(parts: { store: SafeStore; self: Self; clock: Clock; report: (error: unknown) => void }) {
    this.#store = parts.store;
    this.#self = parts.self;
    this.#clock = parts.clock;
    this.#report = parts.report;
  }

  listen(listener: InboxListener): void {
    this.#listener = listener;
  }

  /** What the store holds from before. Called once, before anything is taken. */
  async load(): Promise<void> {
    const rows = await this.#store.conversations();
    const keys = rows.flatMap((row) => [syncedKey(row.conversationId), keptKey(row.conversationId)]);
    const values = keys.length > 0 ? await this.#store.items(keys) : [];
    rows.forEach((row, index) => {
      const synced = (values[2 * index] as Seq | undefined) ?? usualSynced(row);
      const kept = (values[2 * index + 1] as Kept | undefined) ?? nothingKept;
      this.#conversations.set(row.conversationId, { row, synced, kept, early: [], orphans: new Map() });
    });
  }

  get(id: ConversationId): Held | undefined {
    return this.#conversations.get(id);
  }

  all(): Iterable<Held> {
    return this.#conversations.values();
  }

  row(id: ConversationId): LocalConversation | undefined {
    return this.#conversations.get(id)?.row;
  }

  /** Resolves when the store has it. */
  take(news: News): Promise<void> {
    if (this.#stopped) return Promise.resolve();
    return new Promise((done) => {
      this.#queue.push({ news, done });
      this.#working ??= this.#work();
    });
  }

  /** Entries that wait beyond a gap are forgotten: on the next line they are read. */
  lineLost(): void {
    this.#strangers.clear();
    for (const held of this.#conversations.values()) {
      if (held.early.length > 0) this.#conversations.set(held.row.conversationId, { ...held, early: [] });
    }
  }

  /** Finishes what was taken. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#wake();
    await this.#working;
  }

  #rest(ms: number): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
      this.#clock.after(ms, resolve);
    });
  }

  async #work(): Promise<void> {
    // One microtask later, so that news of the same moment share the first apply.
    await null;
    while (this.#queue.length > 0) {
      const batch = this.#nextBatch();
      if (await this.#applyStubbornly(batch.map((queued) => queued.news)))
        for (const queued of batch) queued.done();
    }
    this.#working = null;
  }

  #nextBatch() {
    let size = 0;
    let count = 0;
    while (count < this.#queue.length && size < batchSize) {
      size += sizeOf((this.#queue[count] as { news: News }).news);
      count += 1;
    }
    return this.#queue.splice(0, count);
  }

  /** A store that fails for a moment is asked again; one that stays broken is replaced beneath (see `SafeStore`). */
  async #applyStubbornly(batch: readonly News[]): Promise<boolean> {
    for (let attempt = 0; ; attempt += 1) {
      try {
        // Asked again when the store's room ran out, or came back, meanwhile: what counts as delivered hangs on it.
        while (!(await this.#apply(batch)));
        return true;
      } catch (error) {
        if (this.#stopped) return false;
        if (attempt >= mostAttempts) return this.#giveUp(error);
        await this.#rest(Math.min(2_000, 50 * 2 ** attempt));
      }
    }
  }

  /** News that can't be worked in mustn't keep all others out. The next comparison of heads brings them again. */
  #giveUp(error: unknown): true {
    this.#report(error);
    return true;
  }

  async #apply(batch: readonly News[]): Promise<boolean> {
    const sorted = sortNews(batch);
    const context = { self: this.#self, store: this.#store, durable: this.#store.durable };
    const digested = await Promise.all(
      [...sorted.conversations].map(async ([id, news]) => {
        const before = this.#conversations.get(id) ?? null;
        const strangers = before ? undefined : this.#strangers.get(id);
        if (strangers) news.pushed.push(...strangers);
        return { id, news, result: await digest(before, news, context) };
      }),
    );
    const changes = [...sorted.changes];
    for (const { id, news, result } of digested)
      changes.push(...(result ? result.changes : await this.#ofUnknown(id, news)));
    if (changes.length > 0 && !(await this.#store.applyAs(context.durable, merged(changes)))) return false;
    this.#commit(digested);
    return true;
  }

  #commit(
    digested: readonly { id: ConversationId; news: ConversationNews; result: Digested | null }[],
  ): void {
    const unknown: ConversationId[] = [];
    for (const { id, news, result } of digested) {
      if (result) {
        this.#conversations.set(id, result.held);
        this.#strangers.delete(id);
      } else if (saysSomething(news)) {
        this.#strangers.set(id, news.pushed.slice(0, maxStrangers));
        unknown.push(id);
      }
    }
    for (const { result } of digested) if (result) this.#listener?.changed(result.held, result);
    if (unknown.length > 0) this.#listener?.unknown(unknown);
  }

  /** What can be kept of a conversation whose head isn't known yet. */
  async #ofUnknown(id: ConversationId, news: ConversationNews): Promise<readonly LocalChange[]> {
    const before = await storedKept(id, { store: this.#store });
    const kept = foldKept(before, news.items);
    const sent = news.acknowledged.map(({ item, seq, sentAt }): LocalChange => {
      return { type: 'put-outbox', item: { ...item, state: { type: 'sent', seq, sentAt } } };
    });
    return kept === before
      ? sent
      : [...sent, { type: 'put-items', items: [{ key: keptKey(id), value: kept }] }];
  }
}

const saysSomething = (news: ConversationNews): boolean =>
  [news.pushed, news.othersMarks, news.ownMarks, news.acknowledged].some((kind) => kind.length > 0);

function sizeOf(news: News): number {
  switch (news.type) {
    case 'heads':
      return news.heads.length;
    case 'pushed':
      return news.entries.length;
    case 'pages':
      return news.pages.reduce((sum, page) => sum + page.entries.length + page.effects.length, 0);
    default:
      return 1;
  }
}

/** One put for all entries: an adapter writes them in one go. Drops come before puts. */
function merged(changes: readonly LocalChange[]): readonly LocalChange[] {
  const puts = changes.filter((change) => change.type === 'put-entries');
  if (puts.length < 2) return changes;
  const others = changes.filter((change) => change.type !== 'put-entries');
  return [...others, { type: 'put-entries', entries: puts.flatMap((put) => put.entries) }];
}
