import type { Clock, Random } from '@tidings/api/clock';
import type { ConversationId, Seq } from '@tidings/api/ids';
import type { Head, HeadsPage } from '@tidings/api/sync';
import { persist } from './backoff.ts';
import type { Api } from './transport.ts';

/** The first page is small: reading can begin with it. */
const firstPage = 30;
const page = 200;
/** The directory follows a group's log by less. */
const againMs = 1_500;

export type HeadsParts = {
  readonly api: Api;
  readonly clock: Clock;
  readonly random: Random;
  readonly stopped: () => boolean;
  readonly take: (heads: readonly Head[]) => Promise<void>;
};

/** Asks the server where the user's conversations stand. */
export class Heads {
  readonly #parts: HeadsParts;
  readonly #wanted = new Set<ConversationId>();
  #asking = false;

  constructor(parts: HeadsParts) {
    this.#parts = parts;
  }

  /** All of them, the newest first; `seen` hears of each page before it is taken. Null when the line went meanwhile. */
  async readAll(seen: (heads: readonly Head[]) => void): Promise<{ readonly accountHead: Seq } | null> {
    let accountHead: Seq | null = null;
    let cursor: string | undefined;
    do {
      const input = {
        limit: cursor === undefined ? firstPage : page,
        ...(cursor === undefined ? {} : { cursor }),
      };
      const answer = await persist(() => this.#parts.api.sync.heads.query(input), this.#parts);
      if (!answer || this.#parts.stopped()) return null;
      accountHead ??= answer.accountHead;
      seen(answer.heads as Head[]);
      await this.#parts.take(answer.heads as Head[]);
      cursor = answer.next;
    } while (cursor !== undefined);
    return accountHead === null ? null : { accountHead };
  }

  /** Of these only; rejects when it can't be had now. */
  async readOnly(only: readonly ConversationId[]): Promise<HeadsPage> {
    const answer = (await this.#parts.api.sync.heads.query({ limit: page, only: [...only] })) as HeadsPage;
    if (!this.#parts.stopped()) await this.#parts.take(answer.heads);
    return answer;
  }

  /** Soon, together with whatever else is wanted; tried until it succeeds. */
  want(conversation: ConversationId, times: 'once' | 'twice' = 'once'): void {
    if (times === 'twice') this.#parts.clock.after(againMs, () => this.want(conversation));
    this.#wanted.add(conversation);
    if (this.#asking || this.#parts.stopped()) return;
    this.#asking = true;
    this.#parts.clock.soon(() => void this.#ask());
  }

  async #ask(): Promise<void> {
    while (this.#wanted.size > 0 && !this.#parts.stopped()) {
      const only = [...this.#wanted].slice(0, page);
      for (const id of only) this.#wanted.delete(id);
      await persist(() => this.readOnly(only), this.#parts);
    }
    this.#asking = false;
  }
}
