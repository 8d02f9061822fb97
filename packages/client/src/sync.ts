import type { Clock, Random } from '@tidings/api/clock';
import { TidingsError } from '@tidings/api/errors';
import { type ConversationId, type Seq, seq } from '@tidings/api/ids';
import type { RangePage } from '@tidings/api/message';
import { limits } from '@tidings/api/protocol';
import type { Head } from '@tidings/api/sync';
import type { Account } from './account.ts';
import { persist } from './backoff.ts';
import { floorOf } from './conversation-row.ts';
import type { Digested } from './digest.ts';
import type { Held } from './draft.ts';
import { Heads } from './heads.ts';
import type { Inbox } from './inbox.ts';
import { dueWants, recentWants, type Want } from './pull-plan.ts';
import { finalPage, Puller } from './puller.ts';
import { earlier, holesIn, later } from './ranges.ts';
import type { Line } from './transport.ts';

/** A fresh device has the newest page of so many chats, whether or not something is new in them. */
const recentChats = 30;
const compareEveryMs = 4 * 60_000;
const compareAtLeastMs = 3_000;

export type SyncParts = {
  readonly line: Line;
  readonly inbox: Inbox;
  readonly account: Account;
  readonly clock: Clock;
  readonly random: Random;
  /** The conversation on the screen, if any. */
  readonly openChat: () => ConversationId | null;
  /** What the server has said of the user's marks, before it is taken. */
  readonly heard: (heads: readonly Head[]) => void;
  /** Everything up to now is local. Once. */
  readonly live: () => void;
};

/**
 * What one line does to make this device agree with the server. The stream is open already, so nothing that is appended from now
 * on can be missed (SYNC1): read the heads, then what lies above what is held, newest page first, the open chat before all.
 */
export class Sync {
  readonly #parts: SyncParts;
  readonly #heads: Heads;
  readonly #puller: Puller;
  readonly #ranks = new Map<ConversationId, number>();
  /** Chats whose newest page is to be here, whoever has read it elsewhere. */
  readonly #newest = new Set<ConversationId>();
  #stopped = false;
  #comparing = false;
  /** To be compared once more, when what is under way is done. */
  #again = false;
  /** It was compared a moment ago; `wanted`: and there was reason to since. */
  #resting = false;
  #wanted = false;
  #told = false;
  #read = false;
  #cancelCompare: () => void = () => {};
  #cancelRest: () => void = () => {};

  constructor(parts: SyncParts) {
    this.#parts = parts;
    const { inbox, clock, random } = parts;
    const { api } = parts.line;
    const stopped = () => this.#stopped;
    const takeHeads = async (heads: readonly Head[]) => {
      parts.heard(heads);
      const strangers = heads.filter(({ conversationId }) => !inbox.row(conversationId));
      await inbox.take({ type: 'heads', heads });
      if (this.#read) for (const { conversationId } of strangers) this.#wantNewest(conversationId);
    };
    this.#heads = new Heads({ api, clock, random, stopped, take: takeHeads });
    const take = (pages: readonly RangePage[]) => inbox.take({ type: 'pages', pages });
    this.#puller = new Puller({
      api,
      clock,
      take,
      settled: (id) => this.#plan(id),
      idle: () => this.#tellWhenLive(),
    });
    this.#puller.rankBy((id) => (id === parts.openChat() ? -1 : (this.#ranks.get(id) ?? this.#ranks.size)));
  }

  async start(): Promise<void> {
    const open = this.#parts.openChat();
    const account = this.#parts.account.open(this.#parts.line.api);
    if (open) void this.#heads.readOnly([open]).catch(() => {});
    const answer = await this.#readHeads();
    await account;
    if (!answer || this.#stopped) return;
    this.#parts.account.headIs(answer.accountHead);
    this.#wantRecent();
    this.#read = true;
    this.#tellWhenLive();
    this.#compareLater();
    if (this.#again) await this.compareNow();
  }

  stop(): void {
    this.#stopped = true;
    this.#puller.stop();
    this.#parts.account.close();
    this.#cancelCompare();
    this.#cancelRest();
  }

  /** SYNC3: what the store has just been given may leave something to be read. */
  changed(held: Held, digested: Pick<Digested, 'reread' | 'wantsHead'>): void {
    if (held.synced < held.row.head) this.#plan(held.row.conversationId);
    if (digested.wantsHead !== 'no') this.#heads.want(held.row.conversationId, digested.wantsHead);
    if (digested.reread.length > 0) void this.#reread(held.row.conversationId, digested.reread);
  }

  wantHead(conversation: ConversationId): void {
    this.#heads.want(conversation);
  }

  /** Reads a conversation's head now, and then its newest page. */
  async refresh(conversation: ConversationId): Promise<void> {
    await this.#heads.readOnly([conversation]);
    this.#wantNewest(conversation);
  }

  /** SYNC6: whatever a push should have told and didn't is found here. */
  async compare(): Promise<void> {
    if (this.#comparing || !this.#read) return;
    if (this.#resting) this.#wanted = true;
    else await this.compareNow();
  }

  /** As {@link compare}, however lately that was: something was missed since what is being read now was asked for. */
  async compareNow(): Promise<void> {
    this.#again = this.#comparing || !this.#read;
    if (this.#again || this.#stopped) return;
    this.#rest();
    const answer = await this.#readHeads();
    if (answer && !this.#stopped) this.#parts.account.headIs(answer.accountHead);
    if (this.#again) await this.compareNow();
  }

  #rest(): void {
    this.#cancelRest();
    this.#wanted = false;
    this.#resting = true;
    this.#cancelRest = this.#parts.clock.after(compareAtLeastMs, () => {
      this.#resting = false;
      if (this.#wanted) void this.compare();
    });
  }

  /** Makes first..last of a conversation local, as far as it may be read and no young hole is in the way. */
  async makeLocal(conversation: ConversationId, first: Seq, last: Seq): Promise<void> {
    for (;;) {
      const row = this.#parts.inbox.row(conversation);
      if (!row) throw new TidingsError('not-found', conversation);
      const hole = holesIn(row.ranges, later(first, floorOf(row)), earlier(last, row.head)).at(-1);
      if (!hole) return;
      const piece = {
        first: later(hole.first, seq(Math.max(0, hole.last - limits.page) + 1)),
        last: hole.last,
      };
      const page = finalPage(piece, await this.#readOne(conversation, piece.first, piece.last));
      if (page.last < page.first) return;
      await this.#parts.inbox.take({ type: 'pages', pages: [page] });
    }
  }

  async #readOne(conversationId: ConversationId, first: Seq, last: Seq): Promise<RangePage> {
    const limit = last - first + 1;
    const range = { conversationId, first, last, from: 'newest' as const, limit };
    const [page] = (await this.#parts.line.api.message.read.query({ ranges: [range] })) as RangePage[];
    if (!page || page.error) throw new TidingsError(page?.error ?? 'internal', conversationId);
    return page;
  }

  async #readHeads() {
    this.#comparing = true;
    let rank = 0;
    const answer = await this.#heads.readAll((heads: readonly Head[]) => {
      for (const head of heads) this.#ranks.set(head.conversationId, rank++);
    });
    this.#comparing = false;
    return answer;
  }

  #plan(conversation: ConversationId): void {
    if (this.#stopped) return;
    const held = this.#parts.inbox.get(conversation);
    if (held) this.#puller.want([...dueWants(held), ...this.#newestWants(held)]);
  }

  #wantRecent(): void {
    const chats = [...this.#parts.inbox.all()].filter((held) => this.#ranks.has(held.row.conversationId));
    for (const held of chats) {
      const recent = (this.#ranks.get(held.row.conversationId) ?? recentChats) < recentChats;
      if (recent || held.row.unread > 0) this.#wantNewest(held.row.conversationId);
    }
  }

  #wantNewest(conversation: ConversationId): void {
    this.#newest.add(conversation);
    this.#plan(conversation);
  }

  /** Wanted until it is here: a call for it may fail. */
  #newestWants(held: Held): readonly Want[] {
    const { conversationId } = held.row;
    if (!this.#newest.has(conversationId)) return [];
    const wants = recentWants(held);
    if (wants.length === 0) this.#newest.delete(conversationId);
    return wants;
  }

  /** A later copy of an effect had been applied: the message is made anew from all that was done to it (SEND3). */
  async #reread(conversation: ConversationId, positions: readonly Seq[]): Promise<void> {
    for (const at of positions) {
      const { clock, random } = this.#parts;
      const patience = { clock, random, stopped: () => this.#stopped };
      const page = await persist(() => this.#readOne(conversation, at, at), patience);
      if (page) await this.#parts.inbox.take({ type: 'pages', pages: [page], rebuild: true });
    }
  }

  #tellWhenLive(): void {
    if (this.#told || !this.#read || this.#stopped || this.#puller.isBusy) return;
    this.#told = true;
    this.#parts.live();
  }

  #compareLater(): void {
    const ms = compareEveryMs * (0.9 + 0.2 * this.#parts.random());
    this.#cancelCompare = this.#parts.clock.after(ms, () => {
      void this.compare().finally(() => this.#stopped || this.#compareLater());
    });
  }
}
