import { type Clock, wait } from '@tidings/api/clock';
import { type ConversationId, seq, type UserId } from '@tidings/api/ids';
import type { Watermark, WatermarkStore } from '@tidings/db/watermark-store/port';
import { LRUCache } from 'lru-cache';
import type { LogReader } from './log-reader.ts';
import { Minima, type Stand } from './minima.ts';
import type { Access, ConversationView, Delivery, Logger } from './parts.ts';
import type { TailCache } from './tail-cache.ts';
import { logTrouble } from './trouble.ts';

/** How long other processes' marks may be missing from a board. */
const boardMs = 2_000;
/** In a row, after which the authors learn of a mark with the next one, or when they compare heads. */
const maxFailures = 5;
/** Marks kept over all boards. */
const maxStands = 400_000;
/** Covering more than this at once is told to all members, rather than looked through for its authors. */
const maxCovered = 500;

export type GroupReceiptsParts = {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly access: Access;
  readonly watermarks: WatermarkStore;
  readonly reader: LogReader;
  readonly tails: TailCache;
  readonly delivery: Delivery;
};

/** A mark on its way, known by identity; of `null`: who is a member, so everybody's count. */
type Moving = { readonly conversation: ConversationId; readonly user: UserId | null };

/** The marks of a group's members, and the minima that were told of them. */
type Board = {
  readonly stands: Map<UserId, Stand>;
  told: Minima;
  /** Looking again is due: another process may hold the mark that was the last to come. */
  settling: boolean;
};

/**
 * Tells the authors in a group how far all others have and have read what they wrote. Most marks change no minimum, and then
 * nothing is told: of a message to 256 people the author hears twice, not 510 times.
 */
export class GroupReceipts {
  readonly #parts: GroupReceiptsParts;
  readonly #boards = new LRUCache<ConversationId, Board>({ maxSize: maxStands });
  readonly #loading = new Map<ConversationId, Promise<Board | null>>();
  /** Marks that are being stored or told. */
  readonly #moving = new Map<ConversationId, Set<Moving>>();
  #stopped = false;

  constructor(parts: GroupReceiptsParts) {
    this.#parts = parts;
  }

  stop(): void {
    this.#stopped = true;
  }

  /** These are about to move. Until the answer is called, a board that is loaded may show them already though nobody was told. */
  expect(marks: readonly Moving[]): () => void {
    for (const mark of marks) {
      const moving = this.#moving.get(mark.conversation) ?? new Set();
      this.#moving.set(mark.conversation, moving.add(mark));
    }
    return () => {
      for (const mark of marks) {
        const moving = this.#moving.get(mark.conversation);
        if (moving?.delete(mark) && moving.size === 0) this.#moving.delete(mark.conversation);
      }
    };
  }

  /** These marks moved just now (or, with none, who is a member did). Never throws; what can't be told now is told later. */
  moved(conversation: ConversationId, marks: readonly Watermark[]): void {
    const told = this.expect(marks.length > 0 ? marks : [{ conversation, user: null }]);
    void this.#persist(conversation, () => this.#tell(conversation, marks)).finally(told);
  }

  async #persist(conversation: ConversationId, work: () => Promise<void>): Promise<void> {
    for (let failures = 0; !this.#stopped; failures += 1) {
      try {
        return await work();
      } catch (error) {
        const again = failures < maxFailures;
        logTrouble(this.#parts.logger, error, 'marks of a group not told', { conversation, again });
        if (!again) return;
        await wait(this.#parts.clock, boardMs);
      }
    }
  }

  async #tell(conversation: ConversationId, marks: readonly Watermark[]): Promise<void> {
    const [view] = await this.#parts.access.find([conversation]);
    const board = await this.#board(conversation);
    if (!view || !board) return;
    for (const mark of marks) raise(board.stands, mark.user, mark);
    await this.#tellMinima(conversation, view, board);
    this.#settleLater(conversation, board);
  }

  async #board(conversation: ConversationId): Promise<Board | null> {
    const known = this.#boards.get(conversation);
    if (known) return known;
    const loading = this.#loading.get(conversation) ?? this.#load(conversation);
    this.#loading.set(conversation, loading);
    return loading.finally(() => this.#loading.delete(conversation));
  }

  /** Begins below what is moving, so that what it covers is told. */
  async #load(conversation: ConversationId): Promise<Board | null> {
    const [[view], stands] = await Promise.all([
      this.#parts.access.find([conversation]),
      this.#stands(conversation),
    ]);
    if (!view) return null;
    const moving = new Set([...(this.#moving.get(conversation) ?? [])].map(({ user }) => user));
    const before = moving.has(null) ? [] : [...stands].filter(([user]) => !moving.has(user));
    const board: Board = { stands, told: new Minima(view, new Map(before)), settling: false };
    this.#boards.set(conversation, board, { size: stands.size + 1 });
    return board;
  }

  async #stands(conversation: ConversationId): Promise<Map<UserId, Stand>> {
    const [marks = []] = await this.#parts.watermarks.ofConversations([conversation]);
    return new Map(marks.map(({ user, delivered, read }) => [user, { delivered, read }]));
  }

  #settleLater(conversation: ConversationId, board: Board): void {
    if (board.settling) return;
    board.settling = true;
    this.#parts.clock.after(boardMs, () => {
      board.settling = false;
      void this.#persist(conversation, () => this.#settle(conversation, board));
    });
  }

  async #settle(conversation: ConversationId, board: Board): Promise<void> {
    const [[view], stands] = await Promise.all([
      this.#parts.access.find([conversation]),
      this.#stands(conversation),
    ]);
    for (const [user, stand] of stands) raise(board.stands, user, stand);
    if (view) await this.#tellMinima(conversation, view, board);
  }

  async #tellMinima(conversation: ConversationId, view: ConversationView, board: Board): Promise<void> {
    const { told } = board;
    const minima = new Minima(view, board.stands);
    // Before anything is waited for: whoever comes meanwhile tells what moved since.
    board.told = minima;
    const authors = await this.#authors(conversation, view, told.lowest, minima.lowest).catch((error) => {
      board.told = told;
      throw error;
    });
    const byStand = new Map<string, { readonly stand: Stand; readonly users: UserId[] }>();
    for (const user of new Set([...authors, ...minima.laggards])) {
      const before = told.over(user, seq(0));
      const stand = minima.over(user, seq(0));
      if (stand.delivered <= before.delivered && stand.read <= before.read) continue;
      if (!this.#mayHaveWritten(conversation, user, before, stand)) continue;
      const key = `${stand.delivered}/${stand.read}`;
      const same = byStand.get(key);
      if (same) same.users.push(user);
      else byStand.set(key, { stand, users: [user] });
    }
    for (const { stand, users } of byStand.values()) {
      this.#parts.delivery.tell(users, [{ type: 'marks', conversationId: conversation, ...stand }]);
    }
  }

  /** What covers nothing of one's own is of no interest; where that can't be told without the store, it is told. */
  #mayHaveWritten(conversation: ConversationId, user: UserId, from: Stand, to: Stand): boolean {
    const { first, last } = coveredBetween(from, to);
    const entries = this.#parts.tails.range(conversation, first, last);
    return entries?.some(({ kind, sender }) => kind === 'message' && sender === user) ?? true;
  }

  /** Who wrote what is newly covered, of those who are members now. */
  async #authors(
    conversation: ConversationId,
    view: ConversationView,
    from: Stand,
    to: Stand,
  ): Promise<Iterable<UserId>> {
    const { first, last } = coveredBetween(from, to);
    if (first > last) return [];
    if (last - first >= maxCovered) return view.current;
    const { tails, reader } = this.#parts;
    const entries =
      tails.range(conversation, first, last) ??
      (await reader.written(conversation, first, last, 'newest', maxCovered));
    const authors = new Set<UserId>();
    for (const { kind, sender } of entries) {
      if (kind === 'message' && view.memberships.get(sender)?.removedSeq === null) authors.add(sender);
    }
    return authors;
  }
}

/** The positions that either mark passed. */
function coveredBetween(from: Stand, to: Stand): { readonly first: number; readonly last: number } {
  const delivered = to.delivered > from.delivered ? from.delivered : far;
  const read = to.read > from.read ? from.read : far;
  return { first: 1 + Math.min(delivered, read), last: Math.max(to.delivered, to.read) };
}

const far = Number.POSITIVE_INFINITY;

function raise(stands: Map<UserId, Stand>, user: UserId, { delivered, read }: Stand): void {
  const known = stands.get(user);
  stands.set(user, {
    delivered: seq(Math.max(delivered, known?.delivered ?? 0)),
    read: seq(Math.max(read, known?.read ?? 0)),
  });
}
