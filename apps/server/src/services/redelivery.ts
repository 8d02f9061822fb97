import type { Clock, Random } from '@tidings/api/clock';
import type { Entry } from '@tidings/api/entry';
import type { ServerEvent } from '@tidings/api/events';
import { type ConversationId, type Seq, seq, type UserId } from '@tidings/api/ids';
import type { Watermark, WatermarkStore } from '@tidings/db/watermark-store/port';
import { mayRead } from './access.ts';
import type { LogReader } from './log-reader.ts';
import type { Access, ConversationView, Logger } from './parts.ts';
import { logTrouble } from './trouble.ts';
import type { WebSocketManager } from './websocket-manager.ts';

/** Nobody waits for the second look longer than 10 s (INV7, SYNC8). */
const intervalMs = { least: 3_800, most: 4_800 } as const;
/** After this many tries (a minute) a connected user who acknowledges nothing is left to their devices' comparing of heads. */
const maxTries = 12;
/** What is pushed again at most; a device that lacks more reads it when it meets the gap. */
const maxEntries = 50;

export type RedeliveryParts = {
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  readonly access: Access;
  readonly reader: LogReader;
  readonly watermarks: WatermarkStore;
  readonly manager: WebSocketManager;
};

/** Entries first..last were accepted; those up to `due` long enough ago to be looked after. */
type Owed = { first: Seq; last: Seq; due: Seq | null; readonly tries: Map<UserId, number> };

/**
 * The net under the push (SYNC8). A recipient may have connected while an old lookup was believed, or a handler died with an
 * envelope. So this handler remembers what it accepted, and looks again some seconds later, past all caches: who is connected
 * and hasn't acknowledged gets it once more; who has, and is connected at several handlers, is told so once more; who is offline will
 * read it when they come.
 */
export class Redelivery {
  /** Since the start: times it looked, and entries that it pushed again. */
  looks = 0;
  pushedAgain = 0;
  readonly #parts: RedeliveryParts;
  readonly #owed = new Map<ConversationId, Owed>();
  #cancel: (() => void) | null = null;
  #stopped = false;

  constructor(parts: RedeliveryParts) {
    this.#parts = parts;
  }

  /** Conversations that it looks after. */
  get size(): number {
    return this.#owed.size;
  }

  /** Entries first..last were appended here. */
  accepted(conversation: ConversationId, first: Seq, last: Seq): void {
    const owed = this.#owed.get(conversation);
    if (!owed) this.#owed.set(conversation, { first, last, due: null, tries: new Map() });
    else if (last > owed.last) owed.last = last;
    this.#schedule();
  }

  /** Looks a last time, at everything: from now on nobody looks after what was accepted here. */
  async drain(): Promise<void> {
    this.#cancel?.();
    for (const owed of this.#owed.values()) owed.due = owed.last;
    await this.#look();
  }

  stop(): void {
    this.#stopped = true;
    this.#cancel?.();
  }

  #schedule(): void {
    if (this.#cancel || this.#stopped) return;
    const { clock, random } = this.#parts;
    const ms = intervalMs.least + random() * (intervalMs.most - intervalMs.least);
    this.#cancel = clock.after(ms, () => void this.#look());
  }

  async #look(): Promise<void> {
    const due = [...this.#owed].flatMap(([id, owed]) =>
      owed.due === null ? [] : [{ id, owed, upTo: owed.due }],
    );
    for (const owed of this.#owed.values()) owed.due = owed.last;
    this.looks += 1;
    try {
      if (due.length > 0) await this.#pushAgain(due);
    } catch (error) {
      logTrouble(this.#parts.logger, error, 'redelivery will look again');
    }
    this.#cancel = null;
    if (this.#owed.size > 0) this.#schedule();
  }

  async #pushAgain(due: readonly Due[]): Promise<void> {
    const { access, watermarks, manager } = this.#parts;
    const ids = due.map(({ id }) => id);
    const [views, marks] = await Promise.all([access.find(ids), watermarks.ofConversations(ids)]);
    const members = [...new Set(views.flatMap((view) => view?.current ?? []))];
    const handlers = await manager.handlersOf(members);
    const servedBy = new Map(members.map((user, index) => [user, handlers[index]?.length ?? 0]));
    await Promise.all(
      due.map(async (each, index) => {
        const view = views[index];
        const stands = new Map(marks[index]?.map((mark) => [mark.user, mark]));
        const lacks = (user: UserId) => (stands.get(user)?.delivered ?? 0) < each.upTo;
        const connected = view?.current.filter((user) => servedBy.get(user)) ?? [];
        for (const user of connected) {
          const stand = stands.get(user);
          if (stand && !lacks(user) && (servedBy.get(user) ?? 0) > 1) this.#tellOthers(stand);
        }
        await this.#pushOne(each, view ?? null, connected.filter(lacks));
      }),
    );
  }

  /**
   * Acknowledging is a user's: one device of theirs has it. What was lost on the way to another's handler was perhaps lost with the mark
   * that would have told of it. So the mark is told once more, and who lacks what it covers reads that.
   */
  #tellOthers({ conversation, user, delivered, read }: Watermark): void {
    const mark = { type: 'own-marks', conversationId: conversation, delivered, read } as const;
    this.#parts.manager.push({ users: [user], events: [mark], fresh: true });
  }

  /** What is left of it is owed on; when nobody waits any more, it is done. */
  async #pushOne(
    { id, owed, upTo }: Due,
    view: ConversationView | null,
    lacking: readonly UserId[],
  ): Promise<void> {
    const { reader, manager } = this.#parts;
    const first = Math.max(owed.first, upTo - maxEntries + 1);
    const entries = lacking.length > 0 ? await reader.written(id, first, upTo, 'newest', maxEntries) : [];
    // The sender too: a device that has what it sent says so by now, unless it is gone and another of theirs hasn't.
    const isOwed = (user: UserId, entry: Entry) => mayRead(view!.memberships.get(user)!, entry.seq);
    const waiting = lacking.filter(
      (user) => (owed.tries.get(user) ?? 0) < maxTries && entries.some((entry) => isOwed(user, entry)),
    );
    for (const user of waiting) owed.tries.set(user, (owed.tries.get(user) ?? 0) + 1);
    for (const entry of entries) {
      const users = waiting.filter((user) => isOwed(user, entry));
      if (users.length === 0) continue;
      this.pushedAgain += 1;
      manager.push({ users, events: [entryEvent(entry)], fresh: true });
    }
    if (waiting.length > 0) return;
    if (owed.last > upTo) owed.first = seq(upTo + 1);
    else this.#owed.delete(id);
  }
}

type Due = { readonly id: ConversationId; readonly owed: Owed; readonly upTo: Seq };

export const entryEvent = (entry: Entry): ServerEvent => ({ type: 'entry', entry });
