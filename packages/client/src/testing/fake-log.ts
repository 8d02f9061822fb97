import { countsFor, type Entry, sendKey } from '@tidings/api/entry';
import { type ConversationId, type Seq, seq, type UserId } from '@tidings/api/ids';
import type { RangePage, ReadRange } from '@tidings/api/message';

export type Span = { joinedSeq: Seq; removedSeq: Seq | null };

/** One conversation as a server has it: entries, holes that are still young, members and their marks. */
export class FakeLog {
  readonly id: ConversationId;
  readonly entries = new Map<number, Entry>();
  readonly spans = new Map<UserId, Span>();
  readonly marks = new Map<UserId, { delivered: number; read: number }>();
  head = 0;

  constructor(id: ConversationId, members: readonly UserId[]) {
    this.id = id;
    for (const user of members) this.spans.set(user, { joinedSeq: seq(1), removedSeq: null });
  }

  append(entry: Omit<Entry, 'seq' | 'conversationId'>, at = this.head + 1): Entry {
    const stored: Entry = { ...entry, conversationId: this.id, seq: seq(at) };
    this.entries.set(at, stored);
    this.head = Math.max(this.head, at);
    const target =
      entry.kind === 'delete' && entry.target !== undefined ? this.entries.get(entry.target) : undefined;
    if (target) this.entries.set(target.seq, { ...target, content: '', deleted: true });
    return stored;
  }

  findSend(entry: Pick<Entry, 'sender' | 'device' | 'clientId'>): Entry | undefined {
    return this.list().find((stored) => sendKey(stored) === sendKey(entry));
  }

  list(): Entry[] {
    return [...this.entries.values()].sort((a, b) => a.seq - b.seq);
  }

  endFor(user: UserId): number {
    const span = this.spans.get(user);
    return span ? Math.min(this.head, span.removedSeq ?? this.head) : 0;
  }

  marksOf(user: UserId) {
    return this.marks.get(user) ?? { delivered: 0, read: 0 };
  }

  unreadFor(user: UserId): number {
    const { read } = this.marksOf(user);
    return Math.min(
      1_000,
      this.list().filter(
        (entry) => entry.seq > read && entry.seq <= this.endFor(user) && countsFor(entry, user),
      ).length,
    );
  }

  /** As `MessageApi.read` promises; a position that isn't written is a young hole. */
  read(user: UserId, range: ReadRange, limit: number): RangePage {
    const head = seq(this.endFor(user));
    const nothing = {
      conversationId: this.id,
      first: seq(range.first),
      last: seq(Math.max(0, range.first - 1)),
      head,
      entries: [],
      effects: [],
    };
    const span = this.spans.get(user);
    if (!span) return { ...nothing, error: 'not-a-member' };
    let first = Math.max(range.first, span.joinedSeq, 1);
    let last = Math.min(range.last, head);
    if (range.from === 'newest') first = Math.max(first, last - limit + 1);
    else last = Math.min(last, first + limit - 1);
    let hole = false;
    for (let at = first; at <= last; at += 1) {
      if (this.entries.has(at)) continue;
      hole = true;
      last = at - 1;
    }
    const retry = hole ? { holeRetryMs: 500 } : {};
    if (last < first) return { ...nothing, ...retry };
    const entries = [];
    for (let at = first; at <= last; at += 1) entries.push(this.entries.get(at) as Entry);
    const effects = this.list().filter(
      (entry) =>
        entry.seq > last && entry.seq <= head && (entry.target ?? 0) >= first && (entry.target ?? 0) <= last,
    );
    return { conversationId: this.id, first: seq(first), last: seq(last), head, entries, effects, ...retry };
  }
}
