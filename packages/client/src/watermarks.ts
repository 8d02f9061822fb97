import type { Clock, Random } from '@tidings/api/clock';
import { type ConversationId, type Seq, seq } from '@tidings/api/ids';
import type { Mark } from '@tidings/api/receipt';
import type { Head } from '@tidings/api/sync';
import { backoffMs, isRefusal } from './backoff.ts';
import type { Held, Marks } from './draft.ts';
import type { Inbox } from './inbox.ts';
import { covers, earlier, later, next } from './ranges.ts';
import type { Api } from './transport.ts';

const marksInCall = 200;
/** Marks over nothing but one's own messages interest nobody at once. */
const lazyMs = 2_000;

export type WatermarksParts = {
  readonly inbox: Inbox;
  readonly clock: Clock;
  readonly random: Random;
  /** The server's unread count was for an older read mark: its head is worth asking for. */
  readonly wantHead: (conversation: ConversationId) => void;
};

/**
 * MARK1–MARK3: how far this user has everything and has seen it. The marks stand in the conversations' rows, where the inbox moves
 * them once the store has the entries; here the server is told, all that moved within a tick in one call, one call at a time.
 */
export class Watermarks {
  readonly #parts: WatermarksParts;
  /** What the server has, as far as this line knows. */
  readonly #told = new Map<ConversationId, Marks>();
  readonly #due = new Set<ConversationId>();
  readonly #seen = new Map<ConversationId, Seq>();
  #api: Api | null = null;
  #scheduled = false;
  #telling = false;
  #cancelLazy: (() => void) | null = null;
  #cancelRetry: () => void = () => {};
  #attempts = 0;

  constructor(parts: WatermarksParts) {
    this.#parts = parts;
  }

  open(api: Api): void {
    this.#api = api;
  }

  /** What wasn't told is told on the next line, when its heads show what the server lacks. */
  close(): void {
    this.#api = null;
    this.#told.clear();
    this.#due.clear();
    this.#attempts = 0;
    this.#cancelRetry();
    this.#cancelLazy?.();
    this.#cancelLazy = null;
  }

  /** Seen in a visible window (MARK3). Kept at once, so that it is told later when there is no line. */
  markRead(conversation: ConversationId, upTo: Seq): void {
    const first = this.#seen.size === 0;
    this.#seen.set(conversation, later(upTo, this.#seen.get(conversation) ?? seq(0)));
    if (first) this.#parts.clock.soon(() => this.#keepSeen());
  }

  heard(heads: readonly Head[]): void {
    for (const head of heads) this.toldBy(head.conversationId, head);
  }

  /** What the server said it has. */
  toldBy(conversation: ConversationId, marks: Marks): void {
    const known = this.#told.get(conversation);
    const delivered = later(marks.delivered, known?.delivered ?? seq(0));
    this.#told.set(conversation, { delivered, read: later(marks.read, known?.read ?? seq(0)) });
  }

  /** The store has it. `foreign`: somebody waits to hear that it arrived. */
  moved({ row }: Held, foreign: boolean): void {
    const told = this.#told.get(row.conversationId);
    if (!told || (row.delivered <= told.delivered && row.read <= told.read)) return;
    this.#due.add(row.conversationId);
    if (foreign || row.read > told.read) this.#tellSoon();
    else this.#tellLazily();
  }

  #keepSeen(): void {
    const seen = [...this.#seen];
    this.#seen.clear();
    for (const [conversationId, upTo] of seen) {
      const row = this.#parts.inbox.row(conversationId);
      if (!row || row.read >= upTo) continue;
      const read = earlier(upTo, row.head);
      void this.#parts.inbox.take({ type: 'own-marks', conversationId, delivered: seq(0), read });
    }
  }

  #tellSoon(): void {
    if (this.#scheduled || this.#telling || !this.#api) return;
    this.#scheduled = true;
    this.#parts.clock.soon(() => {
      this.#scheduled = false;
      void this.#tell();
    });
  }

  #tellLazily(): void {
    this.#cancelLazy ??= this.#parts.clock.after(lazyMs, () => {
      this.#cancelLazy = null;
      this.#tellSoon();
    });
  }

  async #tell(): Promise<void> {
    const api = this.#api;
    if (!api || this.#telling) return;
    const marks = this.#nextMarks();
    if (marks.length === 0) return;
    this.#telling = true;
    try {
      await api.receipt.mark.mutate({ marks: [...marks] });
      this.#attempts = 0;
      if (api === this.#api) for (const mark of marks) this.#answered(mark);
    } catch (error) {
      if (api === this.#api) this.#failed(marks, error);
    } finally {
      this.#telling = false;
    }
    if (this.#due.size > 0 && this.#attempts === 0) this.#tellSoon();
  }

  #nextMarks(): readonly Mark[] {
    const marks: Mark[] = [];
    for (const id of this.#due) {
      this.#due.delete(id);
      const row = this.#parts.inbox.row(id);
      const told = this.#told.get(id);
      if (!row || (told && row.delivered <= told.delivered && row.read <= told.read)) continue;
      marks.push({ conversationId: id, delivered: row.delivered, read: row.read });
      if (marks.length === marksInCall) break;
    }
    return marks;
  }

  #answered(mark: Mark): void {
    const known = this.#told.get(mark.conversationId);
    this.toldBy(mark.conversationId, mark);
    const held = this.#parts.inbox.get(mark.conversationId);
    if (!held) return;
    const { row } = held;
    const isExact = covers(row.ranges, next(row.read), row.head);
    if (mark.read > (known?.read ?? 0) && row.unread > 0 && !isExact)
      this.#parts.wantHead(row.conversationId);
  }

  #failed(marks: readonly Mark[], error: unknown): void {
    // What is refused for good is left as it is until the heads are compared again.
    if (isRefusal(error)) return;
    for (const mark of marks) this.#due.add(mark.conversationId);
    this.#attempts += 1;
    const ms = backoffMs(this.#attempts, this.#parts.random, error);
    this.#cancelRetry = this.#parts.clock.after(ms, () => void this.#tell());
  }
}
