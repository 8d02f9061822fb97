import { type ConversationId, type Seq, seq } from '@tidings/api/ids';
import type { Sequencer } from './port.ts';

/** Remembers the conversations used last; what it forgot is seeded again from the store's head. */
export class MemorySequencer implements Sequencer {
  readonly #maxRemembered: number;
  /** The last position suggested; the conversation used longest ago stands first. */
  readonly #last = new Map<ConversationId, Seq>();

  constructor(maxRemembered = 100_000) {
    this.#maxRemembered = maxRemembered;
  }

  async next(conversation: ConversationId, count: number): Promise<Seq | null> {
    const last = this.#last.get(conversation);
    if (last === undefined) return null;
    this.#remember(conversation, seq(last + count));
    return seq(last + 1);
  }

  async seed(conversation: ConversationId, head: Seq): Promise<void> {
    this.#remember(conversation, seq(Math.max(this.#last.get(conversation) ?? 0, head)));
  }

  #remember(conversation: ConversationId, last: Seq): void {
    this.#last.delete(conversation);
    this.#last.set(conversation, last);
    if (this.#last.size <= this.#maxRemembered) return;
    const [oldest] = this.#last.keys();
    if (oldest !== undefined) this.#last.delete(oldest);
  }
}
