import type { Clock, MakeId, Random } from '@tidings/api/clock';
import { encodeContent, type TextContent } from '@tidings/api/content';
import type { Entry } from '@tidings/api/entry';
import { TidingsError } from '@tidings/api/errors';
import type { EventBatch, ServerEvent } from '@tidings/api/events';
import {
  type ClientId,
  type ConversationId,
  conversationKind,
  type Seq,
  seq,
  type UserId,
} from '@tidings/api/ids';
import type { UserAct } from '@tidings/api/presence';
import { limits } from '@tidings/api/protocol';
import { Account } from './account.ts';
import { apiOver, callOn } from './api-over.ts';
import { Connection, type LineState } from './connection.ts';
import { floorOf } from './conversation-row.ts';
import type { Digested } from './digest.ts';
import type { Held, Self } from './draft.ts';
import type { ConnectionState, Engine, EngineState } from './engine-port.ts';
import { Eviction } from './eviction.ts';
import { Hints } from './hints.ts';
import { Inbox } from './inbox.ts';
import type { LocalChange, LocalStore } from './local-store.ts';
import { Outbox, type Send } from './outbox.ts';
import { Profiles } from './profiles.ts';
import { covers, earlier, later, previous } from './ranges.ts';
import { SafeStore } from './safe-store.ts';
import { Sync } from './sync.ts';
import type { Api, Line, Transport } from './transport.ts';
import { Watermarks } from './watermarks.ts';

export type EngineParts = {
  readonly self: Self;
  readonly store: LocalStore;
  readonly transport: Transport;
  readonly clock: Clock;
  readonly random: Random;
  readonly makeId: MakeId;
  readonly options?: EngineOptions;
};

export type EngineOptions = {
  /** How many positions of the logs are kept on this device; default 200,000. */
  readonly budget?: number;
  /** False while the device says that it has no network (a hint, which may be wrong). */
  readonly isOnline?: () => boolean;
  /** Hears what the store has no room for and the engine keeps in memory, so that it can be shown; all is kept again when `trouble` is over. */
  readonly unkept?: (changes: readonly LocalChange[]) => void;
  /** What should never happen. */
  readonly report?: (error: unknown) => void;
};

/** How many entries around a position a jump makes local, on each side. */
const aroundEachSide = 30;

export function createEngine(parts: EngineParts): Engine {
  return new SyncEngine(parts);
}

/** Puts the parts together: what the server says goes to who it concerns, and each new line is told to all of them. */
class SyncEngine implements Engine {
  readonly self: Self;
  readonly api: Api;
  readonly #parts: EngineParts;
  readonly #store: SafeStore;
  readonly #inbox: Inbox;
  readonly #outbox: Outbox;
  readonly #account: Account;
  readonly #watermarks: Watermarks;
  readonly #profiles: Profiles;
  readonly #hints: Hints;
  readonly #eviction: Eviction;
  readonly #connection: Connection;
  readonly #listeners = new Set<(state: EngineState) => void>();
  readonly #ready: Promise<void>;
  #sync: Sync | null = null;
  #live = false;
  #doubted = false;
  #clockAheadMs = 0;
  #state: EngineState = {
    connection: { type: 'connecting', attempt: 0 },
    presence: new Map(),
    typing: new Map(),
    trouble: null,
  };
  #stopped: Promise<void> | null = null;

  constructor(parts: EngineParts) {
    this.#parts = parts;
    this.self = parts.self;
    const { self, clock, random, makeId, options = {} } = parts;
    this.#store = new SafeStore({
      beneath: parts.store,
      clock,
      changed: (trouble) => this.#troubleIs(trouble && { type: trouble }),
      unkept: options.unkept,
    });
    const store = this.#store;
    const report = options.report ?? (() => {});
    const inbox = new Inbox({ store, self, clock, report });
    this.#inbox = inbox;
    this.#outbox = new Outbox({
      store,
      inbox,
      clock,
      random,
      makeId,
      serverNow: () => clock.now() - this.#clockAheadMs,
    });
    this.#profiles = new Profiles({ store, clock, random });
    const wakeUps = {
      conversation: (id: ConversationId) => this.#sync?.wantHead(id),
      profile: () => this.#profiles.changed([self.userId]),
    };
    this.#account = new Account({ inbox, store, clock, random, self, wakeUps });
    this.#watermarks = new Watermarks({ inbox, clock, random, wantHead: (id) => this.#sync?.wantHead(id) });
    this.#hints = new Hints({ clock, random, changed: (hinted) => this.#setState(hinted) });
    const openChat = () => this.#hints.openChat;
    this.#eviction = new Eviction({ inbox, budget: options.budget ?? 200_000, openChat });
    inbox.listen({
      changed: (held, digested) => this.#changed(held, digested),
      unknown: (ids) => {
        for (const id of ids) this.#sync?.wantHead(id);
      },
    });
    const isOnline = options.isOnline ?? (() => true);
    this.#connection = new Connection({
      transport: parts.transport,
      clock,
      random,
      isOnline,
      listener: this.#lineListener(),
    });
    this.api = apiOver(async (call) => callOn((await this.#lineNow()).api, call));
    this.#ready = this.#load();
    this.#connection.start();
  }

  observe(listener: (state: EngineState) => void): () => void {
    this.#listeners.add(listener);
    listener(this.#state);
    return () => this.#listeners.delete(listener);
  }

  send(conversationId: ConversationId, content: TextContent): Promise<ClientId> {
    this.#hints.sentTo(conversationId);
    return this.#put({ conversationId, kind: 'message', content: encodeContent(content) });
  }

  edit(conversationId: ConversationId, target: Seq, content: TextContent): Promise<ClientId> {
    return this.#put({ conversationId, kind: 'edit', target, content: encodeContent(content) });
  }

  remove(conversationId: ConversationId, target: Seq): Promise<ClientId> {
    return this.#put({ conversationId, kind: 'delete', target, content: '' });
  }

  react(conversationId: ConversationId, target: Seq, emoji: string): Promise<ClientId> {
    return this.#put({ conversationId, kind: 'reaction', target, content: emoji });
  }

  async retry(client: ClientId): Promise<void> {
    await this.#ready;
    return this.#outbox.retry(client);
  }

  async discard(client: ClientId): Promise<void> {
    await this.#ready;
    return this.#outbox.discard(client);
  }

  async putItems(items: readonly { readonly key: string; readonly value: unknown }[]): Promise<void> {
    await this.#ready;
    if (items.length > 0) await this.#account.put(items);
  }

  markRead(conversation: ConversationId, upTo: Seq): void {
    this.#watermarks.markRead(conversation, upTo);
  }

  async loadOlder(conversation: ConversationId, before: Seq, count: number): Promise<boolean> {
    await this.#ready;
    const first = seq(Math.max(0, before - count));
    if (before > 0) await this.#makeLocal(conversation, first, previous(before));
    const row = this.#inbox.row(conversation);
    return row !== undefined && first > floorOf(row);
  }

  async loadAround(conversation: ConversationId, at: Seq): Promise<void> {
    await this.#ready;
    await this.#makeLocal(conversation, seq(Math.max(0, at - aroundEachSide)), seq(at + aroundEachSide));
  }

  async refresh(conversation: ConversationId): Promise<void> {
    await this.#ready;
    await this.#lineNow();
    await this.#sync?.refresh(conversation);
  }

  watch(users: readonly UserId[], conversations: readonly ConversationId[]): void {
    this.#hints.watch(users, conversations);
  }

  needProfiles(users: readonly UserId[]): void {
    this.#profiles.need(users);
  }

  typing(conversation: ConversationId, typing: boolean): void {
    this.#hints.typing(conversation, typing);
  }

  act(act: UserAct): void {
    this.#hints.act(act);
  }

  /** Several reasons to wake often come at once; each of what they lead to has its own limit. */
  wake(): void {
    this.#doubt();
    this.#connection.wake();
    this.#store.retry();
    this.#outbox.flush();
    void this.#sync?.compare();
  }

  stop(): Promise<void> {
    this.#stopped ??= this.#stop();
    return this.#stopped;
  }

  async #stop(): Promise<void> {
    this.#connection.stop();
    this.#lost();
    this.#outbox.stop();
    await this.#ready.catch(() => {});
    await this.#inbox.stop();
    this.#store.stop();
    this.#listeners.clear();
  }

  async #load(): Promise<void> {
    const { clock } = this.#parts;
    for (let attempt = 0; !this.#stopped; attempt += 1) {
      try {
        await this.#inbox.load();
        for (const held of this.#inbox.all()) this.#eviction.changed(held);
        await this.#account.load();
        return;
      } catch {
        await new Promise<void>((resolve) => void clock.after(Math.min(2_000, 50 * 2 ** attempt), resolve));
      }
    }
  }

  async #put(send: Send): Promise<ClientId> {
    await this.#ready;
    return this.#outbox.put(send);
  }

  async #makeLocal(conversation: ConversationId, first: Seq, last: Seq): Promise<void> {
    const row = this.#inbox.row(conversation);
    if (row && covers(row.ranges, later(first, floorOf(row)), earlier(last, row.head))) return;
    await this.#lineNow();
    if (!this.#sync) throw new TidingsError('unavailable', 'no line');
    await this.#sync.makeLocal(conversation, first, last);
  }

  async #lineNow(): Promise<Line> {
    const line = await this.#connection.currentLine();
    if (!line) throw new TidingsError('unavailable', 'no line');
    return line;
  }

  #lineListener() {
    return {
      opened: (line: Line) => this.#opened(line),
      batch: (events: EventBatch) => this.#heard(events),
      lost: () => this.#lost(),
      changed: (state: LineState) => this.#lineChanged(state),
    };
  }

  #opened(line: Line): void {
    const { clock, random } = this.#parts;
    const openChat = () => this.#hints.openChat;
    const live = () => {
      this.#live = true;
      this.#lineChanged(this.#connection.state);
    };
    const parts = { line, inbox: this.#inbox, account: this.#account, clock, random, openChat, live };
    const sync = new Sync({ ...parts, heard: (heads) => this.#watermarks.heard(heads) });
    this.#sync = sync;
    void this.#ready.then(() => {
      if (this.#sync !== sync) return;
      this.#watermarks.open(line.api);
      void sync.start();
      this.#outbox.open(line.api);
      this.#profiles.open(line.api);
      this.#hints.open(line.api);
    });
  }

  #lost(): void {
    this.#sync?.stop();
    this.#sync = null;
    this.#live = false;
    this.#inbox.lineLost();
    for (const part of [this.#outbox, this.#watermarks, this.#profiles, this.#hints]) part.close();
  }

  #heard(events: EventBatch): void {
    void this.#ready.then(() => {
      const entries: Entry[] = [];
      for (const event of events) {
        if (event.type === 'entry') entries.push(event.entry);
        else this.#heardOther(event);
      }
      if (entries.length > 0) this.#heardEntries(entries);
    });
  }

  #heardEntries(entries: readonly Entry[]): void {
    const own = entries.filter((entry) => conversationKind(entry.conversationId) === 'account');
    const pushed = own.length > 0 ? entries.filter((entry) => !own.includes(entry)) : entries;
    if (own.length > 0) void this.#account.pushed(own);
    if (pushed.length > 0) void this.#inbox.take({ type: 'pushed', entries: pushed });
    for (const entry of pushed) this.#hints.heardFrom(entry.conversationId, entry.sender);
  }

  #heardOther(event: Exclude<ServerEvent, { type: 'entry' }>): void {
    switch (event.type) {
      case 'hello':
        this.#clockAheadMs = this.#parts.clock.now() - event.serverTime;
        // Somebody else has signed in here meanwhile: what is theirs must not come into this store.
        if (event.userId !== this.self.userId) this.#connection.end('session-ended');
        return;
      case 'marks':
        void this.#inbox.take(event);
        return;
      case 'own-marks':
        this.#watermarks.toldBy(event.conversationId, event);
        void this.#inbox.take(event);
        return;
      case 'presence':
        this.#hints.heardPresence([event.presence]);
        return;
      case 'typing':
        if (event.userId !== this.self.userId) this.#hints.heardTyping(event);
        return;
      case 'profiles':
        this.#profiles.changed(event.userIds);
        return;
      case 'bye':
        return;
    }
  }

  #changed(held: Held, digested: Pick<Digested, 'foreign' | 'reread' | 'wantsHead'>): void {
    this.#watermarks.moved(held, digested.foreign);
    this.#sync?.changed(held, digested);
    this.#eviction.changed(held);
  }

  #troubleIs(trouble: EngineState['trouble']): void {
    this.#setState({ trouble });
    // What was in memory only is stored now: it counts as delivered.
    if (trouble === null) for (const { row } of this.#inbox.all()) this.#recount(row.conversationId);
  }

  #recount(conversationId: ConversationId): void {
    void this.#inbox.take({ type: 'own-marks', conversationId, delivered: seq(0), read: seq(0) });
  }

  /** A device that says it has no network is believed until its line has answered. */
  #doubt(): void {
    const { clock, options } = this.#parts;
    if (options?.isOnline?.() !== false || this.#doubted || this.#connection.state.type !== 'open') return;
    this.#doubted = true;
    this.#lineChanged(this.#connection.state);
    clock.after(limits.pongMs + 1_000, () => {
      this.#doubted = false;
      this.#lineChanged(this.#connection.state);
    });
  }

  #lineChanged(state: LineState): void {
    this.#setState({ connection: this.#shown(state) });
  }

  #shown(state: LineState): ConnectionState {
    if (state.type !== 'open') return state;
    if (this.#doubted) return { type: 'offline' };
    return this.#live ? { type: 'live' } : { type: 'syncing' };
  }

  #setState(change: Partial<EngineState>): void {
    const { connection } = this.#state;
    if (change.connection && sameState(change.connection, connection) && Object.keys(change).length === 1)
      return;
    this.#state = { ...this.#state, ...change };
    for (const listener of [...this.#listeners]) listener(this.#state);
  }
}

const sameState = (a: ConnectionState, b: ConnectionState): boolean =>
  JSON.stringify(a) === JSON.stringify(b);
