import type { Entry } from '@tidings/api/entry';
import type { ConversationId, Seq } from '@tidings/api/ids';
import type { MembershipRecord } from '@tidings/db/directory/port';
import { type LogReader, wireBytes } from './log-reader.ts';
import type { TailCache } from './tail-cache.ts';

/** How far below the head a line is looked for. */
const depth = 8;
/** What the lines of one answer may hold together: a list shows the beginning of each. */
const maxBytes = 1_000_000;

type Row = { readonly id: ConversationId; readonly head: Seq; readonly membership: MembershipRecord };

/** The newest entry of a conversation that shows as a line of its own, for lists of conversations. */
export class LastLines {
  readonly #parts: { readonly reader: LogReader; readonly tails: TailCache };

  constructor(parts: { readonly reader: LogReader; readonly tails: TailCache }) {
    this.#parts = parts;
  }

  /** In the order asked; `null` where there is none near the head. */
  async of(rows: readonly Row[]): Promise<readonly (Entry | null)[]> {
    const lines = await Promise.all(rows.map((row) => this.#lineOf(row)));
    let left = maxBytes;
    return lines.map((line) => {
      if (line) left -= wireBytes(line);
      return left > 0 ? line : null;
    });
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

const isLine = ({ kind }: Entry): boolean => kind === 'message' || kind === 'change';
