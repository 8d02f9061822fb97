import type { AccountItem } from '@tidings/api/account';
import type { Entry } from '@tidings/api/entry';
import {
  type ClientId,
  type ConversationId,
  type DeviceId,
  type Seq,
  seq,
  type Timestamp,
  type UserId,
} from '@tidings/api/ids';
import type { RangePage } from '@tidings/api/message';
import type { Head } from '@tidings/api/sync';
import type { LocalConversation, LocalEntry, LocalStore, OutboxItem, SeqRange } from './local-store.ts';
import { later, previous, type Ranges } from './ranges.ts';
import { type Kept, nothingKept } from './rows.ts';

export type Self = { readonly userId: UserId; readonly deviceId: DeviceId };

/** What the engine knows of a conversation: its stored row, and what makes sense of it. */
export type Held = {
  readonly row: LocalConversation;
  /**
   * Everything up to here that can change what this device holds was applied. What lies between here and the head must be read
   * (a deletion may be in it); holes below are read when somebody wants to see them.
   */
  readonly synced: Seq;
  readonly kept: Kept;
  /** Pushed entries beyond a gap: they wait here, unseen, until the gap is read (SYNC3). */
  readonly early: readonly Entry[];
  /** Effects on messages that aren't held, for the pages that were asked for before these were pushed. */
  readonly orphans: ReadonlyMap<Seq, readonly Entry[]>;
};

/** Where `synced` stands when nothing says otherwise: so that it is stored only where it differs. */
export const usualSynced = (row: LocalConversation): Seq =>
  row.ranges.at(-1)?.last ?? later(row.delivered, previous(row.joinedSeq));

/** What one batch has to say about one conversation. */
export type ConversationNews = {
  readonly heads: Head[];
  readonly pushed: Entry[];
  readonly pages: PageNews[];
  readonly acknowledged: Acknowledged[];
  readonly items: AccountItem[];
  readonly othersMarks: Marks[];
  readonly ownMarks: Marks[];
  /** Make room: drop what is held of these positions. */
  readonly evicted: SeqRange[];
  /** A send was put in the outbox. */
  activityAt: Timestamp;
};

export type Marks = { readonly delivered: Seq; readonly read: Seq };
/** `rebuild`: make held rows anew from this page (see `rebuilt`). */
export type PageNews = { readonly page: RangePage; readonly rebuild: boolean };
export type Acknowledged = { readonly item: OutboxItem; readonly seq: Seq; readonly sentAt: Timestamp };

export const noNews = (): ConversationNews => ({
  heads: [],
  pushed: [],
  pages: [],
  acknowledged: [],
  items: [],
  othersMarks: [],
  ownMarks: [],
  evicted: [],
  activityAt: 0,
});

export type DraftContext = {
  readonly self: Self;
  readonly store: Pick<LocalStore, 'entries' | 'entriesBySend' | 'items'>;
  /** False when what is applied now won't survive the process though it should: then nothing counts as delivered (MARK2). */
  readonly durable: boolean;
};

type Cell = { readonly was: LocalEntry | null; now: LocalEntry };

/** One conversation while a batch of news is worked into it. Nothing leaves it before the store has it. */
export class Draft {
  readonly id: ConversationId;
  readonly before: Held | null;
  readonly context: DraftContext;
  row: LocalConversation;
  ranges: Ranges;
  synced: Seq;
  kept: Kept;
  keptBefore: Kept;
  early: readonly Entry[];
  readonly orphans: Map<Seq, readonly Entry[]>;
  /** Rows that are new or changed. */
  readonly cells = new Map<Seq, Cell>();
  readonly dropped: SeqRange[] = [];
  /** Sends of this device whose entries are stored now. */
  readonly arrivedSends: ClientId[] = [];
  /** Acknowledged, but beyond a gap: shown as sent until their entries may show. */
  readonly sentItems: OutboxItem[] = [];
  /** Held messages to be read anew, with everything that was done to them. */
  readonly reread = new Set<Seq>();
  /** Something here can be told from the server's head only; `twice`: now, and when what is under way there is done. */
  wantsHead: 'no' | 'once' | 'twice' = 'no';
  /** Others than this user wrote something that arrived. */
  foreign = false;

  constructor(before: Held | null, row: LocalConversation, context: DraftContext) {
    this.id = row.conversationId;
    this.before = before;
    this.context = context;
    this.row = row;
    this.ranges = row.ranges;
    this.synced = before?.synced ?? usualSynced(row);
    this.kept = before?.kept ?? nothingKept;
    this.keptBefore = this.kept;
    this.early = before?.early ?? [];
    this.orphans = new Map(before?.orphans);
  }

  /** What the store has about single messages of a conversation that is new to the engine. */
  startFrom(kept: Kept): void {
    this.kept = kept;
    this.keptBefore = kept;
  }

  /** Puts a row that wasn't held, or replaces one. `was` is what the store holds, when the caller has read it. */
  put(now: LocalEntry, was: LocalEntry | null): void {
    const cell = this.cells.get(now.seq);
    if (cell) cell.now = now;
    else this.cells.set(now.seq, { was, now });
  }

  /** The row as it stands in this draft, or in the store. */
  async rowAt(at: Seq): Promise<LocalEntry | null> {
    const cell = this.cells.get(at);
    if (cell) return cell.now;
    const [row] = await this.context.store.entries(this.id, at, at, 'oldest', 1);
    return row ?? null;
  }

  /** The end of what may be read: nothing above belongs here. */
  get end(): number {
    return this.row.removedSeq ?? Number.MAX_SAFE_INTEGER;
  }

  needHead(): void {
    if (this.wantsHead === 'no') this.wantsHead = 'once';
  }

  raiseHead(to: Seq, sentAt: Timestamp): void {
    if (to <= this.row.head || to > this.end) return;
    this.row = { ...this.row, head: to, headAt: sentAt };
  }

  /** The highest position that joins what is held without a gap, but one. */
  get frontier(): Seq {
    return later(this.synced, this.ranges.at(-1)?.last ?? seq(0));
  }
}
