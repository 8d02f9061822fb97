import { countsFor, type Entry } from '@tidings/api/entry';
import {
  accountId,
  type ConversationId,
  conversationKind,
  peerOf,
  type Seq,
  seq,
  trustedConversationId,
  type UserId,
} from '@tidings/api/ids';
import type { Head, HeadsPage, HeadsQuery, SyncApi } from '@tidings/api/sync';
import type { Caller } from '@tidings/api/trpc';
import type { MembershipRecord } from '@tidings/db/directory/port';
import type { MessageStore, Tail } from '@tidings/db/message-store/port';
import type { Watermark, WatermarkStore } from '@tidings/db/watermark-store/port';
import DataLoader from 'dataloader';
import type { LastLines } from './last-lines.ts';
import type { LogReader } from './log-reader.ts';
import { Minima, nowhere, type Stand } from './minima.ts';
import type { Access, ConversationView, Profiles } from './parts.ts';
import { readsAreShown } from './shown-reads.ts';
import type { TailCache } from './tail-cache.ts';

/** Counting stops here: the number then means "or more". */
const maxUnread = 1_000;

export type SyncServiceParts = {
  readonly access: Access;
  readonly profiles: Profiles;
  readonly messages: MessageStore;
  readonly watermarks: WatermarkStore;
  readonly reader: LogReader;
  readonly lastLines: LastLines;
  readonly tails: TailCache;
};

/** A conversation of the caller's and the last position of it that they may read. */
type Row = {
  readonly id: ConversationId;
  readonly membership: MembershipRecord;
  readonly head: Seq;
  readonly headAt: number;
};

/**
 * What a device asks first: where each of its conversations stands. Everything is asked of the stores for all conversations of
 * a page at once, and for all callers of a tick at once, since after a restart everybody asks at the same moment.
 */
export class SyncService implements SyncApi {
  readonly #parts: SyncServiceParts;
  readonly #marks: DataLoader<ConversationId, readonly Watermark[]>;
  readonly #unread: DataLoader<Parameters<MessageStore['countUnread']>[0][number], number>;

  constructor(parts: SyncServiceParts) {
    this.#parts = parts;
    this.#marks = new DataLoader((ids) => parts.watermarks.ofConversations(ids), {
      cache: false,
      maxBatchSize: 128,
    });
    this.#unread = new DataLoader((queries) => parts.messages.countUnread(queries, maxUnread), {
      cache: false,
      maxBatchSize: 128,
    });
  }

  async heads(caller: Caller, query: HeadsQuery): Promise<HeadsPage> {
    const memberships = query.only
      ? await this.#named(caller, query.only)
      : await this.#parts.access.membershipsOf(caller.userId);
    const [accountTail, rows] = await Promise.all([
      this.#parts.reader.head(accountId(caller.userId)),
      this.#rows(memberships),
    ]);
    const shown = query.only ? rows : await this.#worthShowing(caller, rows);
    shown.sort(byNewest);
    const from =
      query.cursor === undefined
        ? 0
        : shown.findIndex((row) => byNewest(row, positionOf(query.cursor as string)) > 0);
    const page = from < 0 ? [] : shown.slice(from, from + query.limit);
    const heads = await this.#heads(caller, page);
    const last = page.at(-1);
    const more = last !== undefined && from + page.length < shown.length;
    return { heads, accountHead: accountTail.seq, ...(more ? { next: cursorOf(last) } : {}) };
  }

  /** What was named and isn't the caller's is left out, like what doesn't exist (ACC3). */
  async #named(caller: Caller, only: readonly ConversationId[]): Promise<readonly MembershipRecord[]> {
    const views = await this.#parts.access.find(
      [...new Set(only)].filter((id) => conversationKind(id) !== 'account'),
    );
    return views.flatMap((view) => view?.memberships.get(caller.userId) ?? []);
  }

  async #rows(memberships: readonly MembershipRecord[]): Promise<Row[]> {
    const tails = await this.#parts.reader.heads(memberships.map(({ conversationId }) => conversationId));
    return Promise.all(memberships.map((membership, index) => this.#row(membership, tails[index] as Tail)));
  }

  /** For a past member the log ends where they left. */
  #row(membership: MembershipRecord, tail: Tail): Row | Promise<Row> {
    const { conversationId: id, removedSeq } = membership;
    if (removedSeq === null || tail.seq <= removedSeq)
      return { id, membership, head: tail.seq, headAt: tail.sentAt };
    return this.#parts.reader
      .entry(id, removedSeq)
      .then((entry) => ({ id, membership, head: removedSeq, headAt: entry?.sentAt ?? membership.joinedAt }));
  }

  /** A one-to-one conversation that somebody else opened and said nothing in is nothing to show. */
  async #worthShowing(caller: Caller, rows: readonly Row[]): Promise<Row[]> {
    const silent = rows.filter(({ id, head }) => head === 0 && conversationKind(id) === 'direct');
    if (silent.length === 0) return [...rows];
    const views = await this.#parts.access.find(silent.map(({ id }) => id));
    const others = new Set(
      views.flatMap((view) => (view && view.record.createdBy !== caller.userId ? view.record.id : [])),
    );
    return rows.filter(({ id }) => !others.has(id));
  }

  async #heads(caller: Caller, rows: readonly Row[]): Promise<Head[]> {
    if (rows.length === 0) return [];
    const ids = rows.map(({ id }) => id);
    const groups = ids.filter((id) => conversationKind(id) === 'group');
    const [marks, views] = await Promise.all([
      Promise.all(ids.map((id) => this.#marks.load(id))),
      groups.length > 0 ? this.#parts.access.find(groups) : [],
    ]);
    const viewOf = new Map(groups.map((id, index) => [id, views[index] ?? null]));
    const own = rows.map((row, index) => standOf(marks[index] ?? [], caller.userId, row.head));
    const last = await this.#parts.lastLines.of(
      rows.map((row, index) => ({ ...row, read: (own[index] as Stand).read })),
    );
    const [unread, others] = await Promise.all([
      Promise.all(rows.map((row, index) => this.#unreadOf(caller, row, own[index] as Stand))),
      Promise.all(
        rows.map((row, index) => this.#othersOf(caller, row, marks[index] ?? [], viewOf.get(row.id) ?? null)),
      ),
    ]);
    return rows.map((row, index) => {
      const { id, membership, head, headAt } = row;
      const view = viewOf.get(id);
      return {
        conversationId: id,
        kind: conversationKind(id) === 'group' ? 'group' : 'direct',
        head,
        joinedSeq: membership.joinedSeq,
        removedSeq: membership.removedSeq,
        role: membership.role,
        ...(own[index] as Stand),
        othersDelivered: others[index]?.delivered ?? seq(0),
        othersRead: others[index]?.read ?? seq(0),
        unread: unread[index] ?? 0,
        headAt,
        last: last[index] ?? null,
        group: view ? groupOf(view) : null,
        peer: peerOf(id, caller.userId),
      };
    });
  }

  #unreadOf(caller: Caller, { id, membership, head }: Row, own: Stand): number | Promise<number> {
    const after = seq(Math.max(own.read, membership.joinedSeq - 1, 0));
    if (after >= head) return 0;
    const recent = this.#parts.tails.range(id, after + 1, head);
    return recent
      ? unreadIn(recent, caller.userId)
      : this.#unread.load({ conversation: id, reader: caller.userId, after, upTo: head });
  }

  /** As `marks` events tell it. What a past member may know of others ends where their own log does. */
  async #othersOf(
    caller: Caller,
    { id, head }: Row,
    marks: readonly Watermark[],
    view: ConversationView | null,
  ): Promise<Stand> {
    const stand = view
      ? new Minima(view, new Map(marks.map((mark) => [mark.user, mark]))).over(caller.userId, head)
      : await this.#peerStand(caller, id, marks);
    return { delivered: seq(Math.min(stand.delivered, head)), read: seq(Math.min(stand.read, head)) };
  }

  async #peerStand(caller: Caller, id: ConversationId, marks: readonly Watermark[]): Promise<Stand> {
    const peer = marks.find(({ user }) => user !== caller.userId);
    if (!peer) return nowhere;
    const shown = peer.read > 0 && (await readsAreShown(this.#parts.profiles, id));
    return { delivered: peer.delivered, read: shown ? peer.read : seq(0) };
  }
}

/** Of entries up to the head: what another process erased stands above it as a deletion, whatever is cached here. */
function unreadIn(entries: readonly Entry[], reader: UserId): number {
  const erased = new Set(entries.map(({ kind, target }) => (kind === 'delete' ? target : undefined)));
  return entries.filter((entry) => countsFor(entry, reader) && !erased.has(entry.seq)).length;
}

function standOf(marks: readonly Watermark[], user: UserId, head: Seq): Stand {
  const own = marks.find((mark) => mark.user === user);
  return { delivered: seq(Math.min(own?.delivered ?? 0, head)), read: seq(Math.min(own?.read ?? 0, head)) };
}

const groupOf = ({ record, current }: ConversationView): Head['group'] => ({
  name: record.name,
  description: record.description,
  iconId: record.iconId,
  memberCount: current.length,
});

type Position = Pick<Row, 'headAt' | 'id'>;

const byNewest = (a: Position, b: Position): number =>
  b.headAt - a.headAt || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);

const cursorOf = ({ headAt, id }: Position): string => `${headAt} ${id}`;

/** A cursor that nobody gave stands somewhere, which does no harm. */
function positionOf(cursor: string): Position {
  const space = cursor.indexOf(' ');
  return { headAt: Number(cursor.slice(0, space)) || 0, id: trustedConversationId(cursor.slice(space + 1)) };
}
