import type { Clock, MakeId, Random } from '@tidings/api/clock';
import { encodeContent, type SentContent } from '@tidings/api/content';
import { type ErrorCode, TidingsError } from '@tidings/api/errors';
import type { EventBatch, ServerEventOf } from '@tidings/api/events';
import { type ClientId, type ConversationId, type Seq, seq, type UserId } from '@tidings/api/ids';
import type { UserAct } from '@tidings/api/presence';
import { Account } from './account.ts';
import { apiOver, callOn } from './api-over.ts';
import { LazyUploads } from './assets/lazy-uploads.ts';
import type { DeviceAssets } from './assets/uploads.ts';
import { Connection, type ConnectionListener } from './connection.ts';
import { floorOf } from './conversation-row.ts';
import type { Digested } from './digest.ts';
import type { Held, Self } from './draft.ts';
import type { Engine, EngineState } from './engine-port.ts';
import { StateBoard } from './engine-state.ts';
import { Eviction } from './eviction.ts';
import { Hints } from './hints.ts';
import { Inbox } from './inbox.ts';
import type { LocalChange, LocalStore } from './local-store.ts';
import { Outbox } from './outbox.ts';
import { Profiles } from './profiles.ts';
import { covers, earlier, later, previous } from './ranges.ts';
import { SafeStore, type Trouble } from './safe-store.ts';
import { changeSend, messageSend, type Send, unpreparedSend } from './sends.ts';
import { hear, type StreamParts } from './stream.ts';
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
  /** For devices that send files; asked when there is something to upload. */
  readonly assets?: () => Promise<DeviceAssets>;
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
  readonly #board: StateBoard;
  readonly #streamParts: StreamParts;
  readonly #ready: Promise<void>;
  #sync: Sync | null = null;
  #clockAheadMs = 0;
  /** The line has said hello. */
  #greeted = false;
  #stopped: Promise<void> | null = null;

  constructor(parts: EngineParts) {
    this.#parts = parts;
    this.self = parts.self;
    const { self, clock, random, makeId, transport, options = {} } = parts;
    const isOnline = options.isOnline ?? (() => true);
    const board = new StateBoard({ clock, isOnline });
    const store = new SafeStore({
      beneath: parts.store,
      clock,
      changed: (trouble) => this.#troubleIs(trouble),
      unkept: options.unkept,
    });
    const inbox = new Inbox({ store, self, clock, report: options.report ?? (() => {}) });
    const wantHead = (id: ConversationId) => this.#sync?.wantHead(id);
    const serverNow = () => clock.now() - this.#clockAheadMs;
    const profiles = new Profiles({ store, clock, random });
    const wakeUps = { conversation: wantHead, profile: () => profiles.changed([self.userId]) };
    const account = new Account({ inbox, store, clock, random, self, wakeUps });
    const watermarks = new Watermarks({ inbox, clock, random, wantHead });
    const hints = new Hints({ clock, random, changed: (hinted) => board.show(hinted) });
    const openChat = () => hints.openChat;
    this.#board = board;
    this.#store = store;
    this.#inbox = inbox;
    this.#account = account;
    this.#watermarks = watermarks;
    this.#profiles = profiles;
    this.#hints = hints;
    const settled = (client: ClientId, failure: ErrorCode | null) => this.#outbox.uploaded(client, failure);
    const uploads = options.assets
      ? new LazyUploads(options.assets, { store, clock, random, settled })
      : null;
    this.#outbox = new Outbox({ store, inbox, clock, random, makeId, serverNow, uploads });
    this.#eviction = new Eviction({ inbox, budget: options.budget ?? 200_000, openChat });
    this.#streamParts = {
      self,
      inbox,
      account,
      watermarks,
      profiles,
      hints,
      hello: (event) => this.#hello(event),
    };
    inbox.listen({
      changed: (held, digested) => this.#changed(held, digested),
      unknown: (ids) => ids.forEach(wantHead),
    });
    const listener: ConnectionListener = {
      opened: (line) => this.#opened(line),
      batch: (events) => this.#heard(events),
      lost: () => this.#lost(),
      changed: (state) => board.lineIs(state),
    };
    this.#connection = new Connection({ transport, clock, random, isOnline, listener });
    this.api = apiOver(async (call) => callOn((await this.#lineNow()).api, call));
    this.#ready = this.#load();
    this.#connection.start();
  }

  observe(listener: (state: EngineState) => void): () => void {
    return this.#board.observe(listener);
  }

  send(conversationId: ConversationId, content: SentContent): Promise<ClientId> {
    this.#hints.sentTo(conversationId);
    return this.#put(messageSend(conversationId, content));
  }

  sendUnprepared(conversationId: ConversationId, content: SentContent): Promise<ClientId> {
    this.#hints.sentTo(conversationId);
    return this.#put(unpreparedSend(conversationId, content));
  }

  async prepared(client: ClientId, outcome: SentContent | ErrorCode): Promise<void> {
    await this.#ready;
    return this.#outbox.prepared(client, outcome);
  }

  edit(conversationId: ConversationId, target: Seq, content: SentContent): Promise<ClientId> {
    return this.#put(changeSend(conversationId, 'edit', target, encodeContent(content)));
  }

  remove(conversationId: ConversationId, target: Seq): Promise<ClientId> {
    return this.#put(changeSend(conversationId, 'delete', target, ''));
  }

  react(conversationId: ConversationId, target: Seq, emoji: string): Promise<ClientId> {
    return this.#put(changeSend(conversationId, 'reaction', target, emoji));
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
    void this.#ready.then(() => this.#watermarks.markRead(conversation, upTo));
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
    this.#board.doubt();
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
    this.#board.close();
  }

  async #load(): Promise<void> {
    const { clock } = this.#parts;
    for (let attempt = 0; !this.#stopped; attempt += 1) {
      try {
        await this.#store.open();
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

  #opened(line: Line): void {
    const { clock, random } = this.#parts;
    const sync = new Sync({
      ...{ line, inbox: this.#inbox, account: this.#account, clock, random },
      openChat: () => this.#hints.openChat,
      heard: (heads) => this.#watermarks.heard(heads),
      live: () => this.#board.liveNow(),
    });
    this.#sync = sync;
    this.#greeted = false;
    void this.#ready.then(() => {
      if (this.#sync !== sync) return;
      this.#watermarks.open(line.api);
      void sync.start();
      for (const part of [this.#outbox, this.#profiles, this.#hints]) part.open(line.api);
    });
  }

  #lost(): void {
    this.#sync?.stop();
    this.#sync = null;
    this.#inbox.lineLost();
    for (const part of [this.#outbox, this.#watermarks, this.#profiles, this.#hints]) part.close();
  }

  #heard(events: EventBatch): void {
    void this.#ready.then(() => hear(events, this.#streamParts));
  }

  #hello(event: ServerEventOf<'hello'>): void {
    this.#clockAheadMs = this.#parts.clock.now() - event.serverTime;
    if (this.#greeted) void this.#sync?.compareNow();
    this.#greeted = true;
    // Somebody else has signed in here meanwhile: what is theirs must not come into this store.
    if (event.userId !== this.self.userId) this.#connection.end('session-ended');
  }

  #changed(held: Held, digested: Omit<Digested, 'held' | 'changes'>): void {
    this.#watermarks.moved(held, digested.foreign);
    this.#sync?.changed(held, digested);
    this.#eviction.changed(held);
    // A send may have got in behind the end: it will never show here.
    if (digested.ended) this.#outbox.flush();
  }

  #troubleIs(trouble: Trouble | null): void {
    this.#board.show({ trouble: trouble && { type: trouble } });
    if (trouble) return;
    // What was in memory only is stored now: it counts as delivered.
    for (const { row } of this.#inbox.all()) {
      const { conversationId } = row;
      void this.#inbox.take({ type: 'own-marks', conversationId, delivered: seq(0), read: seq(0) });
    }
  }
}
