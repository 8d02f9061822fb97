import type { Entry } from '@tidings/api/entry';
import { type ConversationId, type Seq, seq } from '@tidings/api/ids';
import type { MembershipRecord } from '@tidings/db/directory/port';
import { type LogReader, wireBytes } from './log-reader.ts';
import type { TailCache } from './tail-cache.ts';

/** How far below the head a line is looked for. */
const depth = 8;
/** What the lines of one answer may hold together: a list shows the beginning of each. */
const maxBytes = 1_000_000;
/** Who comes back has missed a few messages, counts them and reads them next: so up to this many are read at once with the line. */
const missedAtOnce = 24;
/** Entries that one answer may read so: each can have 96 KiB. */
const maxMissed = 512;

/** `read`: up to where the user read. */
type Row = {
  readonly id: ConversationId;
  readonly head: Seq;
  readonly read: Seq;
  readonly membership: MembershipRecord;
};

/**
 * The newest entry of a conversation that shows as a line of its own, for lists of conversations. What the user missed comes into the
 * cache with it, where there is little: after a restart thousands ask for the line, the number of unread and the messages, one after the other.
 */
export class LastLines {
  readonly #parts: { readonly reader: LogReader; readonly tails: TailCache };

  constructor(parts: { readonly reader: LogReader; readonly tails: TailCache }) {
    this.#parts = parts;
  }

  /** In the order asked; `null` where there is none near the head. */
  async of(rows: readonly Row[]): Promise<readonly (Entry | null)[]> {
    let mayRead = maxMissed;
    const warmed = rows.map((row) => {
      const missed = missedIn(row);
      if (missed > mayRead) return null;
      mayRead -= missed;
      return this.#warm(row, missed);
    });
    await Promise.all(warmed);
    const lines = await Promise.all(rows.map((row) => this.#lineOf(row)));
    let left = maxBytes;
    return lines.map((line) => {
      if (line) left -= wireBytes(line);
      return left > 0 ? line : null;
    });
  }

  async #warm({ id, head }: Row, missed: number): Promise<void> {
    const { reader, tails } = this.#parts;
    const first = seq(head - missed + 1);
    if (missed < 2 || tails.range(id, first, head)) return;
    tails.put(await reader.written(id, first, head, 'newest', missed));
  }

  /** Mostly the head is a line, so that is looked at alone first. */
  async #lineOf({ id, head, membership }: Row): Promise<Entry | null> {
    if (head < membership.joinedSeq || head === 0) return null;
    const newest = await this.#parts.reader.entry(id, head);
    if (newest && isLine(newest)) return newest;
    const first = Math.max(membership.joinedSeq, head - depth, 1);
    const { reader, tails } = this.#parts;
    const recent =
      tails.range(id, first, head) ?? (await reader.written(id, first, head, 'newest', depth + 1));
    const erased = new Set(recent.map(({ kind, target }) => (kind === 'delete' ? target : undefined)));
    const line = recent.findLast(isLine);
    return line && erased.has(line.seq) ? { ...line, content: '', deleted: true } : (line ?? null);
  }
}

/** How many positions the user has yet to read, where they are few; 0 otherwise. */
function missedIn({ head, read, membership }: Row): number {
  const missed = head - Math.max(read, membership.joinedSeq - 1, 0);
  return missed > 0 && missed <= missedAtOnce ? missed : 0;
}

const isLine = ({ kind }: Entry): boolean => kind === 'message' || kind === 'change';
