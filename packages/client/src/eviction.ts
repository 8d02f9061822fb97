import { type ConversationId, type Seq, seq } from '@tidings/api/ids';
import type { Held } from './draft.ts';
import type { Inbox } from './inbox.ts';
import type { SeqRange } from './local-store.ts';
import { unreadReach } from './pull-plan.ts';
import { countOf } from './ranges.ts';

/** Of each chat so much stays, however long nobody looked at it: no less than what a new line would read again. */
const keptOfEach = unreadReach;
/** Room is made for so much at once, so that it isn't made all the time. */
const slack = 0.1;

/** How many positions of the logs a device keeps. The log has them all; outbox and drafts aren't counted and never go. */
export class Eviction {
  readonly #inbox: Inbox;
  readonly #budget: number;
  readonly #openChat: () => ConversationId | null;
  readonly #sizes = new Map<ConversationId, number>();
  #total = 0;
  /** Room was looked for in vain at this size. */
  #noneBelow = 0;
  #making = false;

  constructor(parts: { inbox: Inbox; budget: number; openChat: () => ConversationId | null }) {
    this.#inbox = parts.inbox;
    this.#budget = parts.budget;
    this.#openChat = parts.openChat;
  }

  changed({ row }: Held): void {
    const size = countOf(row.ranges);
    this.#total += size - (this.#sizes.get(row.conversationId) ?? 0);
    this.#sizes.set(row.conversationId, size);
    const most = Math.max(this.#budget, this.#noneBelow);
    if (this.#total > most && !this.#making) void this.#makeRoom();
  }

  async #makeRoom(): Promise<void> {
    this.#making = true;
    let tooMany = this.#total - Math.floor(this.#budget * (1 - slack));
    const byAge = [...this.#inbox.all()].sort((a, b) => a.row.activityAt - b.row.activityAt);
    const evictions: Promise<void>[] = [];
    for (const { row } of byAge) {
      if (tooMany <= 0) break;
      if (row.conversationId === this.#openChat()) continue;
      const cut = lowestPart(row.ranges, tooMany);
      if (!cut) continue;
      tooMany -= cut.count;
      evictions.push(this.#inbox.take({ type: 'evict', conversationId: row.conversationId, ...cut.range }));
    }
    this.#noneBelow = tooMany > 0 ? this.#total + Math.ceil(this.#budget * slack) : 0;
    await Promise.all(evictions);
    this.#making = false;
  }
}

/** The oldest held positions, at most `wanted` of them, leaving the newest. */
function lowestPart(
  ranges: Held['row']['ranges'],
  wanted: number,
): { range: SeqRange; count: number } | null {
  let left = Math.min(wanted, countOf(ranges) - keptOfEach);
  const count = left;
  let last: Seq | null = null;
  for (const range of ranges) {
    if (left <= 0) break;
    const taken = Math.min(left, range.last - range.first + 1);
    last = seq(range.first + taken - 1);
    left -= taken;
  }
  return last === null ? null : { range: { first: seq(0), last }, count };
}
